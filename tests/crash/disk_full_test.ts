/** Disks that are full or locked, and messages that nobody takes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { assertInStep, labelOf, serverContents } from "../support/contents.ts";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { INFO } from "../support/maildir_tree.ts";
import { openProgram, type Program } from "../support/program.ts";
import { fileOf, messageOf } from "./scenario.ts";
import { smallDiskTest } from "./small_disk.ts";
import { deedsOf } from "./world.ts";

function labels(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

function serverWith(names: readonly string[]): ImapServer {
  return startImapServer({
    mailboxes: [{ name: "INBOX", messages: names.map(messageOf) }],
  });
}

/** Whatever lies in the Maildir is whole. */
function assertNoneTorn({ tree }: Program): void {
  for (const { body } of [...tree.contents().values()].flat()) {
    assert.deepEqual([...body], [...messageOf(labelOf(body))]);
  }
}

async function assertLevel(
  program: Program,
  server: ImapServer,
  all: readonly string[],
): Promise<void> {
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
  assertInStep(program.tree.contents(), serverContents(server), {
    exactly: all,
  });
  assert.deepEqual(deedsOf(await program.sync()), []);
}

smallDiskTest(
  "The program says that the disk is full during a first copy, and goes on from there",
  "512k",
  async (disk) => {
    const all = labels("big", 100);
    await using server = serverWith(all);
    await using program = openProgram({
      server,
      mail: join(disk.path, "mail"),
    });
    const { code, stdout, stderr } = await program.run();
    assert.equal(code, 1);
    assert.match(stdout, /ERROR: Cannot write to folder "INBOX": .*space/i);
    assert.match(stdout, /Free some space on the disk that holds the Maildir/);
    assert.doesNotMatch(stdout + stderr, /\n {4}at /);
    assertNoneTorn(program);
    const before = program.tree.files("INBOX").length;
    assert.ok(before > 10 && before < 100, `${before} messages fitted`);
    assert.equal(server.mailbox("INBOX").count, 100);
    // Still full: nothing gets lost by trying again.
    assert.equal((await program.sync()).code, 1);
    assert.equal(server.mailbox("INBOX").count, 100);
    await disk.resize("8m");
    await assertLevel(program, server, all);
  },
);

smallDiskTest(
  "The program says that the disk of its metadata is full, and goes on from there",
  "160k",
  async (disk) => {
    const [down, up] = [labels("down", 1500), labels("up", 100)];
    await using server = serverWith(down);
    await using program = openProgram({
      server,
      metadata: join(disk.path, "metadata"),
    });
    program.tree.create("INBOX");
    for (const label of up) program.tree.deliver("INBOX", fileOf(label));
    const { code, stdout } = await program.run();
    assert.equal(code, 1);
    assert.match(stdout, /ERROR: .*(full|space)/i);
    assertNoneTorn(program);
    await disk.resize("8m");
    await assertLevel(program, server, [...down, ...up]);
  },
);

smallDiskTest(
  "The program starts on a disk without any room by saying so",
  "64k",
  async (disk) => {
    await using server = serverWith(["a"]);
    await using program = openProgram({
      server,
      metadata: join(disk.path, "metadata"),
      mail: join(disk.path, "mail"),
    });
    Deno.writeFileSync(join(disk.path, "ballast"), new Uint8Array(64 * 1024), {
      append: true,
    });
    const { code, stdout } = await program.run();
    assert.equal(code, 1);
    assert.match(stdout, /ERROR: .*(full|space)/i);
    Deno.removeSync(join(disk.path, "ballast"));
    await disk.resize("8m");
    await assertLevel(program, server, ["a"]);
  },
);

smallDiskTest(
  "The program leaves everything alone while the Maildir is read-only",
  "8m",
  async (disk) => {
    const all = labels("a", 5);
    await using server = serverWith(all);
    await using program = openProgram({
      server,
      mail: join(disk.path, "mail"),
    });
    assert.equal((await program.sync()).code, 0);
    // A change of each kind, on both sides.
    const inbox = server.mailbox("INBOX");
    inbox.append(messageOf("new"));
    inbox.setFlags(1, ["\\Flagged"]);
    inbox.expunge(2);
    program.tree.deliver("INBOX", fileOf("mine"), "S");
    program.tree.setLetters(program.tree.find("a3"), "R");
    program.tree.remove(program.tree.find("a4"));
    await disk.setReadOnly(true);
    const { code, stdout } = await program.run();
    assert.equal(code, 1);
    assert.match(stdout, /ERROR: .*read-only/i);
    assert.match(stdout, /right to read and write/);
    await disk.setReadOnly(false);
    // What the first run uploaded is found again, not sent again.
    await assertLevel(program, server, ["a0", "a2", "a3", "mine", "new"]);
  },
);

Deno.test("The program copies all but the message that the server does not take, and says which", async () => {
  await using server = serverWith(["down"]);
  const vice = server.vices.add({ kind: "refuseAppend", marker: "poison" });
  await using program = openProgram({ server });
  program.tree.create("INBOX");
  for (const label of ["one", "poison", "two"]) {
    program.tree.deliver("INBOX", fileOf(label));
  }
  const { code, stdout } = await program.run();
  assert.equal(code, 1);
  const [poison = ""] = program.tree.find("poison").name.split(INFO);
  assert.match(stdout, /ERROR: .*refused a message for "INBOX"/);
  assert.ok(stdout.includes(poison), stdout);
  assert.equal(server.mailbox("INBOX").count, 3);
  vice.remove();
  await assertLevel(program, server, ["down", "one", "poison", "two"]);
});

Deno.test("The program tells once of a message that is too big for the server, and remembers", async () => {
  await using server = serverWith(["down"]);
  server.vices.add({ kind: "refuseAppend", overBytes: 4096, code: "TOOBIG" });
  await using program = openProgram({ server });
  program.tree.create("INBOX");
  for (const label of ["one", "big"]) {
    program.tree.deliver("INBOX", fileOf(label));
  }
  assert.equal((await program.sync()).code, 1);
  const again = await program.sync();
  assert.equal(again.code, 0, again.output);
  assert.deepEqual(deedsOf(again), []);
  assert.equal(server.mailbox("INBOX").count, 2);
  assert.equal(program.tree.files("INBOX").length, 3);
});

Deno.test("The program says once that a message was accepted and is not to be seen, and keeps it", async () => {
  await using server = startImapServer({
    profile: { uidplus: false },
    mailboxes: [{ name: "INBOX" }],
    vices: [{ kind: "forgetAppend" }],
  });
  await using program = openProgram({ server });
  program.tree.create("INBOX");
  program.tree.deliver("INBOX", fileOf("a"));
  await program.sync();
  const warnings = async () =>
    (await program.sync()).events.filter((event) =>
      event.type === "warning" && event.code === "sync.vanished"
    ).length;
  assert.equal(await warnings(), 1);
  assert.equal(await warnings(), 0);
  assert.equal(program.tree.files("INBOX").length, 1);
  assert.equal(server.log.count("APPEND"), 1);
});

Deno.test("The program copies all but the message that the server cannot give", async () => {
  const all = labels("a", 5);
  await using server = serverWith(all);
  const vice = server.vices.add({ kind: "nilBodies", uids: [3] });
  await using program = openProgram({ server });
  const { code, stdout } = await program.run();
  assert.equal(code, 1);
  assert.match(stdout, /ERROR: .*3/);
  assert.equal(program.tree.files("INBOX").length, 4);
  assertNoneTorn(program);
  vice.remove();
  await assertLevel(program, server, all);
});
