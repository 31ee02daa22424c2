import assert from "node:assert/strict";
import fc from "fast-check";
import type { Intent, Mutation, Refusal } from "../../../src/sync/status.ts";
import type { Flags, PairId, Ref, Side } from "../../../src/sync/types.ts";
import type { SqliteMailboxState } from "../../../src/state/mod.ts";
import { contents, flags, Place } from "./support.ts";

interface ModelPair {
  remote: Ref;
  local: Ref;
  flags: Flags;
  doomed: Side | false;
}

/** What the state should hold, in the plainest way. Pairs by their remote ref. */
class Model {
  pairs = new Map<Ref, ModelPair>();
  intents = new Map<string, Intent>();
  refusals = new Map<string, Refusal>();
  validity: [number, number] | undefined;
  tokens: [string | undefined, string | undefined, string] | undefined;

  clone(): Model {
    return Object.assign(new Model(), structuredClone({ ...this }));
  }

  /** @returns False when the state must refuse the change. */
  apply(change: Change): boolean {
    switch (change.kind) {
      case "pair":
        if (this.pairs.has(change.remote)) return false;
        if (this.#living(change.local)) return false;
        this.pairs.set(change.remote, {
          remote: change.remote,
          local: change.local,
          flags: change.flags,
          doomed: false,
        });
        this.refusals.delete(keyOf("remote", change.remote));
        this.refusals.delete(keyOf("local", change.local));
        return true;
      case "flags":
        return this.#edit(change.at, (pair) => pair.flags = change.flags);
      case "rebind": {
        const taken = this.#living(change.local);
        if (taken && taken !== this.pairs.get(change.at)) return false;
        return this.#edit(change.at, (pair) => {
          pair.local = change.local;
          pair.doomed = false;
        });
      }
      case "doom":
        return this.#edit(change.at, (pair) => pair.doomed = change.on);
      case "forget":
        this.pairs.delete(change.at);
        return true;
      case "intend":
        this.intents.set(
          keyOf(change.intent.to, change.intent.ref),
          change.intent,
        );
        return true;
      case "settle":
        this.intents.delete(keyOf(change.to, change.ref));
        return true;
      case "refuse":
        this.refusals.set(
          keyOf(change.refusal.from, change.refusal.ref),
          change.refusal,
        );
        return true;
      case "done":
        this.tokens = [change.remoteToken, change.localToken, change.options];
        return true;
      case "validity":
        this.#revalidate(0, "remote", change.remote);
        this.#revalidate(1, "local", change.local);
        this.validity = [change.remote, change.local];
        return true;
    }
  }

  #living(local: Ref): ModelPair | undefined {
    return [...this.pairs.values()]
      .find((pair) => pair.local === local && !pair.doomed);
  }

  #edit(at: Ref, edit: (pair: ModelPair) => void): boolean {
    const pair = this.pairs.get(at);
    if (pair !== undefined) edit(pair);
    return pair !== undefined;
  }

  #revalidate(index: 0 | 1, side: Side, validity: number): void {
    if (this.validity === undefined || this.validity[index] === validity) {
      return;
    }
    if (this.tokens !== undefined) this.tokens[index] = undefined;
    for (const [key, { from }] of this.refusals) {
      if (from === side) this.refusals.delete(key);
    }
  }
}

function keyOf(side: Side, ref: Ref): string {
  return `${side} ${typeof ref} ${ref}`;
}

/** A mutation that names its pair by the remote ref, since ids are the state's. */
type Change =
  | Exclude<Mutation, { id: PairId }>
  | { kind: "flags"; at: Ref; flags: Flags }
  | { kind: "rebind"; at: Ref; local: Ref }
  | { kind: "doom"; at: Ref; on: Side }
  | { kind: "forget"; at: Ref };

/** Of ordinary objects: they are compared with the state's. */
function record<T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(shape, { noNullPrototype: true });
}

const side = fc.constantFrom<Side>("remote", "local");
const remote: fc.Arbitrary<Ref> = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom("1", "x") },
);
const local: fc.Arbitrary<Ref> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(..."abcdefghij") },
  { weight: 1, arbitrary: fc.constantFrom(1, 7) },
);
const flagSet = fc.subarray(["\\Seen", "\\Flagged", "$Work"])
  .map((list) => flags(list.join(" ")));
