/**
 * OfflineIMAP's faults that lost, doubled or reverted mail, D1 to D22: what the
 * user wanted, shown on the real program. docs/compatibility.md names the rows.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startImapServer } from "../support/imap_server/mod.ts";
import { serverContents } from "../support/contents.ts";
import { openProgram } from "../support/program.ts";
import {
  assertBoth,
  mail,
  mails,
  openPair,
  type Pair,
  wire,
  writes,
} from "./support.ts";

const LABELS = ["m-0", "m-1", "m-2"];

Deno.test("D1: a new UIDVALIDITY with the same mail is paired again, nothing is transferred", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  server.mailbox("INBOX").setUidValidity();
  server.log.clear();
  const { code, events } = await program.sync();
  assert.equal(code, 0);
  assertBoth(pair, LABELS);
  assert.deepEqual(writes(server), []);
  assert.ok(!events.some(({ type }) => type === "message.copied"));
});

Deno.test("D1: a mailbox that came back empty stops that folder, exit status 2, nothing is deleted", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(3) },
      { name: "Other", messages: mails(1, "o") },
    ],
  });
  const { server, program } = pair;
  await program.sync();
  const inbox = server.mailbox("INBOX");
  inbox.expunge();
  inbox.setUidValidity();
  server.mailbox("Other").append(wire("o-new"));
  const { code, output } = await program.sync();
  assert.equal(code, 2);
  assert.match(output, /UID validity problem for folder/);
  assert.equal(program.tree.files("INBOX").length, 3);
  assert.equal(program.tree.files("Other").length, 2, "others go on");
  const again = await program.sync({ args: ["--accept-validity"] });
  assert.equal(again.code, 0);
  assertBoth(pair, [...LABELS, "o-0", "o-new"]);
});

Deno.test("D2: folders whose names meet in OfflineIMAP's files keep apart", async () => {
  await using pair = openPair({
    profile: { separator: "/" },
    mailboxes: [
      { name: "INBOX" },
      { name: "a/b", messages: mails(3, "slash") },
      { name: "a.b", messages: mails(3, "dot") },
    ],
  });
  await pair.program.sync();
  await pair.program.sync();
  assertBoth(pair, [0, 1, 2].flatMap((n) => [`slash-${n}`, `dot-${n}`]));
});

Deno.test("D3, D4: whoever fails to get the lock leaves it alone, and every sync holds it", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  const first = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const off = server.onCommand(async ({ name }) => {
    if (name !== "UID FETCH") return;
    first.resolve();
    await go.promise;
  });
  const running = program.run();
  await first.promise;
  for (let attempt = 0; attempt < 2; attempt++) {
    const second = await program.run();
    assert.equal(second.code, 1);
    assert.match(second.stdout, /Could not lock account test/);
  }
  go.resolve();
  off();
  assert.equal((await running).code, 0);
  assertBoth(pair, LABELS);
});

for (
  const [name, vice] of [
    ["an empty listing", { kind: "emptyListing" }],
    ["a listing without one message", { kind: "dropRows", uids: [2] }],
  ] as const
) {
  Deno.test(`D5: ${name} deletes nothing`, async () => {
    await using pair = openPair({ profile: { base: "bare" } });
    const { server, program } = pair;
    await program.sync();
    const handle = server.vices.add(vice);
    await program.sync();
    assert.equal(program.tree.files("INBOX").length, 3);
    handle.remove();
    await program.sync();
    assertBoth(pair, LABELS);
  });
}

// shows: --allow-deletes
Deno.test("D5: emptied cur and new are a mass deletion, which waits for a permit", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(50) }],
  });
  const { server, program } = pair;
  await program.sync();
  for (const file of program.tree.files("INBOX")) program.tree.remove(file);
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /--allow-deletes/);
  assert.equal(server.mailbox("INBOX").count, 50);
  const allowed = await program.sync({ args: ["--allow-deletes"] });
  assert.equal(allowed.code, 0);
  assert.equal(server.mailbox("INBOX").count, 0);
});

Deno.test("D5: a message that a listing lacks, whatever EXISTS says, is asked for again", async () => {
  await using pair = openPair({
    profile: { condstore: false, qresync: false },
  });
  const { server, program } = pair;
  await program.sync();
  // Something has to have changed, or nobody looks.
  server.mailbox("INBOX").append(wire("new"));
  server.vices.add({ kind: "existsMore", by: -1, when: { times: 1 } });
  server.vices.add({ kind: "dropRows", uids: [1], when: { times: 1 } });
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /there when asked for again/);
  await program.sync();
  assertBoth(pair, [...LABELS, "new"]);
});

for (const uidPlus of [true, false]) {
  Deno.test(`D6: nobody else's \\Deleted messages are expunged ${uidPlus ? "with" : "without"} UIDPLUS`, async () => {
    await using pair = openPair({ profile: { uidplus: uidPlus, move: false } });
    const { server, program } = pair;
    await program.sync();
    program.tree.remove(program.tree.find("m-0"));
    server.mailbox("INBOX").setFlags(2, ["\\Deleted"]);
    await program.sync();
    const left = server.mailbox("INBOX").messages().map(({ uid }) => uid);
    assert.ok(left.includes(2), "the stranger's message is still there");
    assert.ok(left.includes(3));
    await program.sync();
    const files = program.tree.files("INBOX").length;
    assert.equal(files, 2, "what we deleted does not come back");
  });
}

Deno.test("D7: a local message whose new UID is not told is kept and found again", async () => {
  await using pair = openPair({ profile: { uidplus: false } });
  const { server, program } = pair;
  await program.sync();
  program.tree.deliver("INBOX", mail("local"));
  await program.sync();
  await program.sync();
  assertBoth(pair, [...LABELS, "local"]);
  assert.equal(server.log.count("APPEND"), 1);
});

Deno.test("D8: with expunge = no a deleted message does not come back", async () => {
  await using pair = openPair({}, { remote: { expunge: false } });
  const { server, program } = pair;
  await program.sync();
  program.tree.remove(program.tree.find("m-1"));
  await program.sync();
  await program.sync();
  assert.equal(program.tree.files("INBOX").length, 2);
  const marked = server.mailbox("INBOX").message(2);
  assert.ok(marked?.flags.includes("\\Deleted"));
});

Deno.test("D9: an upload whose answer is lost is not sent again", async () => {
  // Else the run itself would look and find it.
  await using pair = openPair({}, { remote: { retrycount: 1 } });
  const { server, program } = pair;
  await program.sync();
  program.tree.deliver("INBOX", mail("local"));
  server.vices.add({ kind: "lostReply", when: { command: "APPEND", nth: 1 } });
  const first = await program.sync();
  assert.equal(first.code, 1);
  assert.equal((await program.sync()).code, 0);
  await program.sync();
  assertBoth(pair, [...LABELS, "local"]);
  assert.equal(server.log.count("APPEND"), 1);
});

Deno.test("D10: maxsize on an existing set-up deletes nothing on either side", async () => {
  const big = wire("big", "x".repeat(5_000) + "\n");
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: [...mails(2), { source: big }] }],
  });
  const { server, program } = pair;
  await program.sync();
  program.configure({ account: { maxsize: 1000 } });
  server.mailbox("INBOX").append(wire("big-2", "y".repeat(5_000) + "\n"));
  program.tree.deliver("INBOX", mail("big-3", "z".repeat(5_000) + "\n"));
  await program.sync();
  await program.sync();
  assert.equal(server.mailbox("INBOX").count, 4);
  assert.equal(program.tree.files("INBOX").length, 4);
  program.configure();
  await program.sync();
  assertBoth(pair, ["m-0", "m-1", "big", "big-2", "big-3"]);
});

Deno.test("D10: what maxsize hides and one side has deleted stays on the other", async () => {
  const big = (label: string) => wire(label, "x".repeat(5_000) + "\n");
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: [big("here"), big("there")] }],
  });
  const { server, program } = pair;
  await program.sync();
  program.configure({ account: { maxsize: 1000 } });
  program.tree.remove(program.tree.find("there"));
  server.mailbox("INBOX").expunge(1);
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.mailbox("INBOX").count, 1);
  assert.equal(program.tree.files("INBOX").length, 1);
});

Deno.test("D11: without any status flags are the union of both sides, nothing is transferred", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  Deno.removeSync(program.metadata, { recursive: true });
  const file = program.tree.find("m-0");
  program.tree.setLetters(file, "FS");
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Answered"]);
  server.log.clear();
  const { events } = await program.sync();
  assert.ok(!events.some(({ type }) => type === "message.copied"));
  assert.deepEqual(
    [...server.mailbox("INBOX").message(1)?.flags ?? []].sort(),
    ["\\Answered", "\\Flagged", "\\Seen"],
  );
  assertBoth(pair, LABELS);
});

Deno.test("D12: another nametrans on the local side uploads nothing again", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX" }, { name: "Work", messages: mails(3) }],
  });
  const { server, program } = pair;
  await program.sync();
  program.configure({
    local: { nametrans: "lambda n: re.sub('^work$', 'Work', n)" },
    remote: { nametrans: "lambda n: re.sub('^Work$', 'work', n)" },
  });
  Deno.renameSync(join(program.mail, "Work"), join(program.mail, "work"));
  server.log.clear();
  const { code, events } = await program.sync();
  assert.equal(code, 0);
  assert.deepEqual(writes(server), []);
  assert.ok(!events.some(({ type }) => type === "message.copied"));
  assert.equal(program.tree.files("work").length, 3);
});

Deno.test("D13: a second file with the same U= is a new message", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  const file = program.tree.find("m-0");
  const copy = file.path.replace(/\/(\d+)_/, "/9$1_");
  Deno.copyFileSync(file.path, copy);
  await program.sync();
  await program.sync();
  assert.equal(server.mailbox("INBOX").count, 4);
  assertBoth(pair);
});

for (const canMove of [true, false]) {
  Deno.test(`D14: a file moved to another folder is ${canMove ? "moved on the server" : "uploaded before it is deleted"}`, async () => {
    await using pair = openPair({
      profile: { move: canMove, uidplus: canMove },
      mailboxes: [{ name: "INBOX", messages: mails(3) }, { name: "Archive" }],
    });
    const { server, program } = pair;
    await program.sync();
    program.tree.move(program.tree.find("m-1"), "Archive");
    server.log.clear();
    await program.sync();
    await program.sync();
    assertBoth(pair, LABELS);
    assert.equal(server.mailbox("Archive").count, 1);
    const names = server.log.names();
    if (canMove) {
      assert.equal(server.log.count("APPEND"), 0);
      assert.equal(server.log.count("UID MOVE"), 1);
    } else assert.ok(names.indexOf("APPEND") < names.indexOf("UID STORE"));
  });
}

Deno.test("D14: while an upload fails, the original is not deleted", async () => {
  await using pair = openPair({
    profile: { move: false, uidplus: false },
    mailboxes: [{ name: "INBOX", messages: mails(3) }, { name: "Archive" }],
  });
  const { server, program } = pair;
  await program.sync();
  program.tree.move(program.tree.find("m-1"), "Archive");
  const full = server.vices.add({ kind: "refuseAppend", code: "OVERQUOTA" });
  const { code } = await program.sync();
  assert.equal(code, 1);
  assert.equal(server.mailbox("INBOX").count, 3);
  full.remove();
  await program.sync();
  await program.sync();
  assertBoth(pair, LABELS);
});

Deno.test("D15: maildir-windows-compatible can be switched on an existing tree", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  program.configure({ account: { "maildir-windows-compatible": true } });
  server.log.clear();
  const { code } = await program.sync();
  assert.equal(code, 0);
  assert.deepEqual(writes(server), [], "no flag is taken for removed");
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Flagged"]);
  server.mailbox("INBOX").append(wire("new"), { flags: ["\\Seen"] });
  await program.sync();
  assert.ok(program.tree.find("new").name.endsWith("!2,S"));
});

Deno.test("D16: two accounts on one Maildir are refused before anything is done", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  const text = Deno.readTextFileSync(program.configFile);
  const second = text.slice(text.indexOf("[Account"))
    .replaceAll("here", "here2").replaceAll("there2", "there2")
    .replace("[Account test]", "[Account two]");
  Deno.writeTextFileSync(
    program.configFile,
    text.replace("accounts = test", "accounts = test, two") + "\n" + second
      .replace("remoterepository = there2", "remoterepository = there")
      .replace(/\[Repository there2?\][^[]*/, ""),
  );
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /localfolders/);
  assert.equal(server.log.count("LOGIN"), 0);
});

