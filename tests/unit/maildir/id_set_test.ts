import assert from "node:assert/strict";
import fc from "fast-check";
import { IdSet } from "../../../src/maildir/id_set.ts";

Deno.test("IdSet behaves like a Set of numbers", () => {
  const ids = fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 32_700, max: 32_800 }),
    fc.maxSafeNat(),
  );
  fc.assert(fc.property(fc.array(ids), ids, (added, other) => {
    const set = new IdSet();
    const model = new Set<number>();
    for (const id of added) {
      assert.equal(set.add(id), !model.has(id));
      model.add(id);
    }
    assert.equal(set.size, model.size);
    for (const id of added) assert.ok(set.has(id));
    assert.equal(set.has(other), model.has(other));
  }));
});
