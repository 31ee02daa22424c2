import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import {
  catchUp,
  findCollisions,
  handOver,
  type HandOverOptions,
  openState,
  type SqliteState,
} from "../../../src/state/mod.ts";
import { stampOf } from "../../../src/state/handover/status_stamp.ts";
import { contents, flags, idOf, pair, temporaryFolder } from "./support.ts";

const INBOX = { remote: "INBOX", local: "INBOX" };

/** A metadata folder with a state in it. */
class Home implements Disposable {
  readonly #folder = temporaryFolder();
  readonly metadata = this.#folder.path;
  readonly state: SqliteState;
  readonly warnings: string[] = [];
  readonly steps: string[] = [];

  constructor() {
    this.state = openState({
      file: join(this.metadata, "Account-a", "state.sqlite"),
      fsync: false,
    });
  }

  get inbox() {
    return this.state.mailbox("INBOX", "INBOX");
  }

  status(name = "INBOX"): string {
    return join(this.metadata, "Account-a", "LocalStatus-sqlite", name);
  }

  async handOver(
    change: Partial<HandOverOptions> = {},
    names: typeof INBOX = INBOX,
    validity = 7,
  ): Promise<void> {
    await handOver(
      [{
        ...names,
        visible: names.remote,
        remoteValidity: validity,
        localValidity: 42,
      }],
      this.state.statusFiles,
      {
        metadata: this.metadata,
        account: "a",
        remoteRepo: "there",
        localRepo: "here",
        remoteSeparator: "/",
        customFlags: new Map([["a", "$Work"]]),
        collisions: findCollisions([], { separator: "/" }),
        fsync: true,
        step: (_, name) => {
          this.steps.push(name);
          change.step?.("file", name);
        },
        warn: (text) => this.warnings.push(text),
        ...(change.mapped === undefined ? {} : { mapped: change.mapped }),
        ...(change.collisions === undefined
          ? {}
          : { collisions: change.collisions }),
      },
    );
  }

  rows(name?: string): string[] {
    using database = new DatabaseSync(this.status(name), { readOnly: true });
    return database.prepare("SELECT * FROM status ORDER BY id").all()
      .map((row) => Object.values(row).join("|"));
  }

  [Symbol.dispose](): void {
    this.state.close();
    this.#folder[Symbol.dispose]();
  }
}

Deno.test("handOver() writes what OfflineIMAP reads: rows, letters, UIDVALIDITY", async () => {
  using home = new Home();
  home.inbox.commit([
    pair(5, "five", "\\Seen \\Answered $Work $Other"),
    pair(3, "three"),
    { kind: "validity", remote: 7, local: 42 },
  ]);
  await home.handOver();
  assert.deepEqual(home.warnings, []);
  assert.deepEqual(home.rows(), ["3||0|", "5|RSa|0|"]);
  for (const [repository, number] of [["there", "7\n"], ["here", "42\n"]]) {
    const folder = join(home.metadata, `Repository-${repository}`);
    const file = join(folder, "FolderValidity", "INBOX");
    assert.equal(Deno.readTextFileSync(file), number);
  }
  const mode = Deno.statSync(home.status()).mode ?? 0;
  if (Deno.build.os !== "windows") assert.equal(mode & 0o777, 0o600);
});

Deno.test("handOver() does nothing while nothing has changed", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver();
  const stamp = stampOf(home.status());
  home.steps.length = 0;
  await home.handOver();
  assert.deepEqual(home.steps, []);
  assert.equal(stampOf(home.status()), stamp);
});

Deno.test("handOver() adds, changes and removes rows, and leaves labels alone", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one"), pair(2, "two"), pair(3, "three")]);
  await home.handOver();
  {
    using database = new DatabaseSync(home.status());
    database.exec("UPDATE status SET labels = 'x, y', mtime = 9 WHERE id = 1");
  }
  const base = home.inbox.load();
  home.inbox.commit([
    { kind: "flags", id: idOf(base, 1), flags: flags("\\Seen") },
    { kind: "forget", id: idOf(base, 2) },
    pair(4, "four"),
  ]);
  await home.handOver();
  assert.deepEqual(home.rows(), ["1|S|9|x, y", "3||0|", "4||0|"]);
});

Deno.test("handOver() writes a format 1 and a damaged file anew", async () => {
  for (const damaged of [false, true]) {
    using home = new Home();
    Deno.mkdirSync(join(home.status(), ".."), { recursive: true });
    if (damaged) Deno.writeTextFileSync(home.status(), "nothing of the kind");
    else {
      using database = new DatabaseSync(home.status());
      database.exec(
        "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));" +
          "INSERT INTO metadata VALUES ('db_version', '1');" +
          "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50));" +
          "INSERT INTO status VALUES (8, 'S')",
      );
    }
    home.inbox.commit([pair(1, "one", "\\Seen")]);
    await home.handOver();
    assert.deepEqual(home.warnings, []);
    assert.deepEqual(home.rows(), ["1|S|0|"]);
  }
});

Deno.test("handOver() never lets a foreign journal meet its file", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver();
  Deno.writeTextFileSync(`${home.status()}-journal`, "of another time");
  home.inbox.commit([pair(2, "two")]);
  await home.handOver();
  assert.deepEqual(home.rows(), ["1||0|", "2||0|"]);
  assert.throws(
    () => Deno.statSync(`${home.status()}-journal`),
    Deno.errors.NotFound,
  );
  assert.deepEqual(home.steps.slice(-3), [
    "remove status",
    "remove status",
    "rename status",
  ]);
});

