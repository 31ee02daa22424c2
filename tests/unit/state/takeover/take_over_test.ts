import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import {
  findCollisions,
  type LegacyStatus,
  takeOver,
} from "../../../../src/state/mod.ts";
import { LegacyMetadata } from "./legacy_fixture.ts";

/** Rows as `UID flags` texts. */
function rowsOf(status: LegacyStatus | undefined): string[] | undefined {
  return status?.rows.map(({ uid, flags }) => `${uid} ${flags}`.trimEnd());
}

/** Every file below `path` with its bytes, to see that nothing was changed. */
function snapshot(path: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(path)) {
    const child = join(path, entry.name);
    if (entry.isDirectory) {
      for (const [name, bytes] of snapshot(child)) files.set(name, bytes);
    } else files.set(child, Deno.readFileSync(child).join());
  }
  return files;
}

for (const version of [1, 2]) {
  Deno.test(`takeOver() reads a SQLite status of format ${version}`, () => {
    using legacy = new LegacyMetadata();
    legacy.sqlite("INBOX", [[9, "S"], [2, "FS"], [4294967295, "DRT"], [
      7,
      "PSab",
    ]], version);
    const before = snapshot(legacy.path);
    const customFlags = new Map([["a", "$Work"]]);
    assert.deepEqual(
      rowsOf(takeOver(legacy.options("INBOX", { customFlags }))),
      [
        "2 \\Flagged \\Seen",
        "7 $Work \\Seen",
        "9 \\Seen",
        "4294967295 \\Answered \\Deleted \\Draft",
      ],
    );
    assert.deepEqual(snapshot(legacy.path), before);
    assert.deepEqual(legacy.warnings, []);
  });
}

Deno.test("takeOver() reads FolderValidity of both sides", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("INBOX", [[1, ""]]);
  legacy.write("Repository-Remote/FolderValidity/INBOX", "1700000001\n");
  legacy.write("Repository-Local/FolderValidity/INBOX", "42\n");
  const status = takeOver(legacy.options("INBOX"));
  assert.equal(status?.remoteValidity, 1700000001);
  assert.equal(status?.localValidity, 42);
});

Deno.test("takeOver() keeps the validity when there is no status", () => {
  using legacy = new LegacyMetadata();
  legacy.write("Repository-Remote/FolderValidity/INBOX", "17\n");
  assert.deepEqual(takeOver(legacy.options("INBOX")), {
    remoteValidity: 17,
    rows: [],
  });
});

Deno.test("takeOver() returns undefined for a folder that OfflineIMAP never saw", () => {
  using legacy = new LegacyMetadata();
  assert.equal(takeOver(legacy.options("INBOX")), undefined);
  legacy.sqlite("Other", [[1, ""]]);
  assert.equal(takeOver(legacy.options("INBOX")), undefined);
  assert.equal(takeOver(legacy.options("..")), undefined);
  assert.equal(takeOver(legacy.options("a\0b")), undefined);
  assert.deepEqual(legacy.warnings, []);
});

Deno.test("takeOver() follows the names that nametrans and separators lead to", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("work.Projects", [[3, "S"]]);
  legacy.write("Repository-Remote/FolderValidity/Work.Projects", "5\n");
  legacy.write("Repository-Local/FolderValidity/work.Projects", "42\n");
  const status = takeOver(legacy.options("Work/Projects", {
    remoteVisible: "work/Projects",
    localName: "work.Projects",
  }));
  assert.deepEqual(rowsOf(status), ["3 \\Seen"]);
  assert.equal(status?.remoteValidity, 5);
  assert.equal(status?.localValidity, 42);
});

Deno.test("takeOver() uses the text status when no SQLite file exists", () => {
  using legacy = new LegacyMetadata();
  legacy.text("INBOX", [[9, "S"], [2, "FS"]]);
  assert.deepEqual(rowsOf(takeOver(legacy.options("INBOX"))), [
    "2 \\Flagged \\Seen",
    "9 \\Seen",
  ]);
});

for (
  const [name, make] of [
    ["has no rows", (legacy: LegacyMetadata) => legacy.sqlite("INBOX", [])],
    [
      "is empty",
      (legacy: LegacyMetadata) =>
        legacy.write("Account-A/LocalStatus-sqlite/INBOX", ""),
    ],
  ] as const
) {
  Deno.test(`takeOver() uses the text status when the SQLite file ${name}`, () => {
    using legacy = new LegacyMetadata();
    make(legacy);
    assert.deepEqual(rowsOf(takeOver(legacy.options("INBOX"))), []);
    legacy.text("INBOX", [[2, "S"]]);
    assert.deepEqual(rowsOf(takeOver(legacy.options("INBOX"))), ["2 \\Seen"]);
  });
}

