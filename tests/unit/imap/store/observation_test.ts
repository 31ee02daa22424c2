/** What becomes of rows in any order. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Observation } from "../../../../src/imap/store/observation.ts";
import { FetchRowDraft } from "../../../../src/imap/wire/fetch_row.ts";
import type { Flags, Uid } from "../../../../src/imap/wire/types.ts";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { NOTHING_KNOWN } from "../../../../src/sync/status.ts";

const rows = fc.array(fc.record({
  uid: fc.integer({ min: 1, max: 12 }),
  flags: fc.constantFrom("", "\\Seen", "\\Flagged"),
}));

Deno.test("Observation.changes() has each arrival once, as told last", () => {
  fc.assert(
    fc.property(rows, fc.uniqueArray(fc.nat(12)), rows, (first, gone, then) => {
      const observation = new Observation(NOTHING_KNOWN);
      const expected = new Map<number, string>();
      const add = (row: { uid: number; flags: string }) => {
        const draft = new FetchRowDraft(1);
        draft.uid = row.uid as Uid;
        draft.flags = row.flags as Flags;
        observation.add(draft);
        expected.set(row.uid, row.flags);
      };
      first.forEach(add);
      const uids = gone.filter((uid) => uid > 0);
      observation.forget(UidSet.from(uids));
      for (const uid of uids) expected.delete(uid);
      then.forEach(add);
      const { arrived } = observation.changes(() => false, 0, undefined);
      assert.deepEqual(
        new Map(arrived.map(({ ref, flags }) => [ref, flags])),
        expected,
      );
      assert.equal(arrived.length, expected.size);
      assert.deepEqual(
        [...observation.arrivals()],
        [...expected.keys()].sort((a, b) => a - b),
      );
    }),
  );
});
