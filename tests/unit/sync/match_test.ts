/** Pairing by content, and the guard. */
import assert from "node:assert/strict";
import { DEFAULT_LIMITS, isMassDeletion } from "../../../src/sync/guard.ts";
import { enoughMatches, matchIdentities } from "../../../src/sync/match.ts";
import type { Identity, Ref } from "../../../src/sync/types.ts";

function identity(
  [ref, key, sizeBytes, internalDate]: [Ref, string, number, number?],
): Identity {
  return {
    ref,
    key,
    sizeBytes,
    ...(internalDate === undefined ? {} : { internalDate }),
  };
}

const CASES: {
  name: string;
  local: [Ref, string, number, number?][];
  remote: [Ref, string, number, number?][];
  pairs: [Ref, Ref][];
}[] = [
  {
    name: "pairs one message with itself",
    local: [["a", "<1>", 10]],
    remote: [[7, "<1>", 10]],
    pairs: [["a", 7]],
  },
  {
    name: "pairs a single one although the sizes differ",
    local: [["a", "<1>", 11]],
    remote: [[7, "<1>", 10]],
    pairs: [["a", 7]],
  },
  {
    name: "leaves what only one side has",
    local: [["a", "<1>", 10]],
    remote: [[7, "<2>", 10]],
    pairs: [],
  },
  {
    name: "pairs equal Message-IDs by size",
    local: [["a", "<1>", 10], ["b", "<1>", 20]],
    remote: [[7, "<1>", 20], [8, "<1>", 10]],
    pairs: [["a", 8], ["b", 7]],
  },
  {
    name: "pairs true doubles in order of date",
    local: [["a", "<1>", 10, 2], ["b", "<1>", 10, 1]],
    remote: [[7, "<1>", 10, 5], [8, "<1>", 10, 6]],
    pairs: [["b", 7], ["a", 8]],
  },
  {
    name: "does not guess among several of other sizes",
    local: [["a", "<1>", 10], ["b", "<1>", 20]],
    remote: [[7, "<1>", 30], [8, "<1>", 40]],
    pairs: [],
  },
  {
    name: "pairs only one when there are more on the other side",
    local: [["a", "<1>", 10]],
    remote: [[7, "<1>", 10], [8, "<1>", 10]],
    pairs: [["a", 7]],
  },
];

for (const { name, local, remote, pairs } of CASES) {
  Deno.test(`matchIdentities() ${name}`, () => {
    const matches = matchIdentities(local.map(identity), remote.map(identity));
    assert.deepEqual([...matches].sort(), [...pairs].sort());
  });
}

for (
  const [matched, known, enough] of [
    [0, 0, true],
    [4, 5, true],
    [3, 5, false],
    [20, 1000, true],
    [19, 1000, false],
    [0, 1, false],
  ] as const
) {
  Deno.test(`enoughMatches() says ${enough} to ${matched} of ${known}`, () => {
    assert.equal(enoughMatches(matched, known), enough);
  });
}

for (
  const [deletions, agreed, refused] of [
    [20, 20, false],
    [21, 21, true],
    [50, 100, false],
    [51, 100, true],
    [1000, 100_000, false],
  ] as const
) {
  Deno.test(`isMassDeletion() says ${refused} to ${deletions} of ${agreed}`, () => {
    assert.equal(isMassDeletion(deletions, agreed, DEFAULT_LIMITS), refused);
  });
}

Deno.test("isMassDeletion() believes everything without a share", () => {
  assert.ok(!isMassDeletion(100, 100, { share: undefined, always: 20 }));
});