Deno.test("takeOver() does not use the text status when the SQLite file has rows", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("INBOX", [[1, ""]]);
  legacy.text("INBOX", [[2, "S"]]);
  assert.deepEqual(rowsOf(takeOver(legacy.options("INBOX"))), ["1"]);
});

Deno.test("takeOver() uses neither when the SQLite file is damaged, and says so", () => {
  using legacy = new LegacyMetadata();
  legacy.write("Account-A/LocalStatus-sqlite/INBOX", "no database".repeat(99));
  legacy.text("INBOX", [[2, "S"]]);
  assert.equal(takeOver(legacy.options("INBOX")), undefined);
  assert.match(legacy.warnings.join(), /INBOX" is not used: .*database/);
});

Deno.test("takeOver() refuses a SQLite file of an unknown format, and says so", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("INBOX", [[1, ""]], 3);
  assert.equal(takeOver(legacy.options("INBOX")), undefined);
  assert.match(legacy.warnings.join(), /unknown format/);
});

Deno.test("takeOver() rolls an interrupted commit back in a copy and leaves the files", () => {
  using legacy = new LegacyMetadata();
  const path = legacy.sqlite("INBOX", [[1, "S"], [2, ""]]);
  const [base, journal] = hotJournal(path);
  Deno.writeFileSync(path, base);
  Deno.writeFileSync(`${path}-journal`, journal);
  assert.throws(() => readWithout(path), /readonly|unable to open/);
  const before = snapshot(legacy.path);
  assert.deepEqual(rowsOf(takeOver(legacy.options("INBOX"))), [
    "1 \\Seen",
    "2",
  ]);
  assert.deepEqual(snapshot(legacy.path), before);
  assert.equal(before.size, 2);
});

/** Reading the file itself, where it lies. */
function readWithout(path: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare("SELECT * FROM status").all();
}

/** What a process that is killed while it empties the status leaves on disk. */
function hotJournal(
  path: string,
): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  using database = new DatabaseSync(path);
  database.exec("PRAGMA cache_size = 1; BEGIN; DELETE FROM status;");
  // A cache of one page: the change is spilled into the file before its commit.
  const insert = database.prepare(
    "INSERT INTO status (id, flags) VALUES (?, ?)",
  );
  for (let uid = 1000; uid < 3000; uid++) insert.run(uid, "F".repeat(50));
  const files = [path, `${path}-journal`]
    .map((name) => Deno.readFileSync(name)) as [
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
    ];
  database.exec("ROLLBACK");
  return files;
}

Deno.test("takeOver() takes a status file that two folders share for neither, and says so", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("a.b", [[1, ""]]);
  legacy.write("Repository-Remote/FolderValidity/a.b", "5\n");
  const folders = ["a/b", "a.b", "c"]
    .map((name) => ({ remoteName: name, remoteVisible: name }));
  const collisions = findCollisions(folders, { separator: "/" });
  assert.equal(takeOver(legacy.options("a/b", { collisions })), undefined);
  assert.equal(takeOver(legacy.options("a.b", { collisions })), undefined);
  assert.match(legacy.warnings[0] ?? "", /"a\/b", "a\.b" share .*"a\.b"/);
  assert.equal(legacy.warnings.length, 2);
});

Deno.test("takeOver() takes it for the one of them that exists", () => {
  using legacy = new LegacyMetadata();
  legacy.sqlite("a.b", [[1, ""]]);
  const collisions = findCollisions(
    [{ remoteName: "a/b", remoteVisible: "a/b" }],
    { separator: "/" },
  );
  assert.deepEqual(
    rowsOf(takeOver(legacy.options("a/b", { collisions }))),
    ["1"],
  );
});

Deno.test("findCollisions() sees that macOS takes two spellings for one file", () => {
  const folders = ["Work", "work", "G\u00e4ste", "Ga\u0308ste"]
    .map((name) => ({ remoteName: name, remoteVisible: name }));
  const count = (platform: "linux" | "darwin") =>
    findCollisions(folders, { separator: "/", platform }).status.size;
  assert.equal(count("linux"), 0);
  assert.equal(count("darwin"), 4);
});