Deno.test("D17: what a read-only server cannot take is reported, and restored on request", async () => {
  await using pair = openPair({}, { remote: { readonly: true } });
  const { server, program } = pair;
  await program.sync();
  program.tree.remove(program.tree.find("m-0"));
  const { output } = await program.sync();
  assert.match(output, /read-only/);
  assert.equal(server.mailbox("INBOX").count, 3);
  await program.sync({ args: ["--restore"] });
  assertBoth(pair, LABELS);
});

Deno.test("D18: a file that a mail program renames meanwhile is found again", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Answered"]);
  let renamed = false;
  const { code } = await program.sync({
    step: (kind, name) => {
      if (renamed || kind !== "file" || name !== "rename") return;
      renamed = true;
      program.tree.setLetters(program.tree.find("m-0"), "FS");
    },
  });
  assert.equal(code, 0);
  assert.ok(renamed);
  await program.sync();
  await program.sync();
  assertBoth(pair, LABELS);
  assert.deepEqual(
    [...server.mailbox("INBOX").message(1)?.flags ?? []].sort(),
    ["\\Answered", "\\Flagged", "\\Seen"],
  );
});

Deno.test("D19: after a copy that failed nothing is deleted in the same run", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  server.mailbox("INBOX").append(wire("new"));
  server.mailbox("INBOX").expunge(1);
  const drop = server.vices.add({ kind: "dropRows", uids: [4] });
  const { code } = await program.sync();
  assert.equal(code, 1);
  assert.equal(program.tree.files("INBOX").length, 3);
  drop.remove();
  await program.sync();
  await program.sync();
  assertBoth(pair, ["m-1", "m-2", "new"]);
});