Deno.test("handOver() removes the rows of another UIDVALIDITY before it writes the number", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver();
  home.steps.length = 0;
  home.inbox.commit([pair(2, "two")]);
  await home.handOver({}, INBOX, 8);
  assert.equal(home.steps[0], "remove status");
  assert.deepEqual(home.rows(), ["1||0|", "2||0|"]);
});

Deno.test("handOver() writes the map of UIDs between two servers, never without it a status", async () => {
  using home = new Home();
  home.inbox.commit([pair(5, 105, "\\Seen"), pair(3, 103)]);
  await home.handOver({ mapped: true });
  const map = join(home.metadata, "Repository-here", "UIDMapping", "INBOX");
  assert.equal(Deno.readTextFileSync(map), "103:3\n105:5\n");
  assert.deepEqual(home.rows(), ["3||0|", "5|S|0|"]);
  home.steps.length = 0;
  // The local server has given another UID.
  const id = idOf(home.inbox.load(), 3);
  home.inbox.commit([{ kind: "rebind", id, local: 203 }, pair(7, 107)]);
  await home.handOver({ mapped: true });
  assert.equal(Deno.readTextFileSync(map), "203:3\n105:5\n107:7\n");
  assert.deepEqual(home.steps, [
    "remove status",
    "rename status",
    "rename status",
  ]);
});

Deno.test("handOver() goes on where it was stopped before a rename", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver({
    step: () => {
      throw new Error("stopped");
    },
  });
  assert.equal(home.warnings.length, 1);
  assert.match(
    home.warnings[0] ?? "",
    /could not be brought up to date: stopped/,
  );
  assert.throws(() => Deno.statSync(home.status()), Deno.errors.NotFound);
  await home.handOver();
  assert.deepEqual(home.rows(), ["1||0|"]);
  assert.deepEqual(
    [...Deno.readDirSync(join(home.metadata, "Account-a"))]
      .map(({ name }) => name).filter((name) => !name.startsWith("state")),
    ["LocalStatus-sqlite"],
  );
});

Deno.test("handOver() writes no file that two folders share", async () => {
  using home = new Home();
  const names = { remote: "a/b", local: "a/b" };
  home.state.mailbox("a/b", "a/b").commit([pair(1, "one")]);
  const folders = ["a/b", "a.b"]
    .map((name) => ({ remoteName: name, remoteVisible: name }));
  const collisions = findCollisions(folders, { separator: "/" });
  await home.handOver({ collisions }, names);
  assert.deepEqual(home.warnings, []);
  assert.throws(() => Deno.statSync(home.status("a.b")), Deno.errors.NotFound);
});

Deno.test("catchUp() takes nothing from a file that is as we left it", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver();
  const stamp = home.state.statusFiles.stampOf(INBOX) ?? assert.fail();
  assert.deepEqual(await catchUp(options(home, stamp)), []);
});

Deno.test("catchUp() makes our pairs those of whoever ran last", async () => {
  using home = new Home();
  home.inbox.commit([
    pair(1, "one", "\\Seen $Other"),
    pair(2, "two"),
    pair(3, "three"),
    pair(4, "four"),
  ]);
  home.inbox.commit([{
    kind: "doom",
    id: idOf(home.inbox.load(), 4),
    on: "remote",
  }]);
  await home.handOver();
  const stamp = home.state.statusFiles.stampOf(INBOX) ?? assert.fail();
  {
    using database = new DatabaseSync(home.status());
    database.exec(
      "UPDATE status SET flags = 'F' WHERE id = 1;" +
        "DELETE FROM status WHERE id IN (2, 4);" +
        "INSERT INTO status VALUES (8, 'S', 0, ''), (9, 'a', 0, '')",
    );
  }
  const mutations = await catchUp(options(home, stamp));
  home.inbox.commit(mutations);
  assert.deepEqual(contents(home.inbox.load()), [
    // What has no letter is not theirs to take away.
    { remote: 1, local: "one", flags: "$Other \\Flagged", doomed: false },
    { remote: 3, local: "three", flags: "", doomed: false },
    // Or it would come back.
    { remote: 4, local: "four", flags: "", doomed: "remote" },
    { remote: 8, local: "eight", flags: "\\Seen", doomed: false },
    // Deleted locally since: carried over.
    { remote: 9, local: ".missing,U=9", flags: "$Work", doomed: false },
  ]);
});

Deno.test("catchUp() concludes nothing from files under another mark", async () => {
  using home = new Home();
  home.inbox.commit([pair(1, "one")]);
  await home.handOver();
  const stamp = home.state.statusFiles.stampOf(INBOX) ?? assert.fail();
  {
    using database = new DatabaseSync(home.status());
    database.exec("INSERT INTO status VALUES (8, 'S', 0, '')");
  }
  assert.deepEqual(await catchUp(options(home, stamp, false)), []);
});

function options(home: Home, stamp: string, here = true) {
  return {
    path: home.status(),
    stamp,
    customFlags: new Map([["a", "$Work"]]),
    load: () => home.inbox.load(),
    files: () =>
      Promise.resolve([
        { ref: "eight", hint: { uid: 8, here, origin: "ab" } },
      ]),
    warn: (text: string) => assert.fail(text),
  };
}
