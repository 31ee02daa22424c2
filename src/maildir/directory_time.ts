/**
 * Modification times of directories, as proof that nothing in them changed.
 *
 * Adding, removing and renaming a file moves its directory's time, but only as
 * finely as the file system counts: a second change within the same tick leaves
 * it where it was. So a time is trusted only once it lies far enough back that
 * any later change must show; git treats its index the same way ("racy git").
 */

import { isAbsent } from "../os_error.ts";

/** Covers clocks of file servers and file systems that count in seconds. */
const TRUSTED_AGE_MS = 1_000;

/** FAT counts in steps of two seconds; its times are multiples of that. */
const COARSE_STEP_MS = 2_000;

/** Whether a change after `nowMs` is sure to move `timeMs`. */
export function isTrusted(timeMs: number, nowMs: number): boolean {
  const age = nowMs - timeMs;
  return age >=
    (timeMs % COARSE_STEP_MS === 0 ? COARSE_STEP_MS : TRUSTED_AGE_MS);
}

/**
 * The modification time of a directory, milliseconds since the epoch; undefined
 * if there is no such directory. Follows symbolic links.
 * @throws What the system says if it cannot be looked at.
 */
export function directoryTime(path: string): number | undefined {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  return info.isDirectory ? info.mtime?.getTime() ?? Infinity : undefined;
}

/** The times of a mailbox's two directories, milliseconds since the epoch. */
export interface MailboxTimes {
  readonly new: number;
  readonly cur: number;
}

/**
 * Looks at a mailbox's directories; undefined if one is missing.
 * @throws What the system says if they cannot be looked at.
 */
export function mailboxTimes(directory: string): MailboxTimes | undefined {
  const arrived = directoryTime(`${directory}/new`);
  if (arrived === undefined) return undefined;
  const current = directoryTime(`${directory}/cur`);
  return current === undefined ? undefined : { new: arrived, cur: current };
}

/**
 * The token of a mailbox whose directories have had these times at `nowMs`, or
 * undefined while they are too young to be trusted.
 * @param files The latest change of a file, where contents count, too.
 */
export function tokenOf(
  times: MailboxTimes,
  nowMs: number,
  files?: number,
): string | undefined {
  const all = [times.new, times.cur, ...files === undefined ? [] : [files]];
  return all.every((time) => isTrusted(time, nowMs))
    ? `maildir1:${all.join(":")}`
    : undefined;
}

/**
 * Instead of a token that cannot be trusted: equal to none of a listing, it tells
 * the next look from when on it has to look into files.
 */
export function markToken(sinceMs: number): string {
  return `maildir1:-:-:${sinceMs}`;
}

/** The time in the last part of a token, if it has one. */
export function fileTimeOf(token: string | undefined): number | undefined {
  const time = /^maildir1:[^:]*:[^:]*:(\d+)/.exec(token ?? "")?.[1];
  return time === undefined ? undefined : Number(time);
}
