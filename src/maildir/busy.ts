/** Files that another program has open, which on Windows keeps them in place. */
import type { Platform } from "./mailbox_name.ts";
import { osCode } from "../os_error.ts";

/**
 * Pauses before trying again, ms. Virus scanners and indexers open a file that
 * has just come, and let go of it within moments.
 */
const PAUSES_MS = [5, 10, 20, 40, 80, 160, 320, 640];

/**
 * What Windows says of a file that is open elsewhere, or about to go: sharing
 * violation, and access denied.
 */
const BUSY = new Set(["EBUSY", "EACCES", "EPERM"]);

/** How {@link whileBusy} waits; a test brings its own. */
export type Sleep = (ms: number) => void;

/**
 * Does something to a file, on Windows again and again for a second while
 * another program holds it. It may be done again after it failed.
 * @throws What the system says at last.
 */
export function whileBusy<T>(
  work: () => T,
  platform: Platform = Deno.build.os,
  sleep: Sleep = sleepNow,
): T {
  if (platform !== "windows") return work();
  for (const pause of PAUSES_MS) {
    try {
      return work();
    } catch (error) {
      if (!BUSY.has(osCode(error) ?? "")) throw error;
      sleep(pause);
    }
  }
  return work();
}

/** Opens a file for reading; see {@link whileBusy}. @throws What the system says. */
export function openFile(path: string): Deno.FsFile {
  return whileBusy(() => Deno.openSync(path, { read: true }));
}

/** Renames a file; see {@link whileBusy}. @throws What the system says. */
export function renameFile(from: string, to: string): void {
  whileBusy(() => Deno.renameSync(from, to));
}

/** Removes a file; see {@link whileBusy}. @throws What the system says. */
export function removeFile(path: string): void {
  whileBusy(() => Deno.removeSync(path));
}

function sleepNow(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
