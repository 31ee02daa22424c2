/** What looks like a wish to delete everything, and is none. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  assertInStep,
  countByLabel,
  linesOf,
  serverContents,
} from "../support/contents.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
  type Vice,
} from "../support/imap_server/mod.ts";
import {
  openProgram,
  type Program,
  stateFolder,
  type Synced,
} from "../support/program.ts";
import { fileOf, messageOf } from "./scenario.ts";
import { age, deedsOf } from "./world.ts";

/** More than the guard believes at any rate. */
const COUNT = 30;

/** A server and a home in step, and what both had then. */
class Level implements AsyncDisposable {
  readonly labels: readonly string[];
  /** Messages that came later. */
  readonly later: string[] = [];

  private constructor(readonly server: ImapServer, readonly program: Program) {
    this.labels = [...countByLabel(serverContents(server)).keys()];
  }

  /** Synchronises until nothing is left, as if long ago. */
  static async open(options: ImapServerOptions = {}): Promise<Level> {
    const names = (prefix: string) =>
      Array.from({ length: COUNT }, (_, i) => messageOf(`${prefix}${i}`));
    const server = startImapServer({
      mailboxes: [
        { name: "INBOX", messages: names("in") },
        { name: "Archive", messages: names("plain") },
      ],
      ...options,
    });
    const level = new Level(server, openProgram({ server }));
    assert.equal((await level.program.sync()).code, 0);
    age(level.program.mail);
    assert.equal((await level.program.sync()).code, 0);
    return level;
  }

  /** One more run, which deletes nothing anywhere and doubles nothing. */
  async sync(...args: string[]): Promise<Synced> {
    const { server, program } = this;
    const synced = await program.sync({ args });
    assert.ok(
      !synced.events.some(({ type }) => type === "messages.deleted"),
      synced.output,
    );
    const counts = countByLabel(serverContents(server));
    for (const label of [...this.labels, ...this.later]) {
      assert.equal(counts.get(label), 1, `${label} on the server`);
    }
    return synced;
  }

  /** The Maildir has all that it had, each once. */
  assertLocal(): void {
    const counts = countByLabel(this.program.tree.contents());
    for (const label of this.labels) {
      assert.equal(counts.get(label), 1, `${label} in the Maildir`);
    }
  }

