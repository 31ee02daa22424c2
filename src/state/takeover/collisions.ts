/** Folders that OfflineIMAP gave one and the same file. */
import { remoteFileName, statusFileName } from "./legacy_name.ts";

/** A remote folder that exists now. */
export interface LegacyFolder {
  /** The raw name on the server. */
  readonly remoteName: string;
  /** The name after `nametrans`. */
  readonly remoteVisible: string;
}

/** Files that more than one folder maps to, and the raw names of those folders. */
export interface Collisions {
  readonly status: ReadonlyMap<string, readonly string[]>;
  readonly validity: ReadonlyMap<string, readonly string[]>;
}

/** What decides which names are the same file. */
export interface CollisionOptions {
  /** The remote hierarchy separator. */
  readonly separator: string;
  /** macOS and Windows take `Work` and `work` for one file. @default Deno.build.os */
  readonly platform?: typeof Deno.build.os;
}

/**
 * Which of `folders` share their files with another one. Give all folders that
 * exist, synchronised or not: a file that a folder of the past shared with a
 * present one belongs to the latter alone.
 */
export function findCollisions(
  folders: Iterable<LegacyFolder>,
  { separator, platform = Deno.build.os }: CollisionOptions,
): Collisions {
  const folds = platform === "darwin" || platform === "windows";
  const fold = (name: string) =>
    folds ? name.normalize("NFC").toLowerCase() : name;
  const status = new Groups(fold);
  const validity = new Groups(fold);
  for (const { remoteName, remoteVisible } of folders) {
    status.add(statusFileName(remoteVisible, separator), remoteName);
    validity.add(remoteFileName(remoteName, separator), remoteName);
  }
  return { status: status.shared(), validity: validity.shared() };
}

/** Folders by the file that they map to. */
class Groups {
  readonly #fold: (name: string) => string;
  readonly #groups = new Map<
    string,
    { files: Set<string>; folders: string[] }
  >();

  constructor(fold: (name: string) => string) {
    this.#fold = fold;
  }

  add(file: string, folder: string): void {
    const key = this.#fold(file);
    const group = this.#groups.get(key) ?? { files: new Set(), folders: [] };
    this.#groups.set(key, group);
    group.files.add(file);
    group.folders.push(folder);
  }

  /** Those with several folders, under each spelling of the file. */
  shared(): Map<string, readonly string[]> {
    const shared = new Map<string, readonly string[]>();
    for (const { files, folders } of this.#groups.values()) {
      if (folders.length === 1) continue;
      for (const file of files) shared.set(file, folders);
    }
    return shared;
  }
}
