/** How OfflineIMAP names the files of its metadata. */
import { basename, join } from "node:path";

/** Whose metadata, and where. */
export interface LegacyPlace {
  /** The metadata directory. */
  readonly metadata: string;
  /** Name of the account section. */
  readonly account: string;
  /** Name of the repository section that `remoterepository` names. */
  readonly remoteRepo: string;
  /** The same for `localrepository`. */
  readonly localRepo: string;
}

/**
 * A folder's name as a file name: `/` becomes `.`, and a name that is empty or
 * just `.` becomes `dot`. Different folders can meet (`a/b` and `a.b`).
 *
 * @see OfflineIMAP 8.0.0, folder/Base.py, getfolderbasename()
 */
export function legacyFileName(folder: string): string {
  const name = folder.replaceAll("/", ".");
  return name === "" || name === "." ? "dot" : name;
}

/**
 * The name of a folder's status file.
 *
 * @param visible The remote folder's name after `nametrans`.
 */
export function statusFileName(visible: string, separator: string): string {
  const name = rootless(visible, separator);
  return legacyFileName(
    separator === "" ? name : name.replaceAll(separator, "."),
  );
}

/** The name of a remote folder's files in FolderValidity and StartUID. */
export function remoteFileName(raw: string, separator: string): string {
  return legacyFileName(rootless(raw, separator));
}

/** A folder that is called like the separator is the nameless one at the top. */
function rootless(name: string, separator: string): string {
  return name === separator ? "" : name;
}

/**
 * The path of a folder's file in an account's or repository's directory, or
 * undefined when the name cannot be one of a file that OfflineIMAP wrote.
 */
export function legacyPath(
  metadata: string,
  directory: readonly string[],
  name: string,
): string | undefined {
  if (name.includes("\0") || name === "..") return undefined;
  const path = join(metadata, ...directory, name);
  // A name with a separator of this system leads elsewhere.
  return basename(path) === name ? path : undefined;
}
