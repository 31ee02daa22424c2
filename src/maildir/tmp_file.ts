/** A message on its way into a mailbox: in `tmp/` until it is complete. */
import type { Step } from "../effects.ts";
import type { Durability } from "./durability.ts";
import { isAbsent } from "../os_error.ts";
import { removeFile, renameFile } from "./busy.ts";

/** The Maildir convention: what is older than this in `tmp/` is left over. */
const LEFT_OVER_MS = 36 * 3_600_000;

/**
 * A file in `tmp/`. Leaving its block without {@link TmpFile.rename} removes it,
 * so that nothing half written stays behind or is ever seen as a message.
 */
export class TmpFile implements Disposable {
  readonly #path: string;
  readonly #step: Step;
  #file: Deno.FsFile | undefined;
  #remains = true;

  /**
   * Creates the file; one of that name must not exist.
   * @throws What the system says.
   */
  constructor(path: string, step: Step) {
    this.#path = path;
    this.#step = step;
    step("file", "create");
    // 0666 less the umask, as OfflineIMAP has it.
    this.#file = Deno.openSync(path, { write: true, createNew: true });
  }

  /** Writes all of `bytes`. @throws What the system says, e.g. when it is full. */
  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#step("file", "write");
    for (let at = 0; at < bytes.length;) {
      // A full disk takes what still fits before it refuses.
      const count = this.#open().writeSync(bytes.subarray(at));
      if (count === 0) throw new Error("The file system takes no more bytes");
      at += count;
    }
  }

  /** Sets both times, milliseconds since the epoch. Impossible ones are ignored. */
  setTime(timeMs: number): void {
    if (!Number.isFinite(timeMs)) return;
    this.#step("file", "utime");
    const seconds = timeMs / 1000;
    try {
      this.#open().utimeSync(seconds, seconds);
    } catch {
      // Out of the file system's range: the file then shows when it came.
    }
  }

  /** Returns when the bytes are on the disk, if that is wanted. */
  async sync(durability: Durability): Promise<void> {
    if (durability.enabled) await durability.file(this.#open());
  }

  /** Gives the complete file its place. */
  rename(path: string): void {
    this.#close();
    this.#step("file", "rename");
    renameFile(this.#path, path);
    this.#remains = false;
  }

  [Symbol.dispose](): void {
    this.#close();
    if (!this.#remains) return;
    try {
      this.#step("file", "remove");
      removeFile(this.#path);
    } catch {
      // What is left in tmp/ is no message; the sweep removes it some day.
    }
  }

  #open(): Deno.FsFile {
    if (this.#file === undefined) throw new Error("File is closed");
    return this.#file;
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/**
 * Removes what killed runs of this program or of OfflineIMAP left in `tmp/` (by
 * the form of its name: `TIME_SEQ.PID.`). Files of others are left alone.
 */
export function sweepTmp(
  directory: string,
  { now, step }: { readonly now: () => number; readonly step: Step },
): void {
  try {
    for (const { name, isFile } of Deno.readDirSync(directory)) {
      if (!isFile || !/^\d+_\d+\.\d+\./.test(name)) continue;
      const path = `${directory}/${name}`;
      const { ctime, birthtime } = Deno.statSync(path);
      // Not the modification time: that is set to when the message was received.
      const since = (ctime ?? birthtime)?.getTime() ?? Infinity;
      if (now() - since < LEFT_OVER_MS) continue;
      step("file", "remove");
      removeFile(path);
    }
  } catch (error) {
    // Another process sweeps too.
    if (!isAbsent(error)) throw error;
  }
}
