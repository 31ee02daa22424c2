/**
 * The file names of a Maildir, byte for byte as OfflineIMAP writes them:
 * `TIME_SEQ.PID.HOST,U=UID,FMD5=MD5:2,FLAGS`. Text to value and back, no I/O.
 */
import { createHash } from "node:crypto";
import type { Hint } from "../sync/types.ts";

/**
 * What starts the info part: `:` by the Maildir convention, `!` with
 * `maildir-windows-compatible`, `;` as other programs write it on Windows.
 */
export type InfoSeparator = ":" | "!" | ";";

/** A file name cut into its parts; joined in order they are the name again. */
export interface FileName {
  /** All before the info part. Names the message for as long as it lives. */
  readonly unique: string;
  /** What stands between `unique` and the letters: mostly `:2,`, or nothing. */
  readonly head: string;
  /** The flag letters in the order found. */
  readonly letters: string;
  /** What follows the letters: other programs' business, kept as it is. */
  readonly tail: string;
}

/** Distinct times remembered; only names by mail time have more than a few. */
const MEMORY = 65_536;

/** The largest UID (RFC 9051 §9, nz-number). */
const MAX_UID = 0xffff_ffff;

/** Where the info part starts, -1 if there is none. */
function infoStart(name: string): number {
  // A colon is never part of a unique name. The others are, unless `2,` follows.
  let start = name.indexOf(":");
  for (const mark of ["!2,", ";2,"]) {
    const at = name.indexOf(mark);
    if (at !== -1 && (start === -1 || at < start)) start = at;
  }
  return start;
}

/** Where the `2,` form of the info part starts at or after `from`, else -1. */
function flagsStart(name: string, from: number, preferred: string): number {
  const wanted = name.indexOf(`${preferred}2,`, from);
  if (wanted !== -1) return wanted;
  let start = -1;
  for (const mark of [":2,", "!2,", ";2,"]) {
    const at = name.indexOf(mark, from);
    if (at !== -1 && (start === -1 || at < start)) start = at;
  }
  return start;
}

/** Whether OfflineIMAP takes this character for a flag (`\w`, ASCII). */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) || code === 95;
}

/**
 * Cuts a file name into its parts. All three separators are read whatever is
 * configured, so that toggling `maildir-windows-compatible` on an existing tree
 * changes nothing. The unique part never depends on `preferred`, which only
 * decides which of several flag parts counts.
 */
export function parseFileName(
  name: string,
  preferred: InfoSeparator = ":",
): FileName {
  const cut = infoStart(name);
  if (cut === -1) return { unique: name, head: "", letters: "", tail: "" };
  const unique = name.slice(0, cut);
  const flags = flagsStart(name, cut, preferred);
  if (flags === -1) {
    return { unique, head: name.slice(cut), letters: "", tail: "" };
  }
  const start = flags + 3;
  let end = start;
  while (end < name.length && isLetter(name.charCodeAt(end))) end++;
  return {
    unique,
    head: name.slice(cut, start),
    letters: name.slice(start, end),
    tail: name.slice(end),
  };
}

/** The name that {@link parseFileName} cuts into `file`. */
export function formatFileName(file: FileName): string {
  return file.unique + file.head + file.letters + file.tail;
}

/**
 * `file` with other flag letters. The configured separator is written; text of
 * other programs before and after the letters stays where it was.
 */
export function withLetters(
  file: FileName,
  letters: string,
  separator: InfoSeparator,
): FileName {
  const mark = `${separator}2,`;
  const before = /[:!;]2,$/.test(file.head)
    ? file.head.slice(0, -3)
    : file.head === ":"
    ? ""
    : file.head;
  return { ...file, head: before + mark, letters };
}

/**
 * The mark of a mailbox in file names: lower-case hexadecimal MD5 of its name
 * after local `nametrans`, which is the empty name if that equals `separator`.
 */
export function mailboxMark(translatedName: string, separator: string): string {
  const name = translatedName === separator ? "" : translatedName;
  return createHash("md5").update(name, "utf8").digest("hex");
}

/**
 * What `U=` and `FMD5=` in a name say, as OfflineIMAP finds them: the first of
 * each, anywhere. `mark` is that of the mailbox the file is in.
 */
export function hintOf(name: string, mark: string): Hint | undefined {
  const digits = /,U=(\d+)/.exec(name)?.[1];
  if (digits === undefined) return undefined;
  const uid = Number(digits);
  if (uid < 1 || uid > MAX_UID) return undefined;
  if (name.includes(`,FMD5=${mark}`)) return { uid, here: true, origin: mark };
  const origin = /,FMD5=([0-9a-fA-F]+)/.exec(name)?.[1];
  if (origin === undefined) return undefined;
  return { uid, here: false, origin: origin.toLowerCase() };
}

/** `unique` without any `U=` and `FMD5=`; other fields such as `S=` stay. */
export function withoutMarks(unique: string): string {
  let text = unique;
  for (;;) {
    // Again until nothing is left: cutting one out can join the ends to another.
    const next = text.replaceAll(/,(?:U=\d+|FMD5=[0-9a-fA-F]+)/g, "");
    if (next === text) return text;
    text = next;
  }
}

/** `unique` with these `U=` and `FMD5=` in place of any it had. */
export function withMarks(unique: string, uid: number, mark: string): string {
  const base = withoutMarks(unique);
  // A comma behind `!2` would begin an info part.
  const joint = /[!;]2$/.test(base) ? "-" : "";
  return `${base}${joint},U=${uid},FMD5=${mark}`;
}

/** What the names of new files are made of. */
export interface UniqueNameParts {
  /** Process id. */
  readonly pid: number;
  readonly hostname: string;
  /** The current time, milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes unique names `TIME_SEQ.PID.HOST` (Maildir convention; SEQ counts from 0
 * per TIME, as OfflineIMAP's does). One object serves all mailboxes of a process.
 */
export class UniqueNames {
  readonly #parts: UniqueNameParts;
  readonly #host: string;
  readonly #next = new Map<number, number>();

  constructor(parts: UniqueNameParts) {
    this.#parts = parts;
    // `/` becomes `-` as in OfflineIMAP. Some others would end the unique part,
    // or be refused by Windows; letters beyond ASCII, which hosts there may have,
    // would come back decomposed on macOS' older disks: under another name.
    this.#host = parts.hostname.replaceAll(
      /[\/\\:!;,<>"|?*]|[^\x20-\x7e]/g,
      "-",
    );
  }

  /** A new name. `seconds` since the epoch replaces the current time as TIME. */
  next(seconds?: number): string {
    const now = Math.floor(this.#parts.now() / 1000);
    const time = Math.floor(seconds ?? now);
    if (this.#next.size >= MEMORY) this.#forget(now);
    const sequence = this.#next.get(time) ?? 0;
    this.#next.set(time, sequence + 1);
    return `${time}_${sequence}.${this.#parts.pid}.${this.#host}`;
  }

  /** Forgets all times but the present, whose names nothing else protects. */
  #forget(now: number): void {
    const sequence = this.#next.get(now);
    this.#next.clear();
    if (sequence !== undefined) this.#next.set(now, sequence);
  }
}
