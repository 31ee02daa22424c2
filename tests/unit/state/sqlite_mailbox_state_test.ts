import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import type { Mutation } from "../../../src/sync/status.ts";
import type { PairId } from "../../../src/sync/types.ts";
import type { SqliteState } from "../../../src/state/mod.ts";
import { contents, flags, idOf, pair, Place } from "./support.ts";

/** Runs `test` on a state, then again on what a new process would find. */
function twice(
  prepare: (state: SqliteState) => void,
  test: (state: SqliteState) => void,
): void {
  using place = new Place();
  {
    using state = place.open();
    prepare(state);
    test(state);
  }
  using state = place.open();
  test(state);
}

function inbox(state: SqliteState) {
  return state.mailbox("INBOX", "INBOX");
}

const THREE = [
  pair(5, "five", "\\Seen"),
  pair(3, "three"),
  pair(11, "eleven", "\\Flagged \\Seen"),
];

Deno.test("MailboxState.commit() records pairs, ascending by UID", () => {
  twice(
    (state) => inbox(state).commit(THREE),
    (state) => {
      const base = inbox(state).load();
      assert.deepEqual(contents(base), [
        { remote: 3, local: "three", flags: "", doomed: false },
        { remote: 5, local: "five", flags: "\\Seen", doomed: false },
        {
          remote: 11,
          local: "eleven",
          flags: flags("\\Seen \\Flagged"),
          doomed: false,
        },
      ]);
      assert.equal(base.size, 3);
      assert.equal(inbox(state).status().size, 3);
      assert.equal(base.local.find("five")?.remote, 5);
      assert.equal(base.remote.find(5)?.local, "five");
      assert.equal(base.remote.find(4), undefined);
      assert.equal(base.local.find("FIVE"), undefined);
    },
  );
});

Deno.test("MailboxState.commit() tells a number from a text of the same digits", () => {
  twice(
    (state) => inbox(state).commit([pair(5, "5"), pair("5", 5)]),
    (state) => {
      const { remote, local } = inbox(state).load();
      assert.deepEqual(remote.find(5)?.local, "5");
      assert.deepEqual(remote.find("5")?.local, 5);
      assert.deepEqual(local.find("5")?.remote, 5);
      assert.deepEqual(local.find(5)?.remote, "5");
    },
  );
});

Deno.test("MailboxState.commit() changes flags", () => {
  twice(
    (state) => {
      inbox(state).commit(THREE);
      const id = idOf(inbox(state).load(), 5);
      inbox(state).commit([{ kind: "flags", id, flags: flags("$Work") }]);
    },
    (state) => {
      assert.equal(inbox(state).load().remote.find(5)?.flags, "$Work");
      assert.equal(inbox(state).load().remote.find(3)?.flags, "");
    },
  );
});

Deno.test("MailboxState.commit() gives a pair another local ref", () => {
  twice(
    (state) => {
      inbox(state).commit(THREE);
      const id = idOf(inbox(state).load(), 5);
      inbox(state).commit([{ kind: "rebind", id, local: "five,U=5" }]);
    },
    (state) => {
      const { local } = inbox(state).load();
      assert.equal(local.find("five"), undefined);
      assert.equal(local.find("five,U=5")?.remote, 5);
    },
  );
});

Deno.test("MailboxState.commit() dooms a pair: the remote side still knows it, the local one does not", () => {
  twice(
    (state) => {
      inbox(state).commit(THREE);
      const id = idOf(inbox(state).load(), 5);
      inbox(state).commit([
        { kind: "doom", id, on: "remote" },
        pair(6, "five"),
      ]);
    },
    (state) => {
      const base = inbox(state).load();
      assert.equal(base.remote.find(5)?.doomed, "remote");
      assert.equal(base.local.find("five")?.remote, 6);
      assert.equal(base.size, 4);
      assert.equal(base.remote.size, 4);
      assert.equal(base.local.size, 3);
      assert.equal([...base.local.pairs()].length, 3);
    },
  );
});

Deno.test("MailboxState.commit() ends a doom when the pair gets a local ref again", () => {
  twice(
    (state) => {
      inbox(state).commit(THREE);
      const id = idOf(inbox(state).load(), 5);
      inbox(state).commit([{ kind: "doom", id, on: "remote" }]);
      inbox(state).commit([{ kind: "rebind", id, local: "back" }]);
    },
    (state) => {
      const base = inbox(state).load();
      assert.equal(base.remote.find(5)?.doomed, false);
      assert.equal(base.local.find("back")?.remote, 5);
    },
  );
});