Deno.test("D20: file and directory are on the disk before the status says so", async () => {
  await using pair = openPair();
  const { program } = pair;
  const { steps } = await program.sync();
  const at = (name: string) =>
    steps.flatMap((step, index) => step === name ? [index] : []);
  const renames = at("file rename");
  const last = renames.at(-1) ?? Infinity;
  const commit = at("state commit").find((index) => index > last) ?? -1;
  assert.equal(renames.length, 3);
  assert.equal(at("file fdatasync").filter((index) => index < last).length, 3);
  assert.ok(
    at("file fsync directory").some((index) => index > last && index < commit),
    steps.join(", "),
  );
});

Deno.test("D21: a list of folders is replaced as a whole", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using pair = openPair();
  const { program } = pair;
  const place = join(program.home, "client");
  const list = join(place, "list");
  Deno.mkdirSync(place);
  Deno.writeTextFileSync(list, "as it was");
  Deno.writeTextFileSync(
    program.configFile,
    `\n[mbnames]\nenabled = yes\nfilename = ${list}\nheader = ''\n` +
      "peritem = %(foldername)s\nsep = ','\nfooter = ''\n",
    { append: true },
  );
  const { ino } = Deno.statSync(list);
  await program.sync();
  assert.equal(Deno.readTextFileSync(list), "INBOX");
  // Another file took its place: whoever reads the old one reads all of it.
  assert.notEqual(Deno.statSync(list).ino, ino);
  assert.deepEqual([...Deno.readDirSync(place)].length, 1);
});

