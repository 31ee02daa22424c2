/** The state's file in its folder: made, and moved out of the way. */
import { basename, dirname, join } from "node:path";
import { noStep, type Step } from "../effects.ts";
import { type MailError, toMailError } from "../errors.ts";

/**
 * Makes an empty file with mode 0600, and the folders above it with 0700. Their
 * names are durable.
 * @throws {MailError} `state.access`
 */
export function makeStateFile(file: string): void {
  const folder = dirname(file);
  try {
    const made = missingFolders(folder);
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Made by us, since SQLite would follow the umask.
    Deno.openSync(file, { write: true, create: true, mode: 0o600 }).close();
    // A name is durable when the folder that holds it is.
    [folder, ...made.map(dirname)].forEach(syncFolder);
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

/** `folder` and those above it that do not exist. */
function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  let path = folder;
  while (path !== dirname(path) && !exists(path)) {
    missing.push(path);
    path = dirname(path);
  }
  return missing;
}

function accessError(error: unknown, file: string): MailError {
  return toMailError(error, {
    message: `Cannot use the state database "${file}"`,
    code: "state.access",
    scope: "account",
    hint: "Check the owner and mode of its folder and the space on the disk",
  });
}

/** Makes new names in a folder durable. Windows has no such call and no need. */
function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}
