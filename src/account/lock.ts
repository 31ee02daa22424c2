/**
 * The lock that lets one program at a time write to an account.
 *
 * OfflineIMAP takes a POSIX record lock (`lockf`) on `<metadata>/ACCOUNT.lock`,
 * or, where the Python module portalocker is installed, a `flock` on it. On
 * Linux the two kinds do not see each other, so we take both:
 *
 * 1. `flock` on `ACCOUNT.lock-holder`, a file that only this program uses: the
 *    gate. It excludes other instances even after an OfflineIMAP has deleted
 *    `ACCOUNT.lock` under us, which it does when it fails to get the lock.
 * 2. `flock` on `ACCOUNT.lock`.
 * 3. The record lock on `ACCOUNT.lock`, through SQLite: its exclusive lock is a
 *    write lock on bytes from 1 GiB on, and lockf's range is the whole file.
 *
 * Why this order: when a process closes any descriptor of a file, it loses all
 * its record locks on that file (fcntl(2)). Behind the gate, nobody else in this
 * process opens `ACCOUNT.lock`, and the descriptor of step 2 is closed last.
 *
 * `ACCOUNT.lock` stays when the lock is released. Deleting it would let an
 * OfflineIMAP that has just opened it lock a file without a name, while the next
 * program locks a new one. An empty, unlocked file blocks nobody.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MailError, messageOf } from "../errors.ts";
import {
  describeHolder,
  findLockPid,
  type Holder,
  parseHolder,
  thisHolder,
} from "./lock_holder.ts";

/** A lock that is held. Disposing of it releases it. */
export interface AccountLock extends AsyncDisposable {
  /**
   * Looks whether it still is ours and, if another program deleted its file,
   * takes it anew.
   * @returns false when another program holds it now: stop writing.
   */
  verify(): Promise<boolean>;
}

/** The same, as {@link acquireLock} takes it. */
export interface FileLock extends AccountLock {
  /** `<metadata>/ACCOUNT.lock`. */
  readonly path: string;
}

/** What {@link acquireLock} may be told. */
export interface LockOptions {
  /** @default Deno.build.os */
  readonly platform?: string;
  /** When the lock is said to be taken. @default now */
  readonly now?: Date;
}

/** How often a lock file that changes under us is tried again. */
const ATTEMPTS = 10;

const CREATE = { read: true, write: true, create: true, mode: 0o600 } as const;

/**
 * Takes the lock of an account, without waiting for it.
 *
 * Creates the metadata directory (0700) and the lock files (0600) if missing. A
 * lock ends with its process, so a dead holder blocks nobody.
 *
 * @throws {MailError} `lock.held` with the holder in the hint, or `lock.failed`
 * when the file system cannot lock; scope account.
 */
export async function acquireLock(
  metadata: string,
  account: string,
  options: LockOptions = {},
): Promise<FileLock> {
  const { platform = Deno.build.os, now = new Date() } = options;
  const path = join(metadata, `${fileNameOf(account)}.lock`);
  const posix = platform !== "windows";
  const held = async () => {
    const noteText = await readText(`${path}-holder`);
    return lockHeld(account, parseHolder(noteText), await pidOf(path));
  };
  await using cleanup = new AsyncDisposableStack();
  try {
    await makeMetadata(metadata);
    const note = cleanup.use(await Deno.open(`${path}-holder`, CREATE));
    // On Windows a locked file cannot be read by others, and its locks belong
    // to descriptors: there the gate is neither possible nor needed.
    if (posix) {
      if (!await note.tryLock(true)) throw await held();
      // Closing alone would not do: see lockOnce().
      cleanup.defer(() => note.unlock());
    }
    const locked = await lockFile(path, posix);
    if (locked === undefined) throw await held();
    await writeNote(note, thisHolder(now));
    return new HeldLock(path, posix, locked, cleanup.move());
  } catch (error) {
    if (error instanceof MailError) throw error;
    throw new MailError(
      `Could not lock account ${account}: ${messageOf(error)}`,
      {
        code: "lock.failed",
        scope: "account",
        retry: "never",
        hint:
          `The metadata folder "${metadata}" must be writable and on a file system that supports locks`,
        cause: error,
      },
    );
  }
}