Deno.test("MailboxState.commit() forgets pairs, once and again", () => {
  twice(
    (state) => {
      inbox(state).commit(THREE);
      const id = idOf(inbox(state).load(), 5);
      inbox(state).commit([{ kind: "forget", id }]);
      inbox(state).commit([{ kind: "forget", id }]);
    },
    (state) => {
      assert.equal(inbox(state).load().size, 2);
      assert.equal(inbox(state).status().size, 2);
    },
  );
});

Deno.test("MailboxState.commit() never gives a forgotten pair's id to another", () => {
  using place = new Place();
  using state = place.open();
  inbox(state).commit(THREE);
  const id = idOf(inbox(state).load(), 11);
  inbox(state).commit([{ kind: "forget", id }, pair(12, "twelve")]);
  assert.notEqual(idOf(inbox(state).load(), 12), id);
});

Deno.test("MailboxState.commit() keeps intents until they are settled", () => {
  const intent = {
    ref: "new",
    to: "remote",
    nextRef: 12,
    validity: 7,
    sent: false,
  } as const;
  twice(
    (state) => {
      inbox(state).commit([
        { kind: "intend", intent },
        { kind: "intend", intent: { ...intent, ref: "other" } },
        { kind: "intend", intent: { ...intent, ref: 3, to: "local" } },
      ]);
      inbox(state).commit([
        { kind: "intend", intent: { ...intent, sent: true } },
        { kind: "settle", to: "remote", ref: "other" },
        { kind: "settle", to: "remote", ref: 3 },
      ]);
    },
    (state) => {
      const intents = inbox(state).intents().toSorted((a) =>
        a.to === "local" ? -1 : 1
      );
      assert.deepEqual(intents, [
        { ...intent, ref: 3, to: "local" },
        { ...intent, sent: true },
      ]);
      assert.deepEqual(state.mailbox("INBOX", "x").intents(), []);
    },
  );
});

Deno.test("MailboxState.commit() keeps refusals until the message is paired", () => {
  twice(
    (state) => {
      inbox(state).commit([
        refuse(7, "remote", "too odd"),
        refuse("x", "local", "too big"),
        refuse(8, "remote", "odd"),
      ]);
      inbox(state).commit([refuse(7, "remote", "odd still"), pair(8, "x")]);
    },
    (state) => {
      assert.deepEqual(inbox(state).refusals(), [
        { ref: 7, from: "remote", reason: "odd still" },
      ]);
    },
  );
});

function refuse(
  ref: string | number,
  from: "remote" | "local",
  reason: string,
): Mutation {
  return { kind: "refuse", refusal: { ref, from, reason } };
}

Deno.test("MailboxState.commit() records tokens, options and validities", () => {
  twice(
    (state) => {
      assert.deepEqual(inbox(state).status(), {
        remoteValidity: undefined,
        localValidity: undefined,
        remoteToken: undefined,
        localToken: undefined,
        options: undefined,
        size: 0,
      });
      inbox(state).commit([
        { kind: "validity", remote: 4294967295, local: 42 },
        { kind: "done", remoteToken: "r", localToken: "l", options: "o" },
      ]);
      inbox(state).commit([
        { kind: "validity", remote: 4294967295, local: 42 },
        {
          kind: "done",
          remoteToken: "r",
          localToken: undefined,
          options: "o",
        },
      ]);
    },
    (state) => {
      assert.deepEqual(inbox(state).status(), {
        remoteValidity: 4294967295,
        localValidity: 42,
        remoteToken: "r",
        localToken: undefined,
        options: "o",
        size: 0,
      });
    },
  );
});

Deno.test("MailboxState.commit() drops what another validity makes void on that side", () => {
  twice(
    (state) => {
      inbox(state).commit([
        { kind: "validity", remote: 1, local: 42 },
        { kind: "done", remoteToken: "r", localToken: "l", options: "o" },
        refuse(7, "remote", "odd"),
        refuse("x", "local", "odd"),
        pair(1, "one"),
      ]);
      inbox(state).commit([{ kind: "validity", remote: 2, local: 42 }]);
    },
    (state) => {
      const status = inbox(state).status();
      assert.equal(status.remoteValidity, 2);
      assert.equal(status.remoteToken, undefined);
      assert.equal(status.localToken, "l");
      assert.equal(status.size, 1);
      assert.deepEqual(inbox(state).refusals().map(({ ref }) => ref), ["x"]);
    },
  );
});

