/** What the directories of a tree held when their times could be trusted. */

/** Where the text is kept between runs; losing it costs time, nothing else. */
export interface ListingCache {
  get(): string | undefined;
  set(text: string): void;
}

/** A directory as it was read. */
export interface DirectoryEntry {
  /** Its modification time then, or 0 if that could not be trusted. */
  readonly time: number;
  /** It holds `cur`, `new` and `tmp`. */
  readonly mailbox: boolean;
  /** Its other directories and symbolic links. */
  readonly children: readonly string[];
}

/** Directories by their path below the root, levels joined by `/`. */
export type Directories = Map<string, DirectoryEntry>;

const VERSION = 1;

function isEntry(value: unknown): value is DirectoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { time, mailbox, children } = value as Record<string, unknown>;
  return typeof time === "number" && typeof mailbox === "boolean" &&
    Array.isArray(children) &&
    children.every((child) => typeof child === "string");
}

/** The directories in `text`; empty if it is of another tree or damaged. */
export function parseDirectories(
  text: string | undefined,
  tree: string,
): Directories {
  if (text === undefined) return new Map();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return new Map();
    const { version, tree: of, directories } = value as Record<string, unknown>;
    if (version !== VERSION || of !== tree) return new Map();
    if (typeof directories !== "object" || directories === null) {
      return new Map();
    }
    return new Map(
      Object.entries(directories).filter((row): row is [
        string,
        DirectoryEntry,
      ] => isEntry(row[1])),
    );
  } catch {
    return new Map();
  }
}

/** The text that {@link parseDirectories} reads. */
export function formatDirectories(
  directories: Directories,
  tree: string,
): string {
  const sorted = [...directories].sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify({
    version: VERSION,
    tree,
    directories: Object.fromEntries(sorted),
  });
}
