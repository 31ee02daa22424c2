import * as fc from "fast-check";
import assert from "node:assert/strict";
import { Dict, PySet } from "../../../../src/python/collections.ts";
import {
  Foreign,
  pack,
  unpack,
} from "../../../../src/python/helper/marshal.ts";
import { Callable, Tuple, type Value } from "../../../../src/python/values.ts";

const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false, Infinity, -Infinity, NaN, -0),
    fc.bigInt(),
    fc.double(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Tuple(items)),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 })
      .map((entries) => new Dict(entries)),
    fc.array(fc.bigInt(), { maxLength: 3 }).map((items) => new PySet(items)),
  ),
}));

Deno.test("unpack() is the inverse of pack(), through JSON", () => {
  fc.assert(
    fc.property(values, (value) => {
      const json: unknown = JSON.parse(JSON.stringify(pack(value)));
      assert.deepEqual(unpack(json), value);
    }),
  );
});

Deno.test("unpack() keeps the type of what has no counterpart", () => {
  const value = unpack({ t: "other", v: "Popen" });
  assert.ok(value instanceof Foreign);
  assert.equal(value.typeName, "Popen");
});

Deno.test.each([[undefined], [1], [{}], [{ t: "int" }], [{ t: 1, v: "x" }]])(
  "unpack() refuses %j",
  (packed) => {
    assert.throws(() => unpack(packed), TypeError);
  },
);

Deno.test("pack() refuses functions", () => {
  assert.throws(() => pack(new Callable("f", () => null)), /cannot be given/);
});
