import assert from "node:assert/strict";
import { Dict } from "../../../src/python/collections.ts";
import { PythonError } from "../../../src/python/python_error.ts";
import { repr } from "../../../src/python/repr.ts";
import type { Value } from "../../../src/python/values.ts";
import { engineOf } from "./support.ts";
import { UNSORTED, type VectorCase, VECTORS } from "./vectors.ts";

/** A value of the table as one of Python. */
function fromTable(value: unknown): Value {
  return typeof value === "string"
    ? value
    : new Dict(Object.entries(Object(value)));
}

async function check(text: string, test: VectorCase): Promise<void> {
  const engine = engineOf(text);
  if ("value" in test) {
    assert.equal(repr(await engine.value()), test.value);
    return;
  }
  const callee = await engine.function();
  if ("sorted" in test) {
    const order = await callee.compareSort(UNSORTED);
    const names = order.map((index) => UNSORTED[index] ?? "");
    assert.equal(repr(names), test.sorted);
    return;
  }
  const args = test.args.map(fromTable);
  if (test.gives === "truthy") {
    assert.equal(await callee.test(args), true);
  } else if (test.gives.startsWith("raises ")) {
    await assert.rejects(
      callee.call(args),
      (error) =>
        error instanceof PythonError &&
        error.exception === test.gives.slice("raises ".length),
    );
  } else assert.equal(repr(await callee.call(args)), test.gives);
}

Deno.test.each([...VECTORS])(
  "LocalEngine gives what CPython gives for vector $number",
  async ({ text, cases }) => {
    for (const test of cases) await check(text, test);
  },
);
