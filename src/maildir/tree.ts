/** The mailboxes below a root: finding them and creating new ones. */
import { join } from "node:path";
import type { Step } from "../effects.ts";
import { MailError } from "../errors.ts";
import { directoryTime, isTrusted, mailboxTimes } from "./directory_time.ts";
import type { Durability } from "./durability.ts";
import {
  type Directories,
  type DirectoryEntry,
  formatDirectories,
  type ListingCache,
  parseDirectories,
} from "./listing_cache.ts";
import { SUBDIRECTORIES } from "./layout.ts";
import { refuseStray, strayLink } from "./links.ts";
import {
  clashWith,
  mailboxName,
  mailboxPath,
  type NameOptions,
} from "./mailbox_name.ts";
import { isAbsent } from "../os_error.ts";
import { fileError } from "./file_error.ts";
import type { Root } from "./root.ts";

/** Directories nested deeper than this are a loop that was not recognised. */
const MAX_DEPTH = 64;

/** What a tree needs to know. */
export interface TreeOptions extends NameOptions {
  readonly root: Root;
  readonly durability: Durability;
  readonly cache?: ListingCache;
  readonly now: () => number;
  readonly step: Step;
}

/** A directory on the way down, for telling loops. */
interface Ancestor {
  readonly device: number;
  readonly inode: number | null;
}

/** A Maildir tree as OfflineIMAP lays it out. */
export class Tree {
  readonly #options: TreeOptions;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  /**
   * The directory of a mailbox, whether it exists or not.
   * @throws {MailError} Scope mailbox: the name is not usable.
   */
  directory(name: string): string {
    return join(this.#options.root.path, ...mailboxPath(name, this.#options));
  }

  /**
   * The names of all mailboxes, sorted. A tree in which no directory changed is
   * listed without reading one, by a stat for each.
   *
   * With separator `/` all directories are examined, with any other only those
   * right below the root. The root itself is the mailbox with the empty name.
   * Symbolic links are followed; a loop of them ends where it would begin again.
   * @throws {MailError} Scope account: the root cannot be read.
   */
  async list(): Promise<string[]> {
    const { cache, separator, root } = this.#options;
    const tree = `${separator} ${root.path}`;
    const before = cache?.get();
    const walk: Walk = {
      known: parseDirectories(before, tree),
      seen: new Map(),
      names: [],
      now: this.#options.now(),
    };
    try {
      await this.#visit([], [], walk);
    } catch (error) {
      throw fileError(`Cannot read "${root.path}"`, error, "account");
    }
    const after = formatDirectories(walk.seen, tree);
    if (after !== before) cache?.set(after);
    return walk.names.sort();
  }

  async #visit(
    parts: string[],
    above: readonly Ancestor[],
    walk: Walk,
  ): Promise<void> {
    const path = join(this.#options.root.path, ...parts);
    let info: Deno.FileInfo;
    let stray = false;
    try {
      info = parts.length === 0 ? Deno.statSync(path) : Deno.lstatSync(path);
      if (info.isSymlink) {
        // What it is itself may be told; nothing below it.
        stray = strayLink(path) !== undefined;
        info = Deno.statSync(path);
      }
    } catch (error) {
      // A dangling link, or a directory that others may not enter.
      if (parts.length > 0) return;
      if (isAbsent(error)) return;
      throw error;
    }
    if (!info.isDirectory) return;
    const self = { device: info.dev, inode: info.ino };
    if (above.some((other) => isSame(other, self))) return;

    const key = parts.join("/");
    const time = info.mtime?.getTime() ?? Infinity;
    const known = walk.known.get(key);
    const deeper = parts.length === 0 || this.#options.separator === "/";
    const entry = known !== undefined && known.time === time && time !== 0
      ? known
      : await this.#read(path, { time, deeper, now: walk.now });
    if (entry === undefined) return;
    walk.seen.set(key, entry);
    if (entry.mailbox) walk.names.push(mailboxName(parts, this.#options));
    if (!deeper || stray || parts.length >= MAX_DEPTH) return;
    for (const child of entry.children) {
      await this.#visit([...parts, child], [...above, self], walk);
    }
  }

  /** Looks into a directory; undefined if that is not allowed. */
  async #read(
    path: string,
    { time, deeper, now }: { time: number; deeper: boolean; now: number },
  ): Promise<DirectoryEntry | undefined> {
    const children: string[] = [];
    try {
      if (deeper) {
        for await (const entry of Deno.readDir(path)) {
          if (!entry.isDirectory && !entry.isSymlink) continue;
          if ((SUBDIRECTORIES as readonly string[]).includes(entry.name)) {
            continue;
          }
          children.push(entry.name);
        }
      }
      return {
        time: isTrusted(time, now) ? time : 0,
        mailbox: SUBDIRECTORIES.every((name) =>
          directoryTime(join(path, name)) !== undefined
        ),
        children: children.sort(),
      };
    } catch (error) {
      if (path === this.#options.root.path) throw error;
      return undefined;
    }
  }

  /**
   * Creates a mailbox with all directories above it, mode 0700. One that exists
   * is completed if a directory of it is missing.
   * @param onNew Called before the last directory is made, without which it is no
   *   mailbox: killed in between, nothing looks as if its mail had been deleted.
   * @throws {MailError} Scope mailbox: the name is refused, or the file system
   *   takes it for that of another mailbox.
   */
  async create(name: string, onNew: () => void = () => {}): Promise<void> {
    const parts = mailboxPath(name, this.#options);
    const { root, durability } = this.#options;
    refuseStray(root.path, parts, name);
    try {
      let path = root.path;
      for (const part of parts) {
        const parent = path;
        path = join(parent, part);
        if (directoryTime(path) !== undefined) {
          this.#refuseClash(parent, part, name);
          continue;
        }
        this.#mkdir(path);
        await durability.directory(parent);
      }
      const missing = SUBDIRECTORIES.map((part) => join(path, part))
        .filter((directory) => directoryTime(directory) === undefined);
      missing.forEach((directory, at) => {
        if (at === missing.length - 1) onNew();
        this.#mkdir(directory);
      });
      if (mailboxTimes(path) !== undefined) await durability.directory(path);
    } catch (error) {
      throw fileError(`Cannot create folder "${name}"`, error, "mailbox");
    }
  }

  #mkdir(path: string): void {
    this.#options.step("file", "mkdir");
    try {
      Deno.mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      // Somebody else may just have made it.
      const exists = error instanceof Deno.errors.AlreadyExists;
      if (!exists || directoryTime(path) === undefined) throw error;
    }
  }

  /** Refuses an existing directory that bears another name than asked for. */
  #refuseClash(parent: string, part: string, name: string): void {
    const folding = this.#options.root.folding();
    if (!folding.letterCase && !folding.normalization) return;
    const entries = [...Deno.readDirSync(parent)].map((entry) => entry.name);
    const other = clashWith(part, entries, folding);
    if (other === undefined) return;
    throw new MailError(
      `Cannot create folder "${name}": this file system does not tell ` +
        `"${part}" from the existing "${other}"`,
      {
        code: "maildir.clash",
        scope: "mailbox",
        retry: "never",
        hint: "Give one of the two another local name with nametrans",
      },
    );
  }
}

/** One pass over the tree. */
interface Walk {
  readonly known: Directories;
  readonly seen: Directories;
  readonly names: string[];
  readonly now: number;
}

/** Whether both are the same directory; not known where inodes are not. */
function isSame(a: Ancestor, b: Ancestor): boolean {
  return a.inode !== null && a.inode === b.inode && a.device === b.device;
}
