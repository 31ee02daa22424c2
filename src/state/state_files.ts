/** The state's file in its folder: made, and moved out of the way. */
import { basename, dirname, join } from "node:path";
import { noStep, type Step } from "../effects.ts";
import { type MailError, toMailError } from "../errors.ts";

/** What file systems answer that cannot sync a directory. */
const CANNOT_SYNC = new Set([
  "EINVAL",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EROFS",
]);

/**
 * Makes an empty file with mode 0600, and the folders above it with 0700. Their
 * names are durable.
 * @throws {MailError} `state.access`
 */
export function makeStateFile(file: string): void {
  const folder = dirname(file);
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Made by us, since SQLite would follow the umask.
    Deno.openSync(file, { write: true, create: true, mode: 0o600 }).close();
    // A name is durable when the folder that holds it is. Once in a lifetime, so
    // up to the top: the account's lock may have made the metadata folder.
    for (let path = folder; syncFolder(path);) path = dirname(path);
  } catch (error) {
    throw accessError(error, file);
  }
}

/**
 * Renames a database that cannot be used, and its log, so that a new one can be
 * begun. Never called by itself: the user asks for it.
 *
 * @returns The new path: `NAME.damaged-1`, or the next number that is free.
 */
export function setStateAside(file: string, step: Step = noStep): string {
  for (let number = 1;; number++) {
    const name = `${basename(file)}.damaged-${number}`;
    const target = join(dirname(file), name);
    if (exists(target)) continue;
    // The log last: a database without its log would tell an older story, while
    // a log without a database is dropped by SQLite when a new one is begun.
    for (const suffix of ["", "-wal", "-shm"]) {
      if (!exists(file + suffix)) continue;
      step("file", "rename");
      Deno.renameSync(file + suffix, target + suffix);
    }
    return target;
  }
}

/** Whether there is anything at `path`. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw accessError(error, path);
  }
}

function accessError(error: unknown, file: string): MailError {
  return toMailError(error, {
    message: `Cannot use the state database "${file}"`,
    code: "state.access",
    scope: "account",
    hint: "Check the owner and mode of its folder and the space on the disk",
  });
}

/** Looked up: to try it would ask the user, where that is not switched off. */
function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/**
 * Makes new names in a folder durable. Windows has no such call and no need.
 * @returns False at the top, where the path is not this user's any more, and on
 *   file systems that cannot do it (network and FUSE ones among them).
 */
export function syncFolder(path: string): boolean {
  if (Deno.build.os === "windows" || !mayRead(path)) return false;
  try {
    using folder = Deno.openSync(path);
    folder.syncSync();
    return path !== dirname(path);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (CANNOT_SYNC.has(String(code))) return false;
    throw error;
  }
}
