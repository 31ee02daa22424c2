import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { MailError } from "../../../src/errors.ts";
import { MIGRATIONS } from "../../../src/state/migrations.ts";
import { openState, setStateAside } from "../../../src/state/mod.ts";
import { pair, Place } from "./support.ts";

/** The MailError that `work` throws. */
function errorOf(work: () => unknown): MailError {
  try {
    work();
  } catch (error) {
    if (error instanceof MailError) return error;
    throw error;
  }
  throw new Error("It did not throw");
}

Deno.test({
  name: "openState() makes a file that only its owner can read",
  ignore: Deno.build.os === "windows",
  fn: () => {
    using place = new Place();
    using state = openState({ file: place.file, fsync: true });
    state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
    for (const suffix of ["", "-wal", "-shm"]) {
      const { mode } = Deno.statSync(place.file + suffix);
      assert.equal((mode ?? 0) & 0o777, 0o600, suffix);
    }
    const { mode } = Deno.statSync(dirname(place.file));
    assert.equal((mode ?? 0) & 0o777, 0o700);
  },
});

Deno.test("openState() leaves one file when it is closed", () => {
  using place = new Place();
  {
    using state = place.open();
    state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
  }
  const names = [...Deno.readDirSync(dirname(place.file))]
    .map(({ name }) => name);
  assert.deepEqual(names, ["state.sqlite"]);
});

