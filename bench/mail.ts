/** Made-up messages, and Maildirs full of them. */
import { join } from "node:path";

/** One mailbox to be made. */
export interface MailboxPlan {
  /** `INBOX` or another name, levels by `/`. */
  readonly name: string;
  readonly messages: number;
  /** Bytes of the n-th message, about. */
  readonly sizeOf: (index: number) => number;
}

const encoder = new TextEncoder();
const LINE =
  "The quick brown fox jumps over the lazy dog and runs away from it.\n";
const TEXT = encoder.encode(LINE.repeat(1_000));

/** Sizes from 1.5 to 16 KB: 20,000 such messages are 173 MB. */
export function mixedSize(index: number): number {
  return LINE.length * (20 + (index * 7919) % 215) + 150;
}

/** All of one size. */
export function fixedSize(bytes: number): (index: number) => number {
  return () => bytes;
}

/** The bytes of a message, with LF line ends, about `sizeBytes` of them. */
export function makeMessage(id: string, sizeBytes: number): Uint8Array {
  const header = encoder.encode(
    `From: somebody@example.org\nTo: another@example.org\n` +
      `Subject: message ${id}\nMessage-ID: <${id}@example.org>\n` +
      `Date: Mon, 02 Nov 2026 10:00:00 +0000\n\n`,
  );
  const rest = Math.max(LINE.length, sizeBytes - header.length);
  const body = TEXT.subarray(0, rest - rest % LINE.length);
  const message = new Uint8Array(header.length + body.length);
  message.set(header);
  message.set(body, header.length);
  return message;
}

/** The directory of a mailbox below a root where INBOX is the root itself. */
export function mailboxPath(root: string, name: string): string {
  return name === "INBOX" ? root : join(root, ...name.split("/"));
}

/** Makes `cur`, `new` and `tmp`. */
export function makeMaildir(path: string): void {
  for (const part of ["cur", "new", "tmp"]) {
    Deno.mkdirSync(join(path, part), { recursive: true });
  }
}

/** Fills a Maildir tree as a server holds it; two of three messages are read. */
export function fillTree(root: string, plans: readonly MailboxPlan[]): void {
  for (const { name, messages, sizeOf } of plans) {
    const path = mailboxPath(root, name);
    makeMaildir(path);
    for (let index = 0; index < messages; index++) {
      const id = `${name.replaceAll("/", ".")}.${index}`;
      const message = makeMessage(id, sizeOf(index));
      const flags = index % 3 === 0 ? "" : "S";
      const file = `${serverName(index, message)}:2,${flags}`;
      Deno.writeFileSync(join(path, "cur", file), message);
    }
  }
}

/**
 * A name as Dovecot gives it to a message, with both sizes. Names that differ in
 * a running number alone all fall into a few places of its hash table.
 */
function serverName(index: number, message: Uint8Array): string {
  const microseconds = (index * 2_654_435_761) % 1_000_000;
  const lines = message.reduce((n, byte) => byte === 10 ? n + 1 : n, 0);
  return `${1_600_000_000 + index * 61}.M${microseconds}P${
    1000 + index % 977
  }` +
    `.bench,S=${message.length},W=${message.length + lines}`;
}

/** Names of the files in a directory, sorted. */
export function filesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].filter(({ isFile }) => isFile)
    .map(({ name }) => name).sort();
}

/** Number of messages in a Maildir, or in all Maildirs below a directory. */
export function countMessages(path: string): number {
  let count = 0;
  for (const { name, isDirectory, isFile } of Deno.readDirSync(path)) {
    if (isDirectory) {
      if (name !== "tmp") count += countMessages(join(path, name));
    } else if (isFile && /\/(cur|new)$/.test(path)) count++;
  }
  return count;
}

/** Copies a tree of Maildirs by linking its files: messages never change. */
export function linkTree(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory, isFile } of Deno.readDirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) linkTree(source, target);
    else if (isFile && /\/(cur|new)$/.test(from)) {
      Deno.linkSync(source, target);
    }
  }
}
