/** A folder of 100,000 messages: what a run holds in memory, and how long it takes. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { INFO } from "../support/maildir_tree.ts";
import { ACCOUNT, openProgram, type Program } from "../support/program.ts";
import { type CrashEntry, crashEntry } from "./crash_entry.ts";
import { age, memoryDisk } from "./world.ts";

const COUNT = 100_000;
/** Start-up alone takes 70 MB. */
const MEMORY_BYTES = 350 * 1024 * 1024;
/** Generous: it is here to catch what grows with the square. */
const RUN_MS = 20_000;

function source(uid: number): Uint8Array {
  return new TextEncoder().encode(
    `Subject: m${uid}\r\nMessage-ID: <${uid}@example.org>\r\n\r\n${uid}\r\n`,
  );
}

function bigServer(): ImapServer {
  const messages = Array.from({ length: COUNT }, (_, i) => ({
    source: source(i + 1),
    flags: i % 2 === 0 ? ["\\Seen"] : [],
    internalDate: new Date("2026-11-01T00:00:00Z"),
  }));
  return startImapServer({ mailboxes: [{ name: "INBOX", messages }] });
}

/** The files and the metadata that OfflineIMAP would have left. */
function fillAsOfflineImap(program: Program, server: ImapServer): void {
  const mark = createHash("md5").update("INBOX").digest("hex");
  program.tree.create("INBOX");
  const rows: string[] = [];
  for (let uid = 1; uid <= COUNT; uid++) {
    const seen = uid % 2 === 1;
    const unique = `1700000000_${uid}.1.host,U=${uid},FMD5=${mark}`;
    const text =
      `Subject: m${uid}\nMessage-ID: <${uid}@example.org>\n\n${uid}\n`;
    Deno.writeTextFileSync(
      join(program.mail, "INBOX", "cur", `${unique}${INFO}${seen ? "S" : ""}`),
      text,
    );
    rows.push(`${uid}|${seen ? "S" : ""}|0|\n`);
  }
  age(program.mail);
  const write = (folder: string, text: string) => {
    const path = join(program.metadata, folder);
    Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(join(path, "INBOX"), text);
  };
  write(
    `Account-${ACCOUNT}/LocalStatus`,
    "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 2\n" +
      rows.join(""),
  );
  const { uidValidity } = server.mailbox("INBOX");
  write("Repository-there/FolderValidity", `${uidValidity}\n`);
  write("Repository-here/FolderValidity", "42\n");
}

/** Runs the program; it must end well, in time and within its memory. */
async function run(
  program: Program,
  entry: CrashEntry,
  ...args: string[]
): Promise<string> {
  const memory = join(program.home, "memory");
  const linux = Deno.build.os === "linux";
  const { code, stdout } = await program.run({
    args,
    limitMs: RUN_MS,
    entry: { url: entry.url, args: linux ? ["--memory", memory] : [] },
  });
  assert.equal(code, 0, stdout);
  const bytes = linux ? Number(Deno.readTextFileSync(memory)) : 0;
  assert.ok(bytes < MEMORY_BYTES, `${Math.round(bytes / 2 ** 20)} MB`);
  return stdout;
}

Deno.test("The program holds 100,000 messages of a folder in bounded memory", async (t) => {
  using entry = await crashEntry();
  await using server = bigServer();
  // Each file takes a page.
  const disk = memoryDisk(2 ** 30);
  await using program = openProgram({
    server,
    ...(disk === undefined ? {} : { within: disk }),
  });
  await t.step("a first listing", async () => {
    const output = await run(program, entry, "--dry-run");
    assert.match(output, /100000/);
  });
  fillAsOfflineImap(program, server);
  const inbox = server.mailbox("INBOX");
  await t.step("the takeover of OfflineIMAP's metadata", async () => {
    inbox.append(source(COUNT + 1));
    const output = await run(program, entry);
    assert.equal(output.split("Copy message").length - 1, 1);
    assert.equal(program.tree.files("INBOX").length, COUNT + 1);
    assert.equal(inbox.count, COUNT + 1);
  });
  await t.step("nothing to do", async () => {
    age(program.mail);
    await run(program, entry);
    server.log.clear();
    assert.match(await run(program, entry), /Skipping INBOX \(not changed\)/);
    assert.equal(server.log.count("SELECT"), 0);
  });
  await t.step("changes on both sides", async () => {
    const some = Array.from({ length: 1000 }, (_, i) => 2 * i + 2);
    inbox.setFlags(some, ["\\Flagged"]);
    inbox.expunge(7);
    const files = program.tree.files("INBOX").slice(-1000);
    for (const file of files) program.tree.setLetters(file, "R");
    await run(program, entry);
    assert.equal(program.tree.files("INBOX").length, COUNT);
    const answered = inbox.messages().filter(({ flags }) =>
      flags.includes("\\Answered")
    );
    assert.equal(answered.length, 1000);
  });
});