const token = fc.option(fc.constantFrom("t1", "t2"), { nil: undefined });
const number = fc.integer({ min: 1, max: 3 });

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("pair" as const),
      remote,
      local,
      flags: flagSet,
    }),
  },
  fc.record({
    kind: fc.constant("flags" as const),
    at: remote,
    flags: flagSet,
  }),
  fc.record({ kind: fc.constant("rebind" as const), at: remote, local }),
  // A doom on the local side is for a server, which never gives a ref again.
  fc.record({
    kind: fc.constant("doom" as const),
    at: remote,
    on: fc.constant<Side>("remote"),
  }),
  fc.record({ kind: fc.constant("forget" as const), at: remote }),
  fc.record({
    kind: fc.constant("intend" as const),
    intent: record({
      ref: local,
      to: side,
      nextRef: number,
      validity: number,
      sent: fc.boolean(),
    }),
  }),
  fc.record({ kind: fc.constant("settle" as const), to: side, ref: local }),
  fc.record({
    kind: fc.constant("refuse" as const),
    refusal: record({
      ref: fc.oneof(remote, local),
      from: side,
      reason: fc.constantFrom("odd", "big"),
    }),
  }),
  fc.record({
    kind: fc.constant("done" as const),
    remoteToken: token,
    localToken: token,
    options: fc.constantFrom("", "o"),
  }),
  fc.record({
    kind: fc.constant("validity" as const),
    remote: number,
    local: number,
  }),
);

/** Ids as they are before the commit; unknown ones for pairs that are not there. */
function mutationsOf(
  changes: readonly Change[],
  state: SqliteMailboxState,
): Mutation[] {
  const known = state.load().remote;
  return changes.map((change): Mutation => {
    if (!("at" in change)) return change;
    const { at, ...rest } = change;
    const id = known.find(at)?.id ?? 1_000_000 as PairId;
    return { ...rest, id } as Mutation;
  });
}

/** Whether ids from before the commit still name what the model thinks. */
function namesAreStable(changes: readonly Change[]): boolean {
  const touched = new Set<Ref>();
  for (const change of changes) {
    if (change.kind === "pair") touched.add(change.remote);
    if ("at" in change && touched.has(change.at)) return false;
  }
  return true;
}

const step = fc.record({
  changes: fc.array(change, { maxLength: 5 }).filter(namesAreStable),
  /** The process ends right before the commit. */
  killed: fc.nat({ max: 5 }).map((n) => n === 0),
  reopen: fc.nat({ max: 3 }).map((n) => n === 0),
});

function assertEqual(state: SqliteMailboxState, model: Model): void {
  const base = state.load();
  const byRef = (a: { remote: Ref }, b: { remote: Ref }) =>
    keyOf("remote", a.remote) < keyOf("remote", b.remote) ? -1 : 1;
  assert.deepEqual(
    contents(base).toSorted(byRef),
    [...model.pairs.values()].toSorted(byRef),
  );
  const living = [...model.pairs.values()].filter(({ doomed }) => !doomed);
  assert.equal(base.local.size, living.length);
  for (const pair of living) {
    assert.equal(base.local.find(pair.local)?.remote, pair.remote);
  }
  const sorted = <T>(entries: Iterable<[string, T]>) =>
    [...entries].toSorted(([a], [b]) => a < b ? -1 : 1);
  assert.deepEqual(
    sorted(
      state.intents().map((intent) => [keyOf(intent.to, intent.ref), intent]),
    ),
    sorted(model.intents),
  );
  assert.deepEqual(
    sorted(state.refusals().map((row) => [keyOf(row.from, row.ref), row])),
    sorted(model.refusals),
  );
  const [remoteToken, localToken, options] = model.tokens ?? [];
  const [remoteValidity, localValidity] = model.validity ?? [];
  assert.deepEqual(state.status(), {
    remoteValidity,
    localValidity,
    remoteToken,
    localToken,
    options,
    size: model.pairs.size,
  });
}

Deno.test("MailboxState does what a plain model does, whatever is committed, refused, killed or reopened", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      using place = new Place();
      let killed = false;
      const open = () =>
        place.open((_kind, name) => {
          if (killed && name === "commit") throw new Error("killed");
        });
      let account = open();
      let model = new Model();
      try {
        for (const { changes, reopen, ...step } of steps) {
          const state = account.mailbox("INBOX", "INBOX");
          const mutations = mutationsOf(changes, state);
          const next = model.clone();
          const accepted = changes.every((change) => next.apply(change));
          killed = step.killed && changes.length > 0;
          if (accepted && !killed) {
            state.commit(mutations);
            model = next;
          } else assert.throws(() => state.commit(mutations));
          killed = false;
          if (reopen) {
            account.close();
            account = open();
          }
          assertEqual(account.mailbox("INBOX", "INBOX"), model);
        }
      } finally {
        account.close();
      }
    }),
    { numRuns: 150 },
  );
});
