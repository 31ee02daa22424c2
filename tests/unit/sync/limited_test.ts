/** What does not count as deleted, by table. */
import assert from "node:assert/strict";
import { flagsOf } from "../../../src/sync/flags.ts";
import { type Accepts, withoutLimited } from "../../../src/sync/limited.ts";
import type { Base, Known } from "../../../src/sync/status.ts";
import {
  type Changes,
  type Identity,
  noChanges,
  type Pair,
  type PairId,
  type Ref,
} from "../../../src/sync/types.ts";

const NONE = flagsOf([]);

/** Pairs 1 to 5: UID n on the server, file `n` in the Maildir. */
const PAIRS: Pair[] = [1, 2, 3, 4, 5].map((id) => ({
  id: id as PairId,
  remote: id,
  local: `${id}`,
  flags: NONE,
  doomed: false,
}));

function known(refOf: (pair: Pair) => Ref): Known {
  const byRef = new Map(PAIRS.map((pair) => [refOf(pair), pair]));
  return {
    size: PAIRS.length,
    find: (ref) => byRef.get(ref),
    flagsOf: (ref) => byRef.get(ref)?.flags,
    refs: () => byRef.keys(),
    pairs: () => PAIRS,
  };
}

const BASE: Base = {
  remote: known(({ remote }) => remote),
  local: known(({ local }) => local),
  size: PAIRS.length,
};

/** A side whose messages have these dates and sizes; others cannot be read. */
function side(messages: Record<string, { date?: number; size?: number }>) {
  return {
    async *identify(refs: readonly Ref[]): AsyncIterable<Identity> {
      for (const ref of refs) {
        const message = messages[ref];
        if (message === undefined) continue;
        const { date, size = 1 } = message;
        yield {
          ref,
          key: `${ref}`,
          sizeBytes: size,
          ...(date === undefined ? {} : { internalDate: date }),
        };
      }
    },
  };
}

function gone(...ids: number[]): Changes {
  const pairs = PAIRS.filter(({ id }) => ids.includes(id));
  return { ...noChanges(0, undefined), gone: pairs };
}

/** Messages of less than ten bytes that came at 100 or later. */
const LIMITS: Accepts = (_, { sizeBytes = 0, internalDate = 100 }) =>
  sizeBytes < 10 && internalDate >= 100;

interface Case {
  readonly name: string;
  readonly remoteGone?: number[];
  readonly localGone?: number[];
  readonly remote?: Record<string, { date?: number; size?: number }>;
  readonly local?: Record<string, { date?: number; size?: number }>;
  /** Ids that still count as gone from the server, and from the Maildir. */
  readonly wanted: { remote?: number[]; local?: number[] };
}

const CASES: readonly Case[] = [
  {
    name: "takes a young file's deletion for one, an old one's not",
    localGone: [1, 4],
    remote: { 1: { date: 50 }, 4: { date: 150 } },
    wanted: { local: [4] },
  },
  {
    name: "does not carry the deletion of a large file over",
    localGone: [1, 2],
    remote: { 1: { size: 10 }, 2: { size: 9 } },
    wanted: { local: [2] },
  },
  {
    name: "takes a file's own date where it is old",
    remoteGone: [2, 4],
    local: { 2: { date: 60 }, 4: { date: 160 } },
    remote: { 3: { date: 200 }, 5: { date: 200 } },
    wanted: { remote: [4] },
  },
  {
    name: "takes the date of the next message for a file that was copied later",
    remoteGone: [1, 2, 4],
    local: { 1: { date: 900 }, 2: { date: 900 }, 4: { date: 900 } },
    remote: { 3: { date: 80 }, 5: { date: 180 } },
    wanted: { remote: [4] },
  },
  {
    name: "has only the file's date where nothing came later",
    remoteGone: [4, 5],
    local: { 4: { date: 50 }, 5: { date: 900 } },
    wanted: { remote: [5] },
  },
  {
    name: "keeps what cannot be read",
    localGone: [1],
    remoteGone: [2],
    wanted: {},
  },
  {
    name: "asks nobody about what is gone from both sides",
    localGone: [1],
    remoteGone: [1],
    wanted: { local: [1], remote: [1] },
  },
];

for (const { name, wanted, ...given } of CASES) {
  Deno.test(`withoutLimited() ${name}`, async () => {
    const changes = await withoutLimited(
      { remote: side(given.remote ?? {}), local: side(given.local ?? {}) },
      BASE,
      {
        remote: gone(...given.remoteGone ?? []),
        local: gone(...given.localGone ?? []),
      },
      LIMITS,
    );
    const ids = ({ gone }: Changes) => gone.map(({ id }) => id);
    assert.deepEqual(
      { remote: ids(changes.remote), local: ids(changes.local) },
      { remote: wanted.remote ?? [], local: wanted.local ?? [] },
    );
  });
}

Deno.test("withoutLimited() lets a message end that was only marked as deleted", async () => {
  const [first] = PAIRS;
  assert.ok(first);
  const doomed = { ...first, doomed: "remote" as const };
  const changes = await withoutLimited(
    { remote: side({}), local: side({}) },
    BASE,
    {
      remote: { ...noChanges(0, undefined), gone: [doomed] },
      local: noChanges(0, undefined),
    },
    LIMITS,
  );
  assert.deepEqual(changes.remote.gone, [doomed]);
});
