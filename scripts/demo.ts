// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * The main job for somebody without an account at hand: `deno task demo`.
 *
 * Starts a mail server with sample messages, runs the real program against it
 * into ./demo/, changes things on both sides, synchronises again until nothing
 * is left to do, and says where to look.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ImapServer,
  startImapServer,
} from "../tests/support/imap_server/mod.ts";
import { sampleMailboxes } from "../tests/support/imap_server/samples.ts";
import { mailboxTimes, tokenOf } from "../src/maildir/directory_time.ts";
import { displayWidth } from "../src/ui/width.ts";
import { PERMISSIONS } from "../src/permissions.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DEMO = join(ROOT, "demo");
const MAIL = join(DEMO, "Mail");

/** Headings stand out; the rest is what the program itself says. */
function heading(text: string): void {
  console.log(`\n=== ${text}`);
}

function writeConfig(port: number): string {
  const file = join(DEMO, "offlineimaprc");
  // `%` begins an interpolation.
  const value = (path: string) => path.replaceAll("%", "%%");
  Deno.writeTextFileSync(
    file,
    `[general]
accounts = demo
metadata = ${value(join(DEMO, "metadata"))}
ui = basic

[Account demo]
localrepository = here
remoterepository = there
utf8foldernames = yes

[Repository here]
type = Maildir
localfolders = ${value(MAIL)}
sep = /

[Repository there]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${port}
ssl = no
remoteuser = user
remotepass = secret
`,
    { mode: 0o600 },
  );
  return file;
}

/** Runs the program as a user would. Throws when it fails. */
async function offlineimap(config: string, ...rest: string[]): Promise<void> {
  console.log(["$ offlineimap -c demo/offlineimaprc", ...rest].join(" "));
  const start = performance.now();
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...PERMISSIONS,
      join(ROOT, "src", "main.ts"),
      "-c",
      config,
      ...rest,
    ],
    cwd: ROOT,
  }).spawn().status;
  const ms = Math.round(performance.now() - start);
  if (code !== 0) throw new Error(`offlineimap ended with status ${code}`);
  console.log(`(${ms} ms)`);
}

/** What one line of `tree` would say: folders with their number of messages. */
function folders(directory: string, name = ""): [string, number][] {
  const found: [string, number][] = [];
  const names = [...Deno.readDirSync(directory)].filter((e) => e.isDirectory)
    .map((e) => e.name).sort();
  if (names.includes("cur") && names.includes("new")) {
    const count = ["cur", "new"].reduce(
      (sum, part) => sum + [...Deno.readDirSync(join(directory, part))].length,
      0,
    );
    found.push([name, count]);
  }
  for (const child of names) {
    if (["cur", "new", "tmp"].includes(child)) continue;
    const path = name === "" ? child : `${name}/${child}`;
    found.push(...folders(join(directory, child), path));
  }
  return found;
}

/** A message file of a folder, with letters that fit. */
function fileOf(folder: string, letters = /./): string {
  for (const part of ["cur", "new"]) {
    const directory = join(MAIL, folder, part);
    for (const { name } of Deno.readDirSync(directory)) {
      if (letters.test(name)) return join(directory, name);
    }
  }
  throw new Error(`${folder} has no such message`);
}

/** What a phone would do: read, get and delete mail on the server. */
function changeServer(server: ImapServer): void {
  const inbox = server.mailbox("INBOX");
  const [first, second] = inbox.messages();
  if (first !== undefined) inbox.setFlags(first.uid, ["\\Seen", "\\Answered"]);
  if (second !== undefined) inbox.expunge(second.uid);
  inbox.append(
    "From: Ada <ada@example.org>\r\nTo: you@example.org\r\n" +
      "Subject: Arrived while you were away\r\nMessage-ID: <new@example.org>\r\n" +
      "\r\nHello from the server.\r\n",
  );
  console.log("on the server: 1 message arrived, 1 answered, 1 deleted");
}

/** What a mail program would do in the Maildir. */
function changeMaildir(): void {
  // The info part of a name begins with a colon, on Windows with "!".
  const starred = fileOf("Sent", /[:!]2,S$/);
  Deno.renameSync(starred, starred.replace(/S$/, "FS"));
  const moved = fileOf("Lists/deno");
  const name = moved.slice(moved.lastIndexOf("/") + 1);
  Deno.renameSync(moved, join(MAIL, "Archive", "2025", "cur", name));
  Deno.writeTextFileSync(
    join(MAIL, "Drafts", "new", "1.demo.here"),
    "From: you@example.org\nTo: ada@example.org\nSubject: A draft\n" +
      "Message-ID: <draft@example.org>\n\nWritten in the Maildir.\n",
  );
  console.log(
    "in the Maildir: 1 message starred in Sent, 1 moved from Lists/deno to " +
      "Archive/2025, 1 written to Drafts",
  );
}

/** Both sides, folder by folder. */
function compare(server: ImapServer): void {
  const rows = folders(MAIL);
  const width = Math.max(...rows.map(([name]) => displayWidth(name)));
  const row = (name: string, here: string, there: string) =>
    console.log(
      `${name}${" ".repeat(width - displayWidth(name))}  ` +
        `${here.padStart(7)}  ${there.padStart(6)}`,
    );
  row("folder", "Maildir", "server");
  for (const [name, count] of rows) {
    const there = server.mailbox(name).count;
    row(name, String(count), String(there));
    if (there !== count) throw new Error(`${name} differs`);
  }
}

/** Waits until the times of all folders are old enough to be trusted. */
async function settled(): Promise<void> {
  const isOld = () =>
    folders(MAIL).every(([name]) => {
      const times = mailboxTimes(join(MAIL, name));
      return times !== undefined && tokenOf(times, Date.now()) !== undefined;
    });
  while (!isOld()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Nothing of an earlier demo is left but its configuration. */
function clear(): void {
  Deno.mkdirSync(DEMO, { recursive: true });
  for (const name of ["Mail", "metadata"]) {
    try {
      Deno.removeSync(join(DEMO, name), { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function main(): Promise<void> {
  clear();
  await using server = startImapServer({ mailboxes: sampleMailboxes() });
  const config = writeConfig(server.port);
  heading(`A mail server with sample messages runs on port ${server.port}`);

  heading("First sync: everything comes down");
  // A terminal gets one line that counts; elsewhere that would be a line for
  // each message.
  const ui = Deno.stderr.isTerminal() ? "ttyui" : "quiet";
  await offlineimap(config, "-u", ui);
  const counts = folders(MAIL).map(([, count]) => count);
  const sum = counts.reduce((total, count) => total + count, 0);
  console.log(`${sum} messages in ${counts.length} folders are in demo/Mail`);

  heading("Things change on both sides");
  changeServer(server);
  changeMaildir();

  heading("Second sync: only the changes travel");
  await offlineimap(config);

  heading("Third sync: a second look at what has changed just now");
  console.log("A folder's time is trusted once it is a second old");
  await settled();
  await offlineimap(config, "-u", "quiet");

  heading("Fourth sync: nothing to do, however many folders there are");
  server.log.clear();
  await offlineimap(config);
  const names = server.log.names();
  console.log(`All that the server was asked: ${names.join(", ")}`);

  heading("Both sides now");
  compare(server);
  console.log(
    "\nLook around: demo/Mail is the Maildir, demo/offlineimaprc the " +
      "configuration,\ndemo/metadata what the program remembers. For your own " +
      "account see README.md.",
  );
}

if (import.meta.main) await main();
