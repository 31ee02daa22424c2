/** What a mailbox tree holds, in one form for both sides. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Dovecot } from "./dovecot.ts";
import type { ImapServer } from "./imap_server/mod.ts";

/** A message, whichever side it was read from. */
export interface Mail {
  /** The bytes with CRLF line ends. */
  readonly body: Uint8Array;
  /** Flags and keywords, sorted; `\Recent` left out. */
  readonly flags: readonly string[];
}

/** Mailboxes with their messages, in no order. */
export type Contents = ReadonlyMap<string, readonly Mail[]>;

/** Bytes with a CR before each LF that lacks one: how mail is told apart. */
export function withCrlf(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length * 2);
  let end = 0;
  let previous = 0;
  for (const byte of bytes) {
    if (byte === 10 && previous !== 13) out[end++] = 13;
    out[end++] = byte;
    previous = byte;
  }
  return out.slice(0, end);
}

/** Everything that the first user of a scripted server has. */
export function serverContents(server: ImapServer): Contents {
  return new Map(
    server.mailboxNames().map((name) => [
      name,
      server.mailbox(name).messages().map(({ source, flags }): Mail => ({
        body: withCrlf(source),
        flags: flags.filter((flag) => flag !== "\\Recent").sort(),
      })),
    ]),
  );
}

const LETTERS: Readonly<Record<string, string>> = {
  D: "\\Draft",
  F: "\\Flagged",
  R: "\\Answered",
  S: "\\Seen",
  T: "\\Deleted",
};

/** The flags that the letters of a Maildir name stand for, sorted. */
export function flagsOfLetters(
  letters: string,
  keywords: Readonly<Record<string, string>> = {},
): string[] {
  return [...letters].flatMap((letter) =>
    LETTERS[letter] ?? keywords[letter] ?? []
  ).sort();
}

/** Everything that the first user of a Dovecot has, as it lies on its disk. */
export async function dovecotContents(server: Dovecot): Promise<Contents> {
  const contents = new Map<string, readonly Mail[]>();
  for (const name of dovecotFolders(server.mailRoot, "")) {
    const keywords = keywordsOf(
      name === "INBOX" ? server.mailRoot : join(server.mailRoot, name),
    );
    const messages = await server.messages(name);
    contents.set(
      name,
      messages.map(({ body, flags }): Mail => ({
        body: withCrlf(body),
        flags: flagsOfLetters(flags, keywords),
      })),
    );
  }
  return contents;
}

function dovecotFolders(root: string, name: string): string[] {
  const entries = [...Deno.readDirSync(join(root, name))]
    .filter((entry) => entry.isDirectory).map((entry) => entry.name);
  const own = ["cur", "new", "tmp"];
  const found = entries.includes("cur") ? [name === "" ? "INBOX" : name] : [];
  for (const entry of entries) {
    if (own.includes(entry)) continue;
    found.push(
      ...dovecotFolders(root, name === "" ? entry : `${name}/${entry}`),
    );
  }
  return found;
}

/** Dovecot names the letters `a`, `b` … in a file of each mailbox. */
function keywordsOf(folder: string): Record<string, string> {
  let text: string;
  try {
    text = Deno.readTextFileSync(join(folder, "dovecot-keywords"));
  } catch {
    return {};
  }
  return Object.fromEntries(
    text.split("\n").filter((line) => line !== "").map((line) => {
      const [index = "", name = ""] = line.split(" ");
      return [String.fromCharCode(97 + Number(index)), name];
    }),
  );
}

/**
 * Contents as sorted lines that a failed comparison shows well: subject, flags,
 * size and digest of every message.
 */
export function linesOf(contents: Contents): Record<string, string[]> {
  const names = [...contents.keys()].sort();
  return Object.fromEntries(
    names.map((name) => [name, (contents.get(name) ?? []).map(lineOf).sort()]),
  );
}

function lineOf({ body, flags }: Mail): string {
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return `${labelOf(body)} [${flags.join(" ")}] ${body.length} ${digest}`;
}

/** The subject of a message, by which tests know it. */
export function labelOf(body: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 4096));
  return /^Subject: *(.*?)\r?$/m.exec(head)?.[1] ?? "(no subject)";
}

/** How often each message is there, by its subject, over all mailboxes. */
export function countByLabel(contents: Contents): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { body } of [...contents.values()].flat()) {
    const label = labelOf(body);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** What {@link assertInStep} demands beside equality. */
export interface InStep {
  /** Subjects of messages that must be there, each once and no others. */
  readonly exactly?: Iterable<string>;
  /** Subjects of messages that must be there, once each. */
  readonly atLeast?: Iterable<string>;
  /** Flags that only one side can hold. */
  readonly ignoredFlags?: readonly string[];
  readonly message?: string;
}

/**
 * Both sides have the same mailboxes with the same messages, byte by byte and
 * flag by flag; of the messages named nothing is lost and nothing doubled.
 */
export function assertInStep(
  local: Contents,
  remote: Contents,
  { exactly, atLeast, ignoredFlags = [], message }: InStep = {},
): void {
  assert.deepEqual(
    linesOf(withoutFlags(local, ignoredFlags)),
    linesOf(withoutFlags(remote, ignoredFlags)),
    message,
  );
  const counts = countByLabel(remote);
  for (const label of [...exactly ?? [], ...atLeast ?? []]) {
    assert.equal(counts.get(label) ?? 0, 1, `${label} ${message ?? ""}`.trim());
  }
  if (exactly !== undefined) {
    assert.deepEqual([...counts.keys()].sort(), [...exactly].sort(), message);
  }
}

function withoutFlags(
  contents: Contents,
  ignored: readonly string[],
): Contents {
  if (ignored.length === 0) return contents;
  return new Map(
    [...contents].map(([name, mails]) => [
      name,
      mails.map(({ body, flags }) => ({
        body,
        flags: flags.filter((flag) => !ignored.includes(flag)),
      })),
    ]),
  );
}