  /** Both sides are in step again and hold just this. */
  async assertHealed(): Promise<void> {
    const { server, program } = this;
    const { code, output } = await this.sync();
    assert.equal(code, 0, output);
    assertInStep(program.tree.contents(), serverContents(server), {
      exactly: [...this.labels, ...this.later],
    });
    assert.deepEqual(deedsOf(await program.sync()), []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** The error that a run must end with. */
function assertError({ code, events, output }: Synced, wanted: string): void {
  assert.notEqual(code, 0, output);
  const codes = events.flatMap((event) =>
    event.type === "error" ? event.error.code : []
  );
  assert.ok(codes.includes(wanted), `${codes}: ${output}`);
}

Deno.test("The program deletes nothing when the disk with the Maildir is not mounted", async () => {
  await using level = await Level.open();
  const { mail } = level.program;
  Deno.renameSync(mail, `${mail}-away`);
  assertError(await level.sync(), "maildir.unmounted");
  await assert.rejects(Deno.stat(mail), "nothing is made in its place");
  Deno.mkdirSync(mail);
  assertError(await level.sync(), "maildir.unmounted");
  assert.deepEqual([...Deno.readDirSync(mail)], [], "nothing is put into it");
  Deno.removeSync(mail);
  Deno.renameSync(`${mail}-away`, mail);
  await level.assertHealed();
});

Deno.test("The program deletes nothing when the folders are there, their messages and the marker not", async () => {
  await using level = await Level.open();
  const { mail, tree } = level.program;
  Deno.renameSync(mail, `${mail}-away`);
  for (const folder of ["INBOX", "Archive"]) tree.create(folder);
  assertError(await level.sync(), "maildir.unmounted");
  Deno.removeSync(mail, { recursive: true });
  Deno.renameSync(`${mail}-away`, mail);
  await level.assertHealed();
});

Deno.test("The program does not empty a mailbox on the server because its files are gone", async () => {
  await using level = await Level.open();
  const { tree } = level.program;
  for (const file of tree.files("INBOX")) tree.remove(file);
  assertError(await level.sync(), "sync.guard");
  assertError(await level.sync(), "sync.guard");
  // The user insists.
  const { code } = await level.program.sync({ args: ["--allow-deletes"] });
  assert.equal(code, 0);
  assert.equal(level.server.mailbox("INBOX").count, 0);
  assert.equal(level.server.mailbox("Archive").count, COUNT);
});

Deno.test("The program fetches a folder again whose directory is gone", async () => {
  await using level = await Level.open();
  Deno.removeSync(join(level.program.mail, "INBOX"), { recursive: true });
  await level.assertHealed();
});

const LISTINGS: readonly [string, readonly Vice[]][] = [
  ["an empty listing", [{ kind: "emptyListing" }]],
  ["a mailbox that seems empty", [{ kind: "emptiedView" }]],
  ["half a listing", [{ kind: "dropRows", uids: odd() }]],
  ["half a listing and half a search", [
    { kind: "dropRows", uids: odd() },
    { kind: "searchOmits", uids: odd() },
  ]],
  ["searches that find nothing of what is told", [
    { kind: "existsMore", by: 1 },
    { kind: "searchOmits" },
  ]],
  ["more messages told than there are", [{ kind: "existsMore", by: 3 }]],
  ["VANISHED for every message", [{ kind: "vanishAll" }]],
  ["no mailbox in LIST", [{ kind: "listOmits" }]],
  ["a mailbox left out of LIST", [{
    kind: "listOmits",
    mailboxes: ["Archive"],
  }]],
];

function odd(): number[] {
  return Array.from({ length: COUNT }, (_, i) => i + 1).filter((n) => n % 2);
}

for (const profile of ["dovecot", "bare"] as const) {
  for (const [name, vices] of LISTINGS) {
    Deno.test(`The program deletes nothing for ${name}, on a server like ${profile}`, async () => {
      await using level = await Level.open({ profile });
      // Something is new, and other options make what was known too little.
      level.server.mailbox("INBOX").setFlags(2, ["\\Seen"]);
      level.server.mailbox("Archive").setFlags(2, ["\\Seen"]);
      level.program.configure({ local: { customflag_z: "Other" } });
      const handles = vices.map((vice) => level.server.vices.add(vice));
      for (let run = 0; run < 2; run++) {
        await level.sync();
        level.assertLocal();
      }
      for (const handle of handles) {
        // VANISHED is nothing that a bare server can say.
        if (profile === "dovecot") assert.ok(handle.fired > 0);
        handle.remove();
      }
      level.later.push("later");
      level.server.mailbox("INBOX").append(messageOf("later"));
      await level.assertHealed();
    });
  }
}

Deno.test("The program mixes nothing when an account turns to another one's server", async () => {
  await using level = await Level.open({
    users: {
      user: "secret",
      other: {
        password: "secret",
        mailboxes: [
          { name: "INBOX", messages: ["x", "y"].map(messageOf) },
          { name: "Archive", messages: [] },
        ],
      },
    },
  });
  const { server, program } = level;
  program.configure({
    server: { port: server.port, user: "other", password: "secret" },
  });
  const local = linesOf(program.tree.contents());
  assertError(await level.sync(), "sync.validity");
  assert.deepEqual(linesOf(program.tree.contents()), local);
  assert.equal(server.mailbox("INBOX", "other").count, 2);
  assert.equal(server.mailbox("Archive", "other").count, 0);
  program.configure();
  await level.assertHealed();
});

Deno.test("The program deletes nothing when it is given the metadata of another account", async () => {
  await using level = await Level.open();
  await using stranger = await Level.open({
    mailboxes: [
      {
        name: "INBOX",
        uidValidity: 77,
        messages: Array.from({ length: COUNT }, (_, i) => messageOf(`o${i}`)),
      },
      { name: "Archive", uidValidity: 78, messages: [messageOf("o")] },
    ],
  });
  const own = stateFolder(level.program);
  Deno.renameSync(own, `${own}-away`);
  await copy(stateFolder(stranger.program), own);
  await level.sync();
  level.assertLocal();
  Deno.removeSync(own, { recursive: true });
  Deno.renameSync(`${own}-away`, own);
  await level.assertHealed();
});

Deno.test("The program goes on from metadata that was restored from a backup", async () => {
  await using level = await Level.open();
  const { server, program } = level;
  const own = stateFolder(program);
  await copy(own, `${own}-backup`);
  // Since the backup: mail came and went on both sides, and was flagged.
  const inbox = server.mailbox("INBOX");
  inbox.append(messageOf("later0"));
  inbox.setFlags(1, ["\\Flagged"]);
  inbox.expunge(2);
  program.tree.deliver("INBOX", fileOf("later1"), "S");
  program.tree.remove(program.tree.find("in3"));
  assert.equal((await program.sync()).code, 0);
  Deno.removeSync(own, { recursive: true });
  Deno.renameSync(`${own}-backup`, own);
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
  assertInStep(program.tree.contents(), serverContents(server), {
    exactly: [
      ...level.labels.filter((label) => label !== "in1" && label !== "in3"),
      ...["later0", "later1"],
    ],
  });
  assert.deepEqual(deedsOf(await program.sync()), []);
});

Deno.test("The program transfers nothing when a Maildir comes to another machine without metadata", async () => {
  await using level = await Level.open();
  Deno.removeSync(level.program.metadata, { recursive: true });
  const first = await level.sync();
  assert.equal(first.code, 0, first.output);
  assert.deepEqual(
    deedsOf(first).filter((deed) => deed.includes("message")),
    [],
  );
  level.assertLocal();
  level.later.push("later");
  level.server.mailbox("INBOX").append(messageOf("later"));
  await level.assertHealed();
});

Deno.test("The program deletes nothing and misses nothing when the clock goes back", async () => {
  await using level = await Level.open();
  const { now } = Date;
  Date.now = () => now() - 24 * 3_600_000;
  try {
    await level.sync();
    level.server.mailbox("INBOX").append(messageOf("later0"));
    level.program.tree.deliver("INBOX", fileOf("later1"), "S");
    const { code, output } = await level.sync();
    assert.equal(code, 0, output);
    level.later.push("later0", "later1");
    await level.assertHealed();
  } finally {
    Date.now = now;
  }
  await level.assertHealed();
});

async function copy(from: string, to: string): Promise<void> {
  Deno.mkdirSync(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
