/** `--dry-run`: the whole plan in words, and nothing written anywhere. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Program } from "../support/program.ts";
import { mail, mails, openPair, type Pair, wire } from "./support.ts";

/** Everything in the home, with times. */
function everything(program: Program): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      const { size, mtime, ino } = Deno.lstatSync(path);
      // For the lock, and for what SQLite needs to read, files come and go.
      const passing = entry.isDirectory && path.startsWith(program.metadata);
      const time = passing ? "" : mtime?.getTime();
      // What a directory's size is differs from file system to file system.
      found.push(`${path} ${entry.isDirectory ? "" : size} ${time} ${ino}`);
      if (entry.isDirectory) visit(path);
    }
  };
  visit(program.home);
  return found.sort();
}

/** Commands that change something on the server. */
const WRITES =
  /^(APPEND|STORE|UID STORE|EXPUNGE|UID EXPUNGE|MOVE|UID MOVE|COPY|UID COPY|CREATE|DELETE|RENAME|SUBSCRIBE|SELECT)$/;

async function dryRun(pair: Pair): Promise<string[]> {
  const { program, server } = pair;
  server.log.clear();
  const before = everything(program);
  const { code, output } = await program.sync({ args: ["--dry-run"] });
  assert.equal(code, 0, output);
  assert.deepEqual(everything(program), before);
  assert.equal(server.log.count(WRITES), 0, server.log.names().join(" "));
  return output.split("\n").filter((line) => line.startsWith("[DRYRUN]"));
}

Deno.test("--dry-run tells a first copy, and leaves not even a folder behind", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(3) },
      { name: "Empty" },
    ],
  });
  assert.deepEqual(await dryRun(pair), [
    "[DRYRUN] Creating folder Empty[here]",
    "[DRYRUN] Creating folder INBOX[here]",
    "[DRYRUN] Copy 3 messages from INBOX[there] to here",
  ]);
});

Deno.test("--dry-run tells every kind of change, and carries out none", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(8) },
    ],
  }, { account: { presynchook: "echo ran > ran", postsynchook: "exit 1" } });
  const { program, server } = pair;
  program.configure({ account: {} });
  await program.sync();
  await program.sync();
  program.configure();
  const { tree } = program;
  const inbox = server.mailbox("INBOX");
  inbox.append(wire("new-there"));
  inbox.setFlags(1, ["\\Flagged"], "add");
  inbox.expunge(2);
  tree.deliver("INBOX", mail("new-here"), "S");
  tree.setLetters(tree.find("m-2"), "RS");
  tree.remove(tree.find("m-3"));
  server.mailbox("There").create({ messages: mails(2, "there") });
  tree.create("Here");
  tree.deliver("Here", mail("in-here"), "S");
  const plan = await dryRun(pair);
  assert.deepEqual(
    plan.toSorted(),
    [
      "[DRYRUN] Calling hook: echo ran > ran",
      "[DRYRUN] Calling hook: exit 1",
      "[DRYRUN] Change flags of 1 messages on INBOX[here]",
      "[DRYRUN] Change flags of 1 messages on INBOX[there]",
      "[DRYRUN] Copy 1 messages from Here[here] to there",
      "[DRYRUN] Copy 1 messages from INBOX[here] to there",
      "[DRYRUN] Copy 1 messages from INBOX[there] to here",
      "[DRYRUN] Copy 2 messages from There[there] to here",
      "[DRYRUN] Creating folder Here[there]",
      "[DRYRUN] Creating folder There[here]",
      "[DRYRUN] Deleting 1 messages (2) in Maildir[INBOX]",
      "[DRYRUN] Deleting 1 messages (4) in IMAP[INBOX]",
    ].toSorted(),
  );
});

Deno.test("--dry-run tells a move as a move, as the run then does it", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(4) }, { name: "Done" }],
  });
  const { program, server } = pair;
  await program.sync();
  await program.sync();
  program.tree.move(program.tree.find("m-1"), "Done");
  assert.deepEqual(await dryRun(pair), [
    "[DRYRUN] Moving 1 messages in there: INBOX -> Done",
  ]);
  const { output } = await program.sync();
  assert.match(output, /^Moving 1 messages in there: INBOX -> Done$/m);
  assert.equal(server.log.count("APPEND"), 0);
});

Deno.test("a move is told by the names that the server gives to its folders", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "Work/Old", messages: mails(3) },
      { name: "Work/Done", messages: mails(1, "d") },
    ],
  }, {
    remote: { nametrans: "lambda n: n.replace('Work/', 'job-')" },
    local: { nametrans: "lambda n: n.replace('job-', 'Work/')" },
    account: { postsynchook: "cat" },
  });
  const { program } = pair;
  await program.sync();
  program.tree.move(program.tree.find("m-1"), "job-Done");
  assert.deepEqual(await dryRun(pair), [
    "[DRYRUN] Moving 1 messages in there: Work/Old -> Work/Done",
    "[DRYRUN] Calling hook: cat",
  ]);
  const { output, events } = await program.sync();
  assert.match(
    output,
    /^Moving 1 messages in there: Work\/Old -> Work\/Done$/m,
  );
  // Hooks are told of a folder by one name.
  const [hook] = events.flatMap((e) => e.type === "hook" ? [e.stdout] : []);
  assert.deepEqual(Object.keys(JSON.parse(hook ?? "").folders), ["job-Old"]);
});

Deno.test("--dry-run refuses what the run would refuse, with its status, and deletes nothing", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(30) }],
  });
  const { program, server } = pair;
  await program.sync();
  for (const file of program.tree.files("INBOX")) Deno.removeSync(file.path);
  const dry = await program.sync({ args: ["--dry-run"] });
  assert.equal(dry.code, 1);
  const refusal = /ERROR: Refused to delete 30 of 30 messages of "INBOX"/;
  assert.match(dry.output, refusal);
  assert.doesNotMatch(dry.output, /Deleting/);
  assert.equal(server.mailbox("INBOX").count, 30);
  const real = await program.sync();
  assert.equal(real.code, 1);
  assert.match(real.output, refusal);
  const allowed = await program.sync({
    args: ["--dry-run", "--allow-deletes"],
  });
  assert.equal(allowed.code, 0);
  assert.match(
    allowed.output,
    /^\[DRYRUN\] Deleting 30 messages \(1:30\) in IMAP\[INBOX\]$/m,
  );
  assert.equal(server.mailbox("INBOX").count, 30);
});
