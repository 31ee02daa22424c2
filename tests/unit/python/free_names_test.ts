import assert from "node:assert/strict";
import { freeNames } from "../../../src/python/free_names.ts";
import { parseExpression } from "../../../src/python/parse.ts";

Deno.test.each([
  { text: "1 + 'a'", names: "" },
  { text: "lambda n: n", names: "" },
  { text: "lambda n: f(n)", names: "f" },
  { text: "lambda n, m=table: m.get(n)", names: "table" },
  { text: "lambda *a, b=1, **k: (a, b, k, c)", names: "c" },
  { text: "[x for x in y if x != z]", names: "y z" },
  { text: "[x for x in x]", names: "x" },
  { text: "[a + b for a, (b, c) in d for e in c]", names: "d" },
  { text: "{k: v for k, v in w.items()}", names: "w" },
  { text: "f'{a:{b}}' + c[d:e]", names: "a b c d e" },
  { text: "g(h=1, **i)(*j)", names: "g i j" },
  { text: "(y := x) + y", names: "x" },
  { text: "a if b else not c is d", names: "a b c d" },
  { text: "{**a, b: [*c]}", names: "a b c" },
])("freeNames() of $text are: $names", ({ text, names }) => {
  const found = [...freeNames(parseExpression(text))].sort().join(" ");
  assert.equal(found, names);
});
