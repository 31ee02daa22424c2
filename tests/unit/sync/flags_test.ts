/** Flag sets and their merge. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applyDelta,
  filterFlags,
  flagDelta,
  flagList,
  flagsOf,
  hasFlag,
  mergeFlags,
  NO_FLAGS,
  unionFlags,
  withoutFlags,
} from "../../../src/sync/flags.ts";

const flags = fc.subarray([
  "\\Seen",
  "\\Flagged",
  "\\Deleted",
  "Work",
  "$MDNSent",
])
  .map(flagsOf);

for (
  const [input, canonical] of [
    [[], ""],
    [["\\SEEN", "\\seen"], "\\Seen"],
    [["\\Recent", "\\Draft"], "\\Draft"],
    [["b", "a", "", "\\Flagged"], "\\Flagged a b"],
    [["Work", "work"], "Work work"],
    [["\\Odd"], "\\Odd"],
  ] as const
) {
  Deno.test(`flagsOf() makes "${canonical}" of ${JSON.stringify(input)}`, () => {
    assert.equal(flagsOf(input), canonical);
  });
}

Deno.test("flagsOf() and flagList() are inverse on canonical sets", () => {
  fc.assert(fc.property(flags, (set) => {
    assert.equal(flagsOf(flagList(set)), set);
  }));
});

Deno.test("hasFlag() finds whole flags only", () => {
  assert.ok(hasFlag(flagsOf(["Work", "\\Seen"]), "Work"));
  assert.ok(!hasFlag(flagsOf(["Workshop"]), "Work"));
  assert.ok(!hasFlag(NO_FLAGS, "Work"));
});

Deno.test("flagDelta() and applyDelta() lead from one set to the other", () => {
  fc.assert(fc.property(flags, flags, (from, to) => {
    const delta = flagDelta(from, to);
    assert.equal(delta === undefined, from === to);
    assert.equal(delta === undefined ? from : applyDelta(from, delta), to);
  }));
});

Deno.test("mergeFlags() lets every flag follow the side that changed it", () => {
  fc.assert(fc.property(flags, flags, flags, (base, local, remote) => {
    const merged = mergeFlags(base, local, remote);
    for (const flag of flagList(unionFlags(base, unionFlags(local, remote)))) {
      const was = hasFlag(base, flag);
      const changed = hasFlag(local, flag) !== was ||
        hasFlag(remote, flag) !== was;
      assert.equal(hasFlag(merged, flag), changed ? !was : was, flag);
    }
  }));
});

Deno.test("mergeFlags() does not care which side is which", () => {
  fc.assert(fc.property(flags, flags, flags, (base, a, b) => {
    assert.equal(mergeFlags(base, a, b), mergeFlags(base, b, a));
  }));
});

Deno.test("filterFlags() and withoutFlags() only take away", () => {
  fc.assert(fc.property(flags, flags, (a, b) => {
    const rest = withoutFlags(a, b);
    assert.equal(rest, filterFlags(a, (flag) => !hasFlag(b, flag)));
    assert.equal(unionFlags(rest, a), a);
  }));
});
