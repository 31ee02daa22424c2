/** Names of mailboxes as paths below the root: what is refused, what collides. */
import { MailError } from "../errors.ts";

/** Operating systems as `Deno.build.os` names them. */
export type Platform = typeof Deno.build.os;

/** The directories that make a directory a mailbox. */
export const SUBDIRECTORIES = ["cur", "new", "tmp"] as const;

/** The file in the root that shows that the disk is mounted. */
export const MARKER = ".offlineimap-maildir";

/** What names a file system cannot tell apart. */
export interface Folding {
  /** `Work` and `work` are the same file. */
  readonly letterCase: boolean;
  /** Composed and decomposed letters (NFC, NFD) are the same. */
  readonly normalization: boolean;
}

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

// deno-lint-ignore no-control-regex
const WINDOWS_FORBIDDEN = /[\x00-\x1f<>:"/\\|?*]/;

/** Why a path component cannot be used, undefined if it can. */
function objection(
  part: string,
  platform: Platform,
): string | undefined {
  if (part === "") return "a level of it is empty";
  if (part === "." || part === "..") return `"${part}" leads elsewhere`;
  if (part.includes("/")) return "it holds a slash";
  if (part.includes("\0")) return "it holds a NUL";
  // A file name would get U+FFFD in its place, and be another name.
  if (!part.isWellFormed()) return "it holds bytes that are no text";
  if (part === MARKER) return "this program keeps a file of that name";
  if ((SUBDIRECTORIES as readonly string[]).includes(part)) {
    return `"${part}" is a part of every Maildir`;
  }
  if (platform !== "windows") return undefined;
  if (WINDOWS_FORBIDDEN.test(part)) return "Windows forbids a character of it";
  if (/[. ]$/.test(part)) return "Windows drops a dot or blank at the end";
  if (DEVICE.test(part)) return "Windows keeps it for a device";
  return undefined;
}

/**
 * The path components of a mailbox below the root, checked one by one so that
 * no name that a server offers leads outside. The empty name is the root itself.
 * @throws {MailError} Scope mailbox, code `maildir.name`.
 */
export function mailboxPath(
  name: string,
  options: { readonly separator: string; readonly platform: Platform },
): string[] {
  if (name === "") return [];
  const parts = options.separator === "/" ? name.split("/") : [name];
  for (const part of parts) {
    const reason = objection(part, options.platform);
    if (reason === undefined) continue;
    throw new MailError(
      `Folder name ${JSON.stringify(name)} cannot be used in a Maildir: ` +
        reason,
      {
        code: "maildir.name",
        scope: "mailbox",
        retry: "never",
        hint: "Translate it with nametrans or leave it out with folderfilter",
      },
    );
  }
  return parts;
}

/** What remains of a name on a file system that folds so. */
export function foldName(name: string, folding: Folding): string {
  const text = folding.normalization ? name.normalize("NFC") : name;
  // Upper case first: `ß` and `SS`, `ſ` and `s` meet on such file systems too.
  return folding.letterCase ? text.toUpperCase().toLowerCase() : text;
}

/** Groups of different names that would be one directory under `folding`. */
export function findClashes(
  names: Iterable<string>,
  folding: Folding,
): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const key = foldName(name, folding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, new Set([name]));
    else group.add(name);
  }
  return [...groups.values()].filter((group) => group.size > 1)
    .map((group) => [...group].sort());
}

/**
 * The entry that a file system which folds so takes for `part`, although it is
 * another name; undefined if there is none or `part` itself is among them.
 */
export function clashWith(
  part: string,
  entries: Iterable<string>,
  folding: Folding,
): string | undefined {
  // The decomposed form of the very name is no clash: macOS returns it so.
  const form = { letterCase: false, normalization: folding.normalization };
  let clash: string | undefined;
  for (const entry of entries) {
    if (foldName(entry, form) === foldName(part, form)) return undefined;
    if (foldName(entry, folding) === foldName(part, folding)) clash = entry;
  }
  return clash;
}
