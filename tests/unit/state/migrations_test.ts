import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { dirname, join } from "node:path";
import {
  checkSchema,
  migrate,
  MIGRATIONS,
  schemaVersion,
} from "../../../src/state/migrations.ts";
import { openState } from "../../../src/state/mod.ts";
import { contents, flags, Place, temporaryFolder } from "./support.ts";

/** A database as release 9.0 wrote it, with a row of everything. */
const VERSION_1 = new URL("./fixtures/version_1.sql", import.meta.url);

function writeVersion1(file: string): void {
  Deno.mkdirSync(dirname(file), { recursive: true });
  using database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(Deno.readTextFileSync(VERSION_1));
}

for (const dryRun of [false, true]) {
  Deno.test(`openState() reads a database of format 1 (dryRun ${dryRun})`, () => {
    using place = new Place();
    writeVersion1(place.file);
    using state = openState({ file: place.file, fsync: false, dryRun });
    const inbox = state.mailbox("INBOX", "INBOX");
    assert.deepEqual(inbox.status(), {
      remoteValidity: 1700000001,
      localValidity: 42,
      remoteToken: "17:9",
      localToken: undefined,
      options: "maxage=",
      size: 3,
    });
    assert.deepEqual(contents(inbox.load()), [
      { remote: 3, local: "three,U=3", flags: "\\Seen", doomed: false },
      { remote: 5, local: "five,U=5", flags: "", doomed: "remote" },
      {
        remote: 4294967295,
        local: "last",
        flags: flags("$Work \\Seen"),
        doomed: false,
      },
    ]);
    assert.deepEqual(inbox.intents(), [{
      ref: "new",
      to: "remote",
      nextRef: 9,
      validity: 1700000001,
      sent: true,
    }]);
    assert.deepEqual(inbox.refusals(), [{
      ref: 8,
      from: "remote",
      reason: "too odd",
    }]);
    assert.equal(state.storeToken("local", "tree"), "{}");
  });
}

const LIST = [
  "CREATE TABLE a (x); INSERT INTO a VALUES (1);",
  "ALTER TABLE a ADD COLUMN y DEFAULT 2;",
  "UPDATE a SET x = x + y;",
];

Deno.test("migrate() runs what is missing, in order, once", () => {
  for (let from = 0; from <= LIST.length; from++) {
    using database = new DatabaseSync(":memory:");
    migrate(database, LIST.slice(0, from));
    assert.equal(schemaVersion(database), from);
    migrate(database, LIST);
    migrate(database, LIST, () => assert.fail("a commit"));
    assert.equal(schemaVersion(database), 3);
    const row = database.prepare("SELECT x, y FROM a").get();
    assert.deepEqual({ ...row }, { x: 3, y: 2 });
  }
});

Deno.test("migrate() leaves the old format when it is stopped or fails", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "x.sqlite");
  for (
    const [list, commit] of [
      [LIST, () => {
        throw new Error("killed");
      }],
      [[...LIST, "SELECT nonsense"], () => {}],
    ] as const
  ) {
    {
      using database = new DatabaseSync(file);
      migrate(database, LIST.slice(0, 1));
      assert.throws(() => migrate(database, list, commit));
      assert.equal(schemaVersion(database), 1);
    }
    using database = new DatabaseSync(file);
    assert.deepEqual({ ...database.prepare("SELECT * FROM a").get() }, {
      x: 1,
    });
  }
});

Deno.test("checkSchema() accepts every format up to the latest", () => {
  using database = new DatabaseSync(":memory:");
  checkSchema(database, "x");
  migrate(database);
  assert.equal(schemaVersion(database), MIGRATIONS.length);
  checkSchema(database, "x");
});