/** Rights for what is below alone are enough if it exists, as opening shows. */
async function makeMetadata(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/** A lock file with its locks. Disposing of it releases them. */
interface LockedFile extends Disposable {
  /** Whether the file at `path` is this one. */
  isAt(path: string): Promise<boolean>;
}

class HeldLock implements FileLock {
  readonly path: string;
  #posix: boolean;
  #locked: LockedFile;
  #gate: AsyncDisposableStack;

  constructor(
    path: string,
    posix: boolean,
    locked: LockedFile,
    gate: AsyncDisposableStack,
  ) {
    this.path = path;
    this.#posix = posix;
    this.#locked = locked;
    this.#gate = gate;
  }

  async verify(): Promise<boolean> {
    if (await this.#locked.isAt(this.path)) return true;
    const next = await lockFile(this.path, this.#posix);
    if (next === undefined) return false;
    // The deleted file is another one: releasing it leaves the new lock alone.
    this.#locked[Symbol.dispose]();
    this.#locked = next;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The note goes first: nobody shall read it as that of a later holder.
    await Deno.truncate(`${this.path}-holder`).catch(() => {});
    this.#locked[Symbol.dispose]();
    await this.#gate[Symbol.asyncDispose]();
  }
}

/**
 * Locks the file at `path` in every way the platform has.
 * @returns undefined when another program holds it.
 */
async function lockFile(
  path: string,
  posix: boolean,
): Promise<LockedFile | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const locked = await lockOnce(path, posix);
    if (locked === undefined) return undefined;
    // Between opening and locking, another program may have deleted the file:
    // then our lock is on a file that nobody else will ever find.
    if (await locked.isAt(path)) return locked;
    locked[Symbol.dispose]();
  }
  return undefined;
}

async function lockOnce(
  path: string,
  posix: boolean,
): Promise<LockedFile | undefined> {
  using cleanup = new DisposableStack();
  const file = cleanup.use(await Deno.open(path, CREATE));
  if (!await file.tryLock(true)) return undefined;
  // A flock ends when the last copy of its descriptor is closed, and the
  // runtime, or a child between fork and exec, may hold one for a moment longer.
  cleanup.defer(() => file.unlockSync());
  // SQLite takes an empty file for an empty database and anything else for a
  // broken one. OfflineIMAP truncates the file too.
  await file.truncate(0);
  const own = await file.stat();
  if (posix) {
    // From here on `file` is not touched: an operation on it may close a copy
    // of its descriptor, and with it drop the record lock (stat() does).
    const record = lockRecord(path) ?? await lockRecordAlone(path, file);
    if (record === undefined) return undefined;
    // Disposed of in reverse: the database, and then the descriptor.
    cleanup.use(record);
  }
  const all = cleanup.move();
  return {
    [Symbol.dispose]: () => all.dispose(),
    isAt: async (path) => {
      const other = await Deno.stat(path).catch(() => undefined);
      return other !== undefined && other.ino === own.ino &&
        other.dev === own.dev;
    },
  };
}

/**
 * The record lock without our flock, for systems where the two kinds see each
 * other (macOS, BSD, NFS): there our own flock is in the way, and one is enough.
 */
async function lockRecordAlone(
  path: string,
  file: Deno.FsFile,
): Promise<Disposable | undefined> {
  await file.unlock();
  return lockRecord(path);
}

/**
 * Takes the record lock on an empty file.
 * @returns undefined when another process holds it.
 */
function lockRecord(path: string): Disposable | undefined {
  const database = new DatabaseSync(path);
  try {
    // Else a journal file, `ACCOUNT.lock-journal`, appears beside it.
    // Off is not the way: SQLite's defensive mode, which is on, ignores it.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    // SQLITE_BUSY; Deno 2.9 gives its text and no number.
    if (messageOf(error).includes("database is locked")) return undefined;
    throw error;
  }
}

async function writeNote(file: Deno.FsFile, holder: Holder): Promise<void> {
  await file.truncate(0);
  const bytes = new TextEncoder().encode(`${JSON.stringify(holder)}\n`);
  await file.write(bytes);
}

/** The error of a lock that another program holds. */
function lockHeld(
  account: string,
  holder: Holder | undefined,
  pid: number | undefined,
): MailError {
  return new MailError(
    `Could not lock account ${account}. Is another instance using this account?`,
    {
      code: "lock.held",
      scope: "account",
      retry: "later",
      hint: describeHolder(holder, pid),
    },
  );
}

/** The process that holds a lock on the file, where the system tells. */
async function pidOf(path: string): Promise<number | undefined> {
  const inode = (await Deno.stat(path).catch(() => undefined))?.ino;
  if (inode === undefined || inode === null) return undefined;
  return findLockPid(await readText("/proc/locks"), inode);
}

/** The text of a file; empty when it cannot be read. */
function readText(path: string): Promise<string> {
  return Deno.readTextFile(path).catch(() => "");
}

/**
 * An account's name as part of a file name: itself, but for the separators that
 * would lead to another directory.
 */
function fileNameOf(account: string): string {
  return account.replaceAll(
    /[/\\\0]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
