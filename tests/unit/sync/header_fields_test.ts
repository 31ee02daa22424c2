import assert from "node:assert/strict";
import fc from "fast-check";
import { editHeader } from "../../../src/sync/header_fields.ts";

function edit(text: string, add?: string, drop: string[] = ["x-keywords"]) {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(editHeader(bytes, {
    drop: new Set(drop),
    ...(add === undefined ? {} : { add }),
  }));
}

Deno.test.each([
  { from: "A: 1\n\nBody", to: "A: 1\nX-Keywords: a\n\nBody" },
  { from: "A: 1\r\n\r\nBody", to: "A: 1\r\nX-Keywords: a\r\n\r\nBody" },
  { from: "X-Keywords: old\nA: 1\n\n", to: "A: 1\nX-Keywords: a\n\n" },
  {
    from: "A: 1\nx-KEYWORDS : o,\n p\n\tq\nB: 2\n\nX-Keywords: x\n",
    to: "A: 1\nB: 2\nX-Keywords: a\n\nX-Keywords: x\n",
  },
  {
    from: "X-Keywords-Other: 1\n\n",
    to: "X-Keywords-Other: 1\nX-Keywords: a\n\n",
  },
  { from: "\nBody", to: "X-Keywords: a\n\nBody" },
  { from: "A: no end", to: "X-Keywords: a\nA: no end" },
  { from: "", to: "X-Keywords: a\n" },
  { from: "From x\nA: 1\n\n", to: "From x\nA: 1\nX-Keywords: a\n\n" },
])("editHeader() makes $to of $from", ({ from, to }) => {
  assert.equal(edit(from, "X-Keywords: a"), to);
});

Deno.test("editHeader() takes fields out and leaves the rest", () => {
  const text = "A: 1\nX-Private: 2\n folded\nB: 3\nX-Keywords: x\n\nBody\n";
  assert.equal(
    edit(text, undefined, ["x-private", "x-keywords"]),
    "A: 1\nB: 3\n\nBody\n",
  );
});

Deno.test("editHeader() without the field it added is what it was", () => {
  const line = fc.constantFrom("A: 1", "B: 2\n c", "From x", ": y", "é: z");
  const message = fc.tuple(
    fc.array(line, { minLength: 1 }),
    fc.string(),
    fc.constantFrom("\n", "\r\n"),
  ).map(([lines, body, end]) =>
    [...lines, "", body].join("\n").replaceAll("\n", end)
  );
  fc.assert(fc.property(message, (text) => {
    assert.equal(edit(edit(text, "X-Keywords: a,b")), text);
  }));
});
