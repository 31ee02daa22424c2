import * as fc from "fast-check";
import assert from "node:assert/strict";
import { PythonError } from "../../../src/python/python_error.ts";
import { askOurselves } from "./differential.ts";
import { expressions } from "./expressions.ts";
import { engineOf } from "./support.ts";

const LIMITS = { steps: 20_000, timeoutMs: 1000 };

/** Evaluates `text`, and calls it when it is a function. */
async function tryOut(text: string): Promise<void> {
  try {
    const engine = engineOf(text, { limits: LIMITS });
    await engine.value();
    const callee = await engine.function();
    await callee.call(["INBOX"]);
  } catch (error) {
    assert.ok(error instanceof PythonError, `${text}: ${error}`);
  }
}

/** Words and signs of the language. */
const tokens = fc.constantFrom(
  "lambda",
  "n",
  ":",
  "if",
  "else",
  "for",
  "in",
  "not",
  "and",
  "or",
  "is",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ".",
  "=",
  ":=",
  "==",
  "<",
  ">",
  "+",
  "-",
  "*",
  "**",
  "%",
  "/",
  "//",
  "|",
  "&",
  "^",
  "~",
  "'a'",
  '"',
  "'",
  "f'{n",
  "}'",
  "b''",
  "r'\\d'",
  "1",
  "1.5",
  "re",
  "sub",
  "lower",
  "None",
  "True",
  "\n",
  "\\\n",
  "#",
  "x",
  "yield",
  "await",
  "import",
  "print",
  "__class__",
  "constructor",
  "'%s'",
  "...",
  "@",
  "<>",
  "`",
  "\u{1f600}",
  "\0",
  "\t",
  "0x",
  "1_",
  "ä",
);

Deno.test("LocalEngine fails on random text with nothing but PythonError", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), tryOut),
    { numRuns: 500 },
  );
});

Deno.test("LocalEngine fails on random tokens with nothing but PythonError", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(tokens, { maxLength: 16 }).map((words) => words.join(" ")),
      tryOut,
    ),
    { numRuns: 1500 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(tokens, { maxLength: 12 }).map((words) => words.join("")),
      tryOut,
    ),
    { numRuns: 1500 },
  );
});

Deno.test("LocalEngine survives expressions with a stretch cut out", async () => {
  await fc.assert(
    fc.asyncProperty(
      expressions,
      fc.nat(200),
      fc.nat(8),
      (text, from, length) =>
        tryOut(`lambda n: ${text.slice(0, from)}${text.slice(from + length)}`),
    ),
    { numRuns: 500 },
  );
});

Deno.test("re.compile() fails on random patterns with nothing but PythonError", () => {
  const units = fc.constantFrom(
    "a",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "?",
    "*",
    "+",
    "|",
    "\\",
    "P",
    "<",
    ">",
    "=",
    "!",
    ":",
    "#",
    "-",
    "^",
    "$",
    ".",
    ",",
    "1",
    "i",
    "x",
    "d",
    "g",
    " ",
  );
  fc.assert(
    fc.property(fc.string({ unit: units, maxLength: 14 }), (pattern) => {
      const text = JSON.stringify(pattern);
      askOurselves(`re.sub(${text}, ${text}, n)`, "aa(1ix");
    }),
    { numRuns: 2000 },
  );
});
