/** The list of arrivals against an array. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ArrivalList } from "../../../src/sync/arrival_list.ts";
import type { Arrival, Flags } from "../../../src/sync/types.ts";

const arrivals: fc.Arbitrary<Arrival> = fc.record({
  ref: fc.oneof(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.string()),
  flags: fc.constantFrom("" as Flags, "\\Seen" as Flags),
  sizeBytes: fc.nat(),
  internalDate: fc.integer(),
  hint: fc.record({
    uid: fc.nat(),
    here: fc.boolean(),
    origin: fc.string(),
  }),
}, { requiredKeys: ["ref", "flags"], noNullPrototype: true });

Deno.test("ArrivalList holds what was added, as an array does", () => {
  fc.assert(fc.property(fc.array(arrivals), (all) => {
    const list = new ArrivalList();
    for (const arrival of all) list.add(arrival);
    const odd = ({ flags }: Arrival) => flags === "";
    assert.deepEqual([...list], all);
    assert.equal(list.length, all.length);
    assert.deepEqual(list.map(({ ref }) => ref), all.map(({ ref }) => ref));
    assert.deepEqual(list.filter(odd), all.filter(odd));
    assert.equal(list.some(odd), all.some(odd));
  }));
});