Deno.test("D21: a status that was torn is refused, not used", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  const file = join(program.metadata, "Account-test", "state.sqlite");
  for (const ending of ["-wal", "-shm"]) {
    await Deno.remove(file + ending).catch(() => {});
  }
  const bytes = Deno.readFileSync(file);
  bytes.fill(0x5a, 0, 4096);
  Deno.writeFileSync(file, bytes);
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /state\.sqlite/);
  assert.equal(server.mailbox("INBOX").count, 3);
  assert.equal(program.tree.files("INBOX").length, 3);
});

for (const name of ["../escape", "a/../../escape", "/absolute"]) {
  Deno.test(`D22: a server's folder "${name}" creates nothing outside of the root`, async () => {
    await using pair = openPair({
      mailboxes: [
        { name: "INBOX", messages: mails(3) },
        { name: "bad", wireName: name, messages: mails(1, "bad") },
      ],
    });
    const { program } = pair;
    const { code } = await program.sync();
    assert.equal(code, 1);
    assert.equal(program.tree.files("INBOX").length, 3);
    const names = [...Deno.readDirSync(program.home)].map((e) => e.name);
    assert.deepEqual(names.sort(), ["mail", "metadata", "offlineimaprc"]);
  });
}

Deno.test("D5: a disk that is not mounted deletes nothing", async () => {
  const server = startImapServer({
    mailboxes: [{ name: "INBOX", messages: mails(3) }],
  });
  await using program = openProgram({ server });
  await program.sync();
  Deno.renameSync(program.mail, `${program.mail}.away`);
  Deno.mkdirSync(program.mail);
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /mount/i);
  assert.equal(server.mailbox("INBOX").count, 3);
  assert.deepEqual(serverContents(server).get("INBOX")?.length, 3);
  await server.stop();
});

