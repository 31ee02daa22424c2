import assert from "node:assert/strict";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { dirname } from "node:path";
import { MailError } from "../../../src/errors.ts";
import { openState } from "../../../src/state/mod.ts";
import { pair, Place } from "./support.ts";

Deno.test("SqliteState writes nothing before the first commit", () => {
  using place = new Place();
  using state = place.open(() => assert.fail("a step"));
  const inbox = state.mailbox("INBOX", "INBOX");
  assert.equal(inbox.status().size, 0);
  assert.deepEqual(inbox.intents(), []);
  assert.deepEqual(inbox.refusals(), []);
  assert.equal(inbox.load().size, 0);
  assert.deepEqual(state.statuses(), []);
  assert.equal(state.isRecorded("INBOX", "INBOX"), false);
  assert.equal(state.storeToken("local", "tree"), undefined);
  assert.throws(() => Deno.statSync(place.file), Deno.errors.NotFound);
});

Deno.test("SqliteState tells mailboxes by both names", () => {
  using place = new Place();
  {
    using state = place.open();
    state.mailbox("a/b", "a.b").commit([pair(1, "one")]);
    state.mailbox("a.b", "a.b").commit([pair(1, "one"), pair(2, "two")]);
    state.mailbox("a/b", "a/b").commit([pair(1, "one")]);
  }
  using state = place.open();
  assert.equal(state.mailbox("a/b", "a.b").load().size, 1);
  assert.equal(state.mailbox("a.b", "a.b").load().size, 2);
  assert.equal(state.mailbox("A/B", "a.b").load().size, 0);
  assert.deepEqual(
    state.statuses().map((row) => `${row.remote} ${row.local}`).sort(),
    ["a.b a.b", "a/b a.b", "a/b a/b"],
  );
});

Deno.test("SqliteState.statuses() lists every status with its size", () => {
  using place = new Place();
  {
    using state = place.open();
    state.mailbox("INBOX", "INBOX").commit([
      pair(1, "one"),
      { kind: "validity", remote: 7, local: 42 },
      { kind: "done", remoteToken: "r", localToken: "l", options: "o" },
      {
        kind: "intend",
        intent: { ref: "x", to: "remote", nextRef: 1, validity: 7, sent: true },
      },
    ]);
  }
  using state = place.open();
  assert.deepEqual(state.statuses(), [{
    remote: "INBOX",
    local: "INBOX",
    remoteValidity: 7,
    localValidity: 42,
    remoteToken: "r",
    localToken: "l",
    options: "o",
    size: 1,
    unsettled: 1,
  }]);
});

Deno.test("SqliteState takes a fixed number of queries for any number of mailboxes", () => {
  using place = new Place();
  const names = Array.from({ length: 200 }, (_, i) => `Folder ${i}`);
  {
    using state = place.open();
    for (const name of names) {
      state.mailbox(name, name).commit([pair(1, "one")]);
    }
  }
  using state = place.open();
  const queries = countQueries(() => {
    assert.equal(state.statuses().length, 200);
    for (const name of names) {
      const mailbox = state.mailbox(name, name);
      assert.equal(mailbox.status().size, 1);
      assert.equal(mailbox.intents().length, 0);
      assert.equal(mailbox.refusals().length, 0);
    }
  });
  assert.deepEqual(queries, [
    "SELECT * FROM mailbox",
    "SELECT * FROM intent",
    "SELECT * FROM refusal",
  ]);
});

/** The queries that `work` makes, apart from those of opening the file. */
function countQueries(work: () => void): string[] {
  const queries: string[] = [];
  const prototype = StatementSync.prototype;
  const { iterate, all, get } = prototype;
  const counted = <F extends (...values: never[]) => unknown>(run: F) =>
    function (this: StatementSync, ...values: Parameters<F>): unknown {
      queries.push(this.sourceSQL);
      return run.apply(this, values);
    };
  Object.assign(prototype, {
    iterate: counted(iterate),
    all: counted(all),
    get: counted(get),
  });
  try {
    work();
  } finally {
    Object.assign(prototype, { iterate, all, get });
  }
  return queries.filter((sql) => /mailbox|pair|intent|refusal/.test(sql));
}

