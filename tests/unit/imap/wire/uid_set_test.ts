import assert from "node:assert/strict";
import fc from "fast-check";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { UidSetBuilder } from "../../../../src/imap/wire/uid_set_builder.ts";

const members = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));

/** The set as a sorted list: the model that the laws compare with. */
function sorted(uids: Iterable<number>): number[] {
  return [...new Set(uids)].sort((a, b) => a - b);
}

for (
  const [written, expected] of [
    ["2,4:7,9,12:*", "2,4:7,9,12:*"],
    ["*", "*"],
    ["1:*", "1:*"],
    ["*:4", "4:*"],
    ["7:5", "5:7"],
    ["3,1,2", "1:3"],
    ["1:5,3:9", "1:9"],
    ["1:3,4:5", "1:5"],
    ["4294967295", "*"],
    ["4294967294", "4294967294"],
  ] as const
) {
  Deno.test(`UidSet.parse() reads ${written} as ${expected}`, () => {
    assert.equal(UidSet.parse(written).toString(), expected);
  });
}

for (
  const text of ["", "0", "01", "1,", ",1", "1:", ":1", "1-3", "1 2", "-1", "a"]
) {
  Deno.test(`UidSet.parse() refuses "${text}"`, () => {
    assert.throws(() => UidSet.parse(text), RangeError);
  });
}

Deno.test("UidSet.parse() refuses what is above 2^32-1", () => {
  assert.throws(() => UidSet.parse("4294967296"), RangeError);
  assert.throws(() => UidSet.parse("1:99999999999"), RangeError);
});

Deno.test("UidSet.from() refuses what is no UID", () => {
  for (const bad of [0, -1, 1.5, NaN, 2 ** 32]) {
    assert.throws(() => UidSet.from([bad]), RangeError);
  }
});

Deno.test("UidSet knows its size, ends and members", () => {
  const set = UidSet.of(5, 1, 2, 3, 9);
  assert.equal(set.size, 5);
  assert.equal(set.first, 1);
  assert.equal(set.last, 9);
  assert.deepEqual([...set], [1, 2, 3, 5, 9]);
  assert.deepEqual([...set.ranges()], [[1, 3], [5, 5], [9, 9]]);
});

Deno.test("UidSet.EMPTY has nothing and cannot be written", () => {
  assert.equal(UidSet.EMPTY.isEmpty, true);
  assert.equal(UidSet.EMPTY.first, undefined);
  assert.equal(UidSet.EMPTY.last, undefined);
  assert.equal(UidSet.EMPTY.toString(), "");
  assert.deepEqual(UidSet.EMPTY.split(), []);
});

Deno.test("UidSet.bounded() leaves the open range out", () => {
  assert.equal(UidSet.parse("3,7:*").bounded().toString(), "3");
  assert.equal(UidSet.ALL.bounded().isEmpty, true);
  assert.equal(UidSet.of(3).bounded().toString(), "3");
});

Deno.test("UidSet of a million neighbours is two numbers", () => {
  const set = UidSet.range(1, 1_000_000);
  assert.equal(set.size, 1_000_000);
  assert.equal(set.edges.length, 2);
  assert.equal(set.toString(), "1:1000000");
});

Deno.test("UidSet agrees with plain sets", () => {
  fc.assert(fc.property(members, members, (a, b) => {
    const x = UidSet.from(a);
    const y = UidSet.from(b);
    const inB = new Set(b);
    assert.deepEqual([...x], sorted(a));
    assert.equal(x.size, a.length);
    assert.deepEqual([...x.union(y)], sorted([...a, ...b]));
    assert.deepEqual(
      [...x.difference(y)],
      sorted(a.filter((u) => !inB.has(u))),
    );
    assert.deepEqual(
      [...x.intersection(y)],
      sorted(a.filter((u) => inB.has(u))),
    );
    assert.equal(x.includes(y), b.every((uid) => a.includes(uid)));
    for (let uid = 0; uid <= 61; uid++) {
      assert.equal(x.has(uid), a.includes(uid));
    }
  }));
});

Deno.test("UidSet.parse() undoes toString() and the form is canonical", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 40 }), {
      minLength: 1,
    }),
    (uids) => {
      const set = UidSet.from(uids);
      assert.ok(UidSet.parse(set.toString()).equals(set));
      const again = UidSet.from(uids.toReversed());
      assert.equal(again.toString(), set.toString());
      assert.ok(again.equals(set));
    },
  ));
});

Deno.test("UidSet.split() cuts into lines of at most the given length", () => {
  fc.assert(
    fc.property(members, fc.integer({ min: 6, max: 30 }), (uids, max) => {
      const set = UidSet.from(uids);
      const parts = set.split(max);
      assert.ok(parts.every((part) => part.toString().length <= max));
      assert.ok(parts.every((part) => !part.isEmpty));
      const all = parts.reduce((sum, part) => sum.union(part), UidSet.EMPTY);
      assert.ok(all.equals(set));
    }),
  );
});

Deno.test("UidSet.split() keeps a hundred thousand scattered UIDs below 8000 bytes a line", () => {
  const uids = Array.from({ length: 100_000 }, (_, at) => 2 * at + 1);
  const parts = UidSet.from(uids).split();
  assert.ok(parts.every((part) => part.toString().length < 8000));
  assert.equal(parts.reduce((sum, part) => sum + part.size, 0), 100_000);
});

Deno.test("UidSet.splitByCount() cuts into parts of at most so many members", () => {
  fc.assert(
    fc.property(members, fc.integer({ min: 1, max: 9 }), (uids, count) => {
      const set = UidSet.from(uids);
      const parts = set.splitByCount(count);
      assert.deepEqual(parts.flatMap((part) => [...part]), [...set]);
      parts.slice(0, -1).forEach((part) => assert.equal(part.size, count));
    }),
  );
});

Deno.test("UidSet.splitByCount() refuses a set without an end", () => {
  assert.throws(() => UidSet.ALL.splitByCount(10), RangeError);
});

Deno.test("UidSetBuilder builds the set of what was added, in any order", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 50 })),
    (uids) => {
      const builder = new UidSetBuilder();
      const seen = new Set<number>();
      for (const uid of uids) {
        assert.equal(builder.has(uid), seen.has(uid));
        assert.equal(builder.add(uid), !seen.has(uid));
        seen.add(uid);
      }
      assert.equal(builder.size, seen.size);
      assert.deepEqual([...builder.build()], sorted(uids));
    },
  ));
});
