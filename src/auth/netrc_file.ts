/** The netrc files of a user and of the system. */
import { posix, win32 } from "node:path";
import { decodeText } from "../decode_text.ts";
import { MailError, messageOf } from "../errors.ts";
import { holdsPasswords, type Netrc, parseNetrc } from "./netrc.ts";

/** Where a netrc file is and whose it is. */
export interface NetrcFile {
  readonly path: string;
  /**
   * The user id that must own it and keep it from others when it holds
   * passwords; `undefined` for the system's file and on Windows, where the
   * user's profile folder is private by itself.
   */
  readonly owner: number | undefined;
}

/** What must be known of the machine. */
export interface NetrcPlace {
  /** `Deno.build.os`. */
  readonly os: string;
  /** The user's home; without it only the system's file counts. */
  readonly home: string | undefined;
  /** `Deno.uid()`: null on Windows. */
  readonly uid: number | null;
}

/**
 * The files in the order in which they are asked: `~/.netrc` (on Windows also
 * `~\_netrc`, the name other programs use there), then `/etc/netrc`.
 */
export function netrcFiles({ os, home, uid }: NetrcPlace): NetrcFile[] {
  const windows = os === "windows";
  const { join } = windows ? win32 : posix;
  const names = windows ? [".netrc", "_netrc"] : [".netrc"];
  // An empty home would mean the folder that the program was started in.
  const own = !home ? [] : names.map((name) => ({
    path: join(home, name),
    owner: uid ?? undefined,
  }));
  const system = { path: "/etc/netrc", owner: undefined };
  return windows ? own : [...own, system];
}

/**
 * Reads one netrc file.
 *
 * @returns `undefined` when there is none, or when it is the system's and we may
 * not read it.
 * @throws {MailError} `auth.netrc-permissions` when the user's own file holds
 * passwords and belongs to somebody else or is open to others (as Python's
 * `netrc` does); `auth.netrc` when it cannot be read or understood.
 */
export async function readNetrcFile(
  { path, owner }: NetrcFile,
): Promise<Netrc | undefined> {
  let text: string;
  try {
    text = decodeText(await Deno.readFile(path), { fatal: false });
  } catch (error) {
    const shared = owner === undefined;
    if (isAbsent(error) || (shared && isForbidden(error))) return undefined;
    throw unreadable(path, messageOf(error));
  }
  const netrc = parse(path, text);
  if (owner !== undefined && holdsPasswords(netrc)) {
    await checkPrivate(path, owner);
  }
  return netrc;
}

function parse(path: string, text: string): Netrc {
  try {
    return parseNetrc(text);
  } catch (error) {
    // The parser's texts never quote the file: it holds passwords.
    throw unreadable(path, messageOf(error));
  }
}

async function checkPrivate(path: string, owner: number): Promise<void> {
  const { mode, uid } = await Deno.stat(path);
  if (uid !== owner) {
    throw refused(path, "belongs to another user", `chown ${owner} "${path}"`);
  }
  if (mode !== null && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, "0");
    const why = `is open to others (mode ${octal})`;
    throw refused(path, why, `chmod 600 "${path}"`);
  }
}

function refused(path: string, why: string, command: string): MailError {
  return new MailError(`${path} holds passwords and ${why}`, {
    code: "auth.netrc-permissions",
    scope: "account",
    retry: "never",
    hint: `Run: ${command}`,
  });
}

function unreadable(path: string, why: string): MailError {
  return new MailError(`Cannot read ${path}: ${why}`, {
    code: "auth.netrc",
    scope: "account",
    retry: "never",
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}

function isForbidden(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable;
}