Deno.test("SqliteState.purge() forgets the messages but not that the mailbox is recorded", () => {
  using place = new Place();
  {
    using state = place.open();
    const inbox = state.mailbox("INBOX", "INBOX");
    state.mailbox("Other", "Other").commit([pair(1, "one")]);
    inbox.commit([
      pair(1, "one"),
      { kind: "validity", remote: 7, local: 42 },
      { kind: "done", remoteToken: "r", localToken: "l", options: "o" },
      { kind: "refuse", refusal: { ref: 9, from: "remote", reason: "odd" } },
      {
        kind: "intend",
        intent: { ref: "x", to: "remote", nextRef: 1, validity: 7, sent: true },
      },
    ]);
    state.purge("INBOX", "INBOX");
    state.purge("New", "New");
    assert.equal(inbox.load().size, 0);
    assert.deepEqual(inbox.intents(), []);
  }
  using state = place.open();
  const inbox = state.mailbox("INBOX", "INBOX");
  assert.deepEqual(Object.values(inbox.status()), [
    ...Array(5).fill(undefined),
    0,
  ]);
  assert.equal(inbox.load().size, 0);
  assert.deepEqual([inbox.intents(), inbox.refusals()], [[], []]);
  assert.equal(state.isRecorded("INBOX", "INBOX"), true);
  assert.equal(state.isRecorded("New", "New"), true);
  assert.equal(state.isRecorded("Never", "Never"), false);
  assert.equal(state.mailbox("Other", "Other").load().size, 1);
  inbox.commit([pair(1, "again")]);
  assert.equal(inbox.status().size, 1);
});

Deno.test("SqliteState keeps tokens of the stores", () => {
  using place = new Place();
  {
    using state = place.open();
    state.setStoreToken("local", "tree", "old");
    state.setStoreToken("local", "tree", "{\u00e4}");
    state.setStoreToken("remote", "tree", "other");
    state.setStoreToken("remote", "gone", "x");
    state.setStoreToken("remote", "gone", undefined);
  }
  using state = place.open();
  assert.equal(state.storeToken("local", "tree"), "{\u00e4}");
  assert.equal(state.storeToken("remote", "tree"), "other");
  assert.equal(state.storeToken("remote", "gone"), undefined);
});

Deno.test("SqliteState in a dry run forgets at its end what was committed", () => {
  using place = new Place();
  {
    using state = place.open();
    state.mailbox("INBOX", "INBOX").commit([pair(1, "one", "\\Seen")]);
  }
  const before = Deno.readFileSync(place.file);
  for (let run = 0; run < 2; run++) {
    using state = openState({
      file: place.file,
      fsync: true,
      dryRun: true,
      step: () => assert.fail("a step"),
    });
    const inbox = state.mailbox("INBOX", "INBOX");
    assert.equal(inbox.load().size, 1);
    inbox.commit([pair(2, "two", "\\Flagged")]);
    inbox.commit([pair(3, "three")]);
    state.setStoreToken("local", "x", "y");
    assert.equal(inbox.load().remote.find(2)?.flags, "\\Flagged");
    assert.equal(inbox.status().size, 3);
    assert.equal(state.storeToken("local", "x"), "y");
  }
  assert.deepEqual(Deno.readFileSync(place.file), before);
  assert.deepEqual(
    [...Deno.readDirSync(dirname(place.file))].map(({ name }) => name),
    ["state.sqlite"],
  );
});

Deno.test("SqliteState in a dry run makes no file", () => {
  using place = new Place();
  {
    using state = openState({ file: place.file, fsync: true, dryRun: true });
    const inbox = state.mailbox("INBOX", "INBOX");
    assert.equal(inbox.load().size, 0);
    inbox.commit([pair(1, "one")]);
    inbox.commit([pair(2, "two")]);
    assert.equal(inbox.load().size, 2);
  }
  assert.throws(() => Deno.statSync(place.file), Deno.errors.NotFound);
});

Deno.test("SqliteState cannot be used after it was closed, what it loaded can", () => {
  using place = new Place();
  const state = place.open();
  const inbox = state.mailbox("INBOX", "INBOX");
  inbox.commit([pair(1, "one")]);
  const base = inbox.load();
  state.close();
  state.close();
  assert.equal(base.remote.find(1)?.local, "one");
  assert.throws(() => inbox.commit([pair(2, "two")]), /was closed/);
});

Deno.test("SqliteState gives up when another process writes for too long", () => {
  using place = new Place();
  using state = openState({
    file: place.file,
    fsync: false,
    busyTimeoutMs: 100,
  });
  const inbox = state.mailbox("INBOX", "INBOX");
  inbox.commit([pair(1, "one")]);
  using other = new DatabaseSync(place.file);
  other.exec("BEGIN IMMEDIATE");
  const start = performance.now();
  assert.throws(
    () => inbox.commit([pair(2, "two")]),
    (error) => error instanceof MailError && error.code === "state.busy",
  );
  assert.ok(performance.now() - start > 90);
  other.exec("ROLLBACK");
  inbox.commit([pair(2, "two")]);
  assert.equal(inbox.load().size, 2);
});
