/** Who holds an account's lock: a note for the error of the one who waits. */
import { hostname } from "node:os";

/** The note that a holder leaves beside the lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, ISO 8601, UTC. */
  readonly since: string;
}

/** The note about this process. */
export function thisHolder(now: Date = new Date()): Holder {
  return { pid: Deno.pid, host: hostName(), since: now.toISOString() };
}

/** This machine's name; empty where the program may not ask for it. */
function hostName(): string {
  try {
    return hostname();
  } catch {
    return "";
  }
}

/** Reads a note. @returns undefined for an empty, torn or foreign one. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, since } = JSON.parse(text);
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    if (typeof host !== "string" || Number.isNaN(Date.parse(since))) {
      return undefined;
    }
    return { pid, host, since };
  } catch {
    return undefined;
  }
}

/**
 * One sentence for the user about what holds the lock.
 *
 * @param holder The note, if the holder is this program.
 * @param pid The process that the system names, for a holder without a note.
 */
export function describeHolder(
  holder: Holder | undefined,
  pid?: number,
): string {
  const ask = "wait until it has finished, or stop it";
  if (holder !== undefined) {
    const where = holder.host === "" || holder.host === hostName()
      ? ""
      : ` on ${holder.host}`;
    const since = localTime(new Date(holder.since));
    return `Process ${holder.pid}${where} has been at it since ${since}; ${ask}`;
  }
  if (pid !== undefined) return `Process ${pid} holds the lock; ${ask}`;
  return `Look for a running OfflineIMAP; ${ask}`;
}

/** `YYYY-MM-DD HH:MM:SS` in local time. */
function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${day.map(two).join("-")} ${time.map(two).join(":")}`;
}

/**
 * The process that Linux lists as the holder of a lock on `inode`.
 *
 * OfflineIMAP writes no pid into its lock file; the kernel knows it anyway.
 *
 * @param table The text of `/proc/locks` (proc(5)): number, class, kind, mode,
 * pid, `major:minor:inode`, range.
 */
export function findLockPid(table: string, inode: number): number | undefined {
  for (const line of table.split("\n")) {
    // A waiter's line has "->" after its number: not the holder.
    const match = /^\d+: \w+ +\w+ +\w+ +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /
      .exec(line);
    const [, pid, lockedInode] = match ?? [];
    // 0: the holder lives in a namespace that we cannot see into.
    if (Number(lockedInode) === inode && Number(pid) > 0) return Number(pid);
  }
  return undefined;
}