const CONFLICTS: [string, Mutation][] = [
  ["a UID twice", pair(5, "new")],
  ["a local name twice", pair(6, "five")],
  ["flags of an unknown pair", {
    kind: "flags",
    id: 999 as PairId,
    flags: flags(""),
  }],
  ["a rebind to a name that is taken", {
    kind: "rebind",
    id: 1 as PairId,
    local: "eleven",
  }],
  ["a doom of an unknown pair", {
    kind: "doom",
    id: 999 as PairId,
    on: "remote",
  }],
];

for (const [name, mutation] of CONFLICTS) {
  Deno.test(`MailboxState.commit() refuses ${name} and records nothing of it`, () => {
    twice(
      (state) => {
        inbox(state).commit(THREE);
        assert.throws(
          () =>
            inbox(state).commit([pair(77, "seventy-seven", "$k"), mutation]),
          (error) =>
            error instanceof MailError && error.code === "state.conflict" &&
            error.scope === "mailbox",
        );
        // A set of flags that was added by halves must not be relied on.
        inbox(state).commit([pair(78, "seventy-eight", "$k")]);
      },
      (state) => {
        assert.deepEqual(
          contents(inbox(state).load()).map(({ remote }) => remote),
          [3, 5, 11, 78],
        );
        assert.equal(inbox(state).load().remote.find(78)?.flags, "$k");
        assert.equal(inbox(state).status().size, 4);
      },
    );
  });
}

Deno.test("MailboxState.commit() cannot touch a pair of another mailbox", () => {
  using place = new Place();
  using state = place.open();
  inbox(state).commit(THREE);
  const id = idOf(inbox(state).load(), 5);
  const other = state.mailbox("Other", "Other");
  assert.throws(
    () => other.commit([{ kind: "doom", id, on: "remote" }]),
    MailError,
  );
  other.commit([{ kind: "forget", id }]);
  assert.equal(inbox(state).load().size, 3);
});

Deno.test("MailboxState.commit() records nothing when the step before the commit throws", () => {
  using place = new Place();
  let allowed = 0;
  using state = place.open((kind, name) => {
    if (name === "commit" && allowed-- === 0) throw new Error("killed");
    assert.equal(kind, "state");
  });
  assert.throws(() => inbox(state).commit(THREE), /^Error: killed$/);
  assert.equal(inbox(state).status().size, 0);
  assert.equal(inbox(state).load().size, 0);
  assert.deepEqual(state.statuses(), []);
  allowed = 2;
  inbox(state).commit(THREE);
  inbox(state).commit([pair(12, "twelve")]);
  assert.throws(() => inbox(state).commit([pair(13, "thirteen")]), /killed/);
  assert.equal(inbox(state).load().size, 4);
  assert.equal(inbox(state).status().size, 4);
});

Deno.test("MailboxState.commit() does nothing for no mutation", () => {
  using place = new Place();
  using state = place.open(() => assert.fail("a step"));
  inbox(state).commit([]);
  assert.throws(() => Deno.statSync(place.file), Deno.errors.NotFound);
});

Deno.test("MailboxState.load() is a picture that later commits do not change", () => {
  using place = new Place();
  using state = place.open();
  inbox(state).commit(THREE);
  const base = inbox(state).load();
  const id = idOf(base, 5);
  inbox(state).commit([
    { kind: "forget", id },
    pair(12, "twelve", "$New"),
  ]);
  state.close();
  assert.equal(base.size, 3);
  assert.equal(base.remote.find(5)?.id, id);
  assert.equal(base.remote.find(12), undefined);
});

Deno.test("MailboxState.load() reads more rows than fit in a page, of all kinds", () => {
  using place = new Place();
  using state = place.open();
  const pairs: Mutation[] = [];
  for (let uid = 1; uid <= 4_500; uid++) {
    const ref = uid % 3 === 0 ? `r${uid}` : uid;
    pairs.push(pair(ref, uid % 2 === 0 ? 100_000 - uid : `l${uid}`));
  }
  inbox(state).commit(pairs);
  const { remote, local } = inbox(state).load();
  for (const mutation of pairs) {
    if (mutation.kind !== "pair") continue;
    assert.equal(remote.find(mutation.remote)?.local, mutation.local);
    assert.equal(local.find(mutation.local)?.remote, mutation.remote);
  }
  for (const [side, known] of Object.entries({ remote, local })) {
    const numbers = [...known.pairs()]
      .map((pair) => side === "remote" ? pair.remote : pair.local)
      .filter((ref) => typeof ref === "number");
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
    assert.equal([...known.pairs()].length, 4_500);
  }
});
