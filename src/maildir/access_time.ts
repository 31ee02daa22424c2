/** Puts back when `new/` and `cur/` were last read (`restoreatime`). */
import type { Step } from "../effects.ts";

/**
 * Remembers both directories' access times, which mail programs compare with
 * the modification times to tell whether there is new mail.
 */
export class AccessTimes {
  readonly #before: (readonly [path: string, atime: Date])[] = [];

  /** @param directory A mailbox's, absolute, before it is read. */
  constructor(directory: string) {
    for (const part of ["new", "cur"]) {
      const path = `${directory}/${part}`;
      const { atime } = Deno.statSync(path);
      if (atime !== null) this.#before.push([path, atime]);
    }
  }

  /**
   * Sets the access times back where they moved. The modification time has to be
   * set with them: a change in that instant is hidden, so that whoever uses this
   * must not trust modification times.
   */
  restore(step: Step): void {
    for (const [path, before] of this.#before) {
      const { atime, mtime } = Deno.statSync(path);
      if (mtime === null || atime?.getTime() === before.getTime()) continue;
      step("file", "utime");
      Deno.utimeSync(path, before, mtime);
    }
  }
}