Deno.test("D14: a move needs no second connection", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(3) }, { name: "Archive" }],
  });
  const { server, program } = pair;
  await program.sync();
  program.tree.move(program.tree.find("m-1"), "Archive");
  const { code } = await program.sync({ args: ["-1"] });
  assert.equal(code, 0);
  assert.equal(server.log.count("UID MOVE"), 1);
  assertBoth(pair, LABELS);
});

/** The program at a server that was put back to `kept` of its messages. */
async function restored(kept: number): Promise<Pair> {
  const uidValidity = 7;
  const before = openPair({
    mailboxes: [{ name: "INBOX", uidValidity, messages: mails(10) }],
  });
  await before.program.sync();
  await before.server.stop();
  const server = startImapServer({
    mailboxes: [{ name: "INBOX", uidValidity, messages: mails(kept) }],
  });
  // It gives a UID again that another message had.
  server.mailbox("INBOX").append(wire("new"));
  before.program.configure({ server });
  return {
    ...before,
    server,
    [Symbol.asyncDispose]: async () => {
      await before.program[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

Deno.test("D1: a server that was restored from a backup, and gives UIDs again, loses nothing", async () => {
  await using pair = await restored(8);
  for (let run = 0; run < 2; run++) {
    const { code, output } = await pair.program.sync();
    assert.equal(code, 0, output);
  }
  const all = mails(10).map((_, at) => `m-${at}`);
  assertBoth(pair, [...all, "new"]);
});

Deno.test("D1: a mailbox made anew under its old UIDVALIDITY is left alone until that is accepted", async () => {
  await using pair = await restored(0);
  for (let run = 0; run < 2; run++) {
    const { code, output } = await pair.program.sync();
    assert.equal(code, 2);
    assert.match(output, /--accept-validity/);
    assert.equal(pair.program.tree.files("INBOX").length, 10);
    assert.equal(pair.server.mailbox("INBOX").count, 1);
  }
  await pair.program.sync({ args: ["--accept-validity"] });
  const all = mails(10).map((_, at) => `m-${at}`);
  assertBoth(pair, [...all, "new"]);
});

Deno.test("D1: a mailbox that is made anew between listing and deleting loses nothing", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  program.tree.remove(program.tree.find("m-0"));
  const inbox = server.mailbox("INBOX");
  let selects = 0;
  const off = server.onCommand(({ name }) => {
    // The second look is the one before the deletion.
    if (name === "SELECT" && ++selects === 2) inbox.setUidValidity();
  });
  const { code } = await program.sync();
  off();
  assert.equal(code, 1);
  assert.equal(inbox.count, 3);
  assert.deepEqual(writes(server), []);
});
