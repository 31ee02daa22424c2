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
      // A dry run holds the lock; the files of it are empty before and after.
      if (/\.lock(-holder)?$/.test(entry.name)) continue;
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
  assert.deepEqual(await dryRunOfNothing(pair), [
    "[DRYRUN] Creating folder Empty[here]",
    "[DRYRUN] Creating folder INBOX[here]",
    "[DRYRUN] Copy 3 messages from INBOX[there] to here",
  ]);
});

/** As {@link dryRun}, where even the metadata folder may come to be, for the lock. */
async function dryRunOfNothing(pair: Pair): Promise<string[]> {
  const { program } = pair;
  Deno.mkdirSync(program.metadata);
  return await dryRun(pair);
}

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
    // Whether a deletion tells its numbers does not matter here.
    plan.map((line) => line.replace(/ \([\d:,]+\) in /, " in ")).toSorted(),
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
      "[DRYRUN] Deleting 1 messages in Maildir[INBOX]",
      "[DRYRUN] Deleting 1 messages in IMAP[INBOX]",
    ].toSorted(),
  );
});
