import assert from "node:assert/strict";
import { PythonError } from "../../../src/python/python_error.ts";
import { CATALOGUE } from "./catalogue.ts";
import { evaluated } from "./support.ts";

/** What we give, written as in the catalogue. */
async function answer(text: string): Promise<string> {
  try {
    return await evaluated(text);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    if (error.code === "python.syntax") return "raises SyntaxError";
    return `raises ${error.exception ?? error.problem}`;
  }
}

for (const [kind, entries] of Object.entries(CATALOGUE)) {
  Deno.test(`LocalEngine evaluates ${kind} as CPython does`, async () => {
    const answers: [string, string][] = [];
    for (const [text] of entries) answers.push([text, await answer(text)]);
    assert.deepEqual(answers, entries);
  });
}