Deno.test("openState() keeps a journal of its own and syncs as told", () => {
  for (const [fsync, synchronous] of [[true, 2], [false, 1]] as const) {
    using place = new Place();
    const pragmas: unknown[] = [];
    const exec = DatabaseSync.prototype.exec;
    DatabaseSync.prototype.exec = function (sql) {
      exec.call(this, sql);
      if (!/synchronous/.test(sql)) return;
      for (const name of ["journal_mode", "synchronous", "busy_timeout"]) {
        pragmas.push(
          ...Object.values(this.prepare(`PRAGMA ${name}`).get() ?? {}),
        );
      }
    };
    try {
      using state = openState({ file: place.file, fsync });
      state.setStoreToken("local", "x", "y");
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
    assert.deepEqual(pragmas, ["wal", synchronous, 5000]);
  }
});

Deno.test("commit() brings an intent to the disk also without fsync", () => {
  using place = new Place();
  using state = openState({ file: place.file, fsync: false });
  const inbox = state.mailbox("INBOX", "INBOX");
  inbox.commit([pair(1, "one")]);
  const levels: unknown[] = [];
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (sql) {
    if (sql === "COMMIT") {
      levels.push(this.prepare("PRAGMA synchronous").get()?.["synchronous"]);
    }
    exec.call(this, sql);
  };
  try {
    inbox.commit([pair(2, "two")]);
    inbox.commit([pair(3, "three"), {
      kind: "intend",
      intent: { ref: "x", to: "remote", nextRef: 4, validity: 1, sent: false },
    }]);
    inbox.commit([pair(4, "four")]);
    // A pair twice: nothing of it is recorded.
    assert.throws(() =>
      inbox.commit([pair(4, "other"), {
        kind: "intend",
        intent: { ref: "y", to: "remote", nextRef: 4, validity: 1, sent: true },
      }])
    );
    inbox.commit([pair(5, "five")]);
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
  assert.deepEqual(levels, [1, 2, 1, 1]);
});

Deno.test("openState() records nothing of a commit for which the disk has no room, and goes on", () => {
  using place = new Place();
  const exec = DatabaseSync.prototype.exec;
  // A limit of SQLite's own, which it reports as a full disk.
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, sql);
    if (/synchronous/.test(sql)) exec.call(this, "PRAGMA max_page_count = 40");
  };
  try {
    using state = place.open();
    const inbox = state.mailbox("INBOX", "INBOX");
    inbox.commit([pair(1, "one")]);
    const many = Array.from(
      { length: 4_000 },
      (_, i) => pair(i + 2, `name ${i}`, `set${i}`),
    );
    const error = errorOf(() => inbox.commit(many));
    assert.equal(error.code, "state.full");
    assert.equal(error.retry, "later");
    inbox.commit([pair(2, "two", "set0")]);
    assert.equal(inbox.load().size, 2);
    assert.equal(inbox.load().remote.find(2)?.flags, "set0");
    assert.equal(inbox.status().size, 2);
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
});

Deno.test("openState() says before each effect what it is about to do", () => {
  using place = new Place();
  const steps: string[] = [];
  using state = place.open((kind, name) => steps.push(`${kind} ${name}`));
  state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
  state.setStoreToken("local", "x", "y");
  assert.deepEqual(steps, [
    "state create",
    "state migrate",
    "state commit",
    "state commit",
  ]);
});

Deno.test("openState() can be stopped at each of these steps and begin again", () => {
  for (const last of ["create", "migrate", "commit"]) {
    using place = new Place();
    {
      using state = place.open((_kind, name) => {
        if (name === last) throw new Error("killed");
      });
      const inbox = state.mailbox("INBOX", "INBOX");
      assert.throws(() => inbox.commit([pair(1, "one")]), /killed/);
    }
    {
      using state = openState({
        file: place.file,
        fsync: true,
        dryRun: true,
      });
      assert.deepEqual(state.statuses(), []);
    }
    using state = place.open();
    assert.deepEqual(state.statuses(), []);
    state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
    assert.equal(state.statuses().length, 1);
  }
});

Deno.test("openState() refuses a database of a later release", () => {
  using place = new Place();
  {
    using state = place.open();
    state.setStoreToken("local", "x", "y");
  }
  {
    using database = new DatabaseSync(place.file);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  }
  for (const dryRun of [false, true]) {
    using state = openState({ file: place.file, fsync: false, dryRun });
    const error = errorOf(() => state.statuses());
    assert.equal(error.code, "state.newer");
    assert.equal(error.scope, "account");
    assert.match(
      error.message,
      /has format \d+; this release knows .* up to \d+/,
    );
  }
});

Deno.test("openState() refuses a database of another program", () => {
  using place = new Place();
  Deno.mkdirSync(dirname(place.file));
  {
    using database = new DatabaseSync(place.file);
    database.exec("CREATE TABLE theirs (x)");
  }
  using state = place.open();
  assert.equal(errorOf(() => state.statuses()).code, "state.foreign");
});

const DAMAGES: [name: string, damage: (bytes: Uint8Array) => Uint8Array][] = [
  ["another file's bytes", () => new TextEncoder().encode("x".repeat(9_000))],
  ["a header of zeros", (bytes) => bytes.fill(0, 0, 100)],
  ["half of its bytes", (bytes) => bytes.slice(0, bytes.length / 2)],
];

for (const [name, damage] of DAMAGES) {
  Deno.test(`openState() reports ${name} and leaves the file as it is`, () => {
    using place = new Place();
    {
      using state = place.open();
      state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
    }
    const bytes = damage(Deno.readFileSync(place.file));
    Deno.writeFileSync(place.file, bytes);
    {
      using state = place.open();
      const inbox = state.mailbox("INBOX", "INBOX");
      const error = errorOf(() => inbox.commit([pair(2, "two")]));
      assert.equal(error.code, "state.corrupt");
      assert.ok(error.message.includes(place.file));
      assert.ok(error.hint !== undefined);
    }
    assert.deepEqual(Deno.readFileSync(place.file), bytes);
  });
}

Deno.test("setStateAside() keeps the damaged file under a free name", () => {
  using place = new Place();
  Deno.mkdirSync(dirname(place.file));
  const steps: string[] = [];
  for (const number of [1, 2]) {
    Deno.writeTextFileSync(place.file, `damaged ${number}`);
    Deno.writeTextFileSync(`${place.file}-wal`, "log");
    const aside = setStateAside(place.file, (_kind, name) => steps.push(name));
    assert.equal(aside, `${place.file}.damaged-${number}`);
    assert.equal(Deno.readTextFileSync(aside), `damaged ${number}`);
    assert.equal(Deno.readTextFileSync(`${aside}-wal`), "log");
  }
  assert.deepEqual(steps, Array(4).fill("rename"));
  using state = place.open();
  state.mailbox("INBOX", "INBOX").commit([pair(1, "one")]);
});

Deno.test("openState() says what to do when the file cannot be made", () => {
  using place = new Place();
  // A file where a folder is needed: no permission helps, not even root's.
  Deno.writeTextFileSync(dirname(place.file), "");
  using state = place.open();
  const error = errorOf(() => state.setStoreToken("local", "x", "y"));
  assert.equal(error.code, "state.access");
  assert.ok(error.hint !== undefined);
});
