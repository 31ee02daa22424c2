/** A disk that keeps nothing but what it was told to keep. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What a disk holds: files and directories by their paths below its root. */
export interface Remains {
  readonly directories: readonly string[];
  readonly files: ReadonlyMap<string, Kept>;
}

/** A file as it was when it was synced last. */
interface Kept {
  readonly bytes: Uint8Array;
  readonly mtime: Date | null;
}

/** A file that was never synced: its name may last, its bytes do not. */
const NOTHING: Kept = { bytes: new Uint8Array(), mtime: null };

type Identity = string;

/** What SQLite looks after by itself: taken as it is. */
const OWN = /\.sqlite(-wal|-journal)?$/;

type Sync = Deno.FsFile["syncData"];
type SyncNow = Deno.FsFile["syncDataSync"];

/**
 * Watches how this process syncs what lies below a directory. What a file system
 * must keep through a power cut is then known: the bytes of a file as they were
 * at its last sync, and a name if its directory was synced since it is there.
 * Every file system keeps more, and each something else; who can do with this
 * little can do with any.
 *
 * Disposing of it gives the process its own functions back.
 */
export class ForgetfulDisk implements Disposable {
  readonly #root: string;
  readonly #paths = new WeakMap<Deno.FsFile, string>();
  /** Names and files of directories as they were synced last. */
  readonly #names = new Map<string, Map<string, Identity>>();
  readonly #bytes = new Map<Identity, Kept>();
  readonly #undo: (() => void)[] = [];

  /** @param root An existing directory. Its own name is taken for granted. */
  constructor(root: string) {
    this.#root = root;
    this.keepAll();
    this.#watchOpen();
    this.#watchSync();
  }

  /** Everything that is there now is on the disk. */
  keepAll(directory: string = this.#root): void {
    this.#names.set(directory, namesIn(directory));
    for (const { name, isDirectory } of Deno.readDirSync(directory)) {
      const path = join(directory, name);
      if (isDirectory) this.keepAll(path);
      else this.#bytes.set(identityOf(path), kept(path));
    }
  }

  /** What would be left if the power failed now. */
  remains(): Remains {
    const files = new Map<string, Kept>();
    const directories: string[] = [];
    const visit = (directory: string): void => {
      directories.push(directory);
      for (const [name, identity] of this.#names.get(directory) ?? []) {
        const path = join(directory, name);
        if (OWN.test(name)) takeOwn(path, files);
        else if (this.#names.has(path) || isDirectory(path)) visit(path);
        else files.set(path, this.#bytes.get(identity) ?? NOTHING);
      }
    };
    visit(this.#root);
    return { directories, files };
  }

  /** The power is back: replaces what is there by what was left. */
  show({ directories, files }: Remains): void {
    for (const { name } of Deno.readDirSync(this.#root)) {
      Deno.removeSync(join(this.#root, name), { recursive: true });
    }
    for (const directory of directories) {
      Deno.mkdirSync(directory, { recursive: true });
    }
    for (const [path, { bytes, mtime }] of files) {
      Deno.writeFileSync(path, bytes);
      if (mtime !== null) Deno.utimeSync(path, mtime, mtime);
    }
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  #watchOpen(): void {
    const { open, openSync } = Deno;
    Deno.open = async (path, options) =>
      this.#opened(await open(path, options), path);
    Deno.openSync = (path, options) =>
      this.#opened(openSync(path, options), path);
    this.#undo.push(() => Object.assign(Deno, { open, openSync }));
  }

  #opened(file: Deno.FsFile, path: string | URL): Deno.FsFile {
    if (typeof path === "string" && path.startsWith(this.#root)) {
      this.#paths.set(file, path);
    }
    return file;
  }

  #watchSync(): void {
    const { prototype } = Deno.FsFile;
    const { sync, syncSync, syncData, syncDataSync } = prototype;
    const look = (file: Deno.FsFile) => this.#look(file);
    // What is there before the call: what comes while it works may be too late.
    const late = (original: Sync): Sync =>
      async function (this: Deno.FsFile) {
        const note = look(this);
        await original.call(this);
        note();
      };
    const now = (original: SyncNow): SyncNow =>
      function (this: Deno.FsFile) {
        const note = look(this);
        original.call(this);
        note();
      };
    prototype.sync = late(sync);
    prototype.syncData = late(syncData);
    prototype.syncSync = now(syncSync);
    prototype.syncDataSync = now(syncDataSync);
    this.#undo.push(() =>
      Object.assign(prototype, { sync, syncSync, syncData, syncDataSync })
    );
  }

  /**
   * A rename between two directories is one thing on every file system with a
   * journal: it is kept on both ends or on none.
   */
  #keepNames(directory: string, names: Map<string, Identity>): void {
    const before = new Set(this.#names.get(directory)?.values());
    const after = new Set(names.values());
    this.#names.set(directory, names);
    for (const [other, known] of this.#names) {
      if (other === directory || !existsSync(other)) continue;
      const moved = [...known].filter(([name, identity]) =>
        after.has(identity) && !existsSync(join(other, name))
      );
      for (const [name] of moved) known.delete(name);
      for (const [name, identity] of namesIn(other)) {
        if (before.has(identity) && !after.has(identity)) {
          known.set(name, identity);
        }
      }
    }
  }

  /** Looks at a file or directory. @returns makes that what is kept. */
  #look(file: Deno.FsFile): () => void {
    const path = this.#paths.get(file);
    if (path === undefined) return () => {};
    if (isDirectory(path)) {
      const names = namesIn(path);
      return () => this.#keepNames(path, names);
    }
    const identity = identityOf(path);
    const bytes = kept(path);
    return () => void this.#bytes.set(identity, bytes);
  }
}

function namesIn(directory: string): Map<string, Identity> {
  const names = new Map<string, Identity>();
  for (const { name } of Deno.readDirSync(directory)) {
    names.set(name, identityOf(join(directory, name)));
  }
  return names;
}

/** What tells a file from others, also from a later one with its inode. */
function identityOf(path: string): Identity {
  const { ino, birthtime } = Deno.lstatSync(path);
  return `${ino} ${birthtime?.getTime()}`;
}

function kept(path: string): Kept {
  return { bytes: Deno.readFileSync(path), mtime: Deno.lstatSync(path).mtime };
}

function isDirectory(path: string): boolean {
  return existsSync(path) && Deno.statSync(path).isDirectory;
}

/** A database as it is, with its journal. */
function takeOwn(path: string, files: Map<string, Kept>): void {
  const database = path.replace(OWN, ".sqlite");
  for (const file of [database, `${database}-wal`, `${database}-journal`]) {
    if (existsSync(file)) files.set(file, kept(file));
  }
}
