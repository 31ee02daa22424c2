/** What a sync removes from a Maildir can be brought back for some days. */
import { dirname, join } from "node:path";
import type { Step } from "../effects.ts";
import type { Durability } from "./durability.ts";
import { exists } from "./exists.ts";
import { makeDirectories } from "./make_directories.ts";
import { osCode } from "../os_error.ts";
import { removeFile, renameFile } from "./busy.ts";

/** Where removed messages go and for how long. */
export interface KeptOptions {
  /** Outside of the Maildir tree, absolute. */
  readonly directory: string;
  /** Days that they stay; 0 keeps none. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** The directory of messages kept from the root's own mailbox. */
const ROOT_MAILBOX = "dot";

/** A place for removed messages: `DIRECTORY/YYYY-MM-DD/FOLDER/FILE`. */
export class Kept {
  readonly #options: KeptOptions | undefined;
  readonly #durability: Durability;
  readonly #now: () => number;
  readonly #step: Step;

  constructor(
    options: KeptOptions | undefined,
    { durability, now, step }: {
      readonly durability: Durability;
      readonly now: () => number;
      readonly step: Step;
    },
  ) {
    this.#options = options;
    this.#durability = durability;
    this.#now = now;
    this.#step = step;
  }

  /**
   * Takes a file out of its mailbox: it is moved to the place of the day, where
   * its bytes and name are on the disk before they leave theirs.
   * @param folder Path components of the mailbox.
   * @returns Where it is now; undefined: nothing is kept.
   * @throws What the system says; `ENOENT` if the file is gone already.
   */
  async take(
    path: string,
    folder: readonly string[],
  ): Promise<string | undefined> {
    const { directory, days } = this.#options ?? { directory: "", days: 0 };
    if (days <= 0) {
      this.#step("file", "remove");
      removeFile(path);
      return undefined;
    }
    const day = new Date(this.#now()).toISOString().slice(0, 10);
    const parts = folder.length === 0 ? [ROOT_MAILBOX] : folder;
    const target = join(directory, day, ...parts);
    for (const parent of makeDirectories(target, this.#step)) {
      await this.#durability.directory(parent);
    }
    const name = unusedName(target, path.slice(dirname(path).length + 1));
    try {
      this.#step("file", "rename");
      renameFile(path, name);
    } catch (error) {
      // The metadata may lie on another disk than the mail.
      if (osCode(error) !== "EXDEV") throw error;
      await this.#copyAndRemove(path, name);
    }
    await this.#durability.directory(target);
    return name;
  }

  async #copyAndRemove(path: string, target: string): Promise<void> {
    const part = `${target}.part`;
    const { mtime } = Deno.statSync(path);
    this.#step("file", "copy");
    Deno.copyFileSync(path, part);
    {
      using copy = Deno.openSync(part, { read: true, write: true });
      if (mtime !== null) copy.utimeSync(mtime, mtime);
      await this.#durability.file(copy);
    }
    this.#step("file", "rename");
    renameFile(part, target);
    await this.#durability.directory(dirname(target));
    this.#step("file", "remove");
    removeFile(path);
  }

  /**
   * Deletes what was kept longer than the configured days.
   * @returns The days that were deleted, `YYYY-MM-DD`.
   * @throws What the system says.
   */
  purge(nowMs: number): string[] {
    if (this.#options === undefined) return [];
    const { directory, days } = this.#options;
    if (!exists(directory)) return [];
    const purged: string[] = [];
    for (const { name, isDirectory } of Deno.readDirSync(directory)) {
      const start = /^\d{4}-\d{2}-\d{2}$/.test(name) ? Date.parse(name) : NaN;
      // A day ends a day after it began, and only then its messages age.
      const keptMs = (days <= 0 ? 0 : days + 1) * DAY_MS;
      if (!isDirectory || Number.isNaN(start) || nowMs < start + keptMs) {
        continue;
      }
      this.#step("file", "remove");
      Deno.removeSync(join(directory, name), { recursive: true });
      purged.push(name);
    }
    return purged.sort();
  }
}

/** A path in `directory` that nothing has: `name`, else with a number. */
function unusedName(directory: string, name: string): string {
  let path = join(directory, name);
  for (let count = 1; exists(path); count++) {
    path = join(directory, `${name}.${count}`);
  }
  return path;
}
