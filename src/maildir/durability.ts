/** What `fsync` promises, and its price paid as rarely as possible. */
import type { Step } from "../effects.ts";
import type { Platform } from "./mailbox_name.ts";
import { Coalesced } from "./coalesce.ts";
import { osCode } from "../os_error.ts";

/**
 * Files brought to the disk at a time. The journal of ext4 commits those that
 * wait together as one; with more than this the kernel spends the gain on
 * contention (measured: 8 beat 1, 4, 16 and 32).
 */
const FILES_AT_ONCE = 8;

/**
 * File systems that cannot sync say so; nothing can be done. Some cannot sync a
 * directory; some behind a network not even a file in the way of macOS, which is
 * F_FULLFSYNC.
 */
const CANNOT = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Files of others that are not ours to open. */
const CANNOT_OPEN = new Set(["EACCES", "EPERM", "EBUSY"]);

/** How durable files are to be. */
export interface DurabilityOptions {
  /** False: the system writes when it likes, and all of this costs nothing. */
  readonly fsync: boolean;
  readonly platform: Platform;
  readonly step: Step;
}

/** Brings files and directories to the disk, one object for a whole store. */
export class Durability {
  readonly #options: DurabilityOptions;
  readonly #directories: Coalesced<string, PromiseSettledResult<void>>;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(options: DurabilityOptions) {
    this.#options = options;
    this.#directories = new Coalesced((paths) => this.#syncAll(paths));
  }

  get enabled(): boolean {
    return this.#options.fsync;
  }

  /** Returns when the bytes of `file` are on the disk. */
  async file(file: Deno.FsFile): Promise<void> {
    if (!this.#options.fsync) return;
    if (this.#running >= FILES_AT_ONCE) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else this.#running++;
    try {
      this.#options.step("file", "fdatasync");
      await file.syncData().catch(unlessImpossible);
    } finally {
      // The place is handed on; it is only given up if nobody waits.
      const next = this.#queue.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  /**
   * Returns when the bytes of a file that another program wrote are on the disk.
   * A file that may not be opened is left as it is.
   * @throws What the system says; `ENOENT` if it is gone.
   */
  async othersFile(path: string): Promise<void> {
    if (!this.#options.fsync) return;
    // Windows flushes only what is open for writing.
    const write = this.#options.platform === "windows";
    try {
      using file = await Deno.open(path, { read: true, write });
      await this.file(file);
    } catch (error) {
      if (!CANNOT_OPEN.has(osCode(error) ?? "")) throw error;
    }
  }

  /**
   * Returns when the names in a directory, as they were at the call, are on the
   * disk. Calls under way at once share one sync.
   */
  async directory(path: string): Promise<void> {
    // Windows has no such call: NTFS writes names through its own journal.
    if (!this.#options.fsync || this.#options.platform === "windows") return;
    const outcome = await this.#directories.request(path);
    if (outcome?.status === "rejected") throw outcome.reason;
  }

  /** As {@link directory}, at once and for this call alone. */
  directoryNow(path: string): void {
    if (!this.#options.fsync || this.#options.platform === "windows") return;
    this.#options.step("file", "fsync directory");
    using directory = Deno.openSync(path, { read: true });
    try {
      directory.syncSync();
    } catch (error) {
      unlessUnsyncable(error);
    }
  }

  async #syncAll(
    paths: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, PromiseSettledResult<void>>> {
    const list = [...paths];
    // One directory's failure is not the others'.
    const outcomes = await Promise.allSettled(
      list.map((path) => this.#sync(path)),
    );
    return new Map(outcomes.map((outcome, at) => [list[at] ?? "", outcome]));
  }

  async #sync(path: string): Promise<void> {
    this.#options.step("file", "fsync directory");
    using directory = await Deno.open(path, { read: true });
    await directory.sync().catch(unlessUnsyncable);
  }
}

/** As {@link unlessImpossible}, for what is open for reading only. */
function unlessUnsyncable(error: unknown): void {
  if (osCode(error) !== "EBADF") unlessImpossible(error);
}

function unlessImpossible(error: unknown): void {
  if (!CANNOT.has(osCode(error) ?? "")) throw error;
}
