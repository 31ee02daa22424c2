/** Names of mailboxes as paths below the root: what is refused, what collides. */
import { MailError } from "../errors.ts";
import { MARKER, SUBDIRECTORIES } from "./layout.ts";
import { escapeName, unescapeName } from "./windows_name.ts";

/** Operating systems as `Deno.build.os` names them. */
export type Platform = typeof Deno.build.os;

/** What names a file system cannot tell apart. */
export interface Folding {
  /** `Work` and `work` are the same file. */
  readonly letterCase: boolean;
  /** Composed and decomposed letters (NFC, NFD) are the same. */
  readonly normalization: boolean;
}

/** How names become paths. */
export interface NameOptions {
  /** `sep`: `/` nests directories, anything else keeps all below the root. */
  readonly separator: string;
  readonly platform: Platform;
}

/** Why a part of a name cannot be used, undefined if it can. */
function objection(
  part: string,
  platform: Platform,
): string | undefined {
  if (part === "") return "a level of it is empty";
  // A file name would get U+FFFD in its place, and be another name.
  if (!part.isWellFormed()) return "it holds bytes that are no text";
  if (part.toLowerCase() === MARKER) {
    return "this program keeps a file of that name";
  }
  // There all else is escaped.
  if (platform === "windows") return undefined;
  if (part === "." || part === "..") return `"${part}" leads elsewhere`;
  if (part.includes("/")) return "it holds a slash";
  if (part.includes("\0")) return "it holds a NUL";
  if ((SUBDIRECTORIES as readonly string[]).includes(part)) {
    return `"${part}" is a part of every Maildir`;
  }
  return undefined;
}

/**
 * The path components of a mailbox below the root, checked one by one so that
 * no name that a server offers leads outside. The empty name is the root itself.
 * On Windows, what that forbids in names is escaped, see {@link escapeName}.
 * @throws {MailError} Scope mailbox, code `maildir.name`.
 */
export function mailboxPath(
  name: string,
  options: NameOptions,
): string[] {
  if (name === "") return [];
  const nested = options.separator === "/";
  const parts = nested ? name.split("/") : [name];
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
  return options.platform === "windows"
    ? parts.map((part) => escapeName(part, { nested }))
    : parts;
}

/**
 * The mailbox whose path components below the root these are, as a listing finds
 * them. macOS may show a name decomposed that was given composed.
 */
export function mailboxName(
  path: readonly string[],
  { separator, platform }: NameOptions,
): string {
  const nested = separator === "/";
  const parts = platform === "windows"
    ? path.map((part) => unescapeName(part, { nested }))
    : path;
  const name = parts.join("/");
  return platform === "darwin" ? name.normalize("NFC") : name;
}

/** What file systems of a platform usually do not tell apart. */
export function foldingOf(platform: Platform): Folding {
  return {
    letterCase: platform === "windows" || platform === "darwin",
    normalization: platform === "darwin",
  };
}

/** What remains of a name on a file system that folds so. */
export function foldName(name: string, folding: Folding): string {
  const text = folding.normalization ? name.normalize("NFC") : name;
  // Upper case first: `ß` and `SS`, `ſ` and `s` meet on such file systems too.
  return folding.letterCase ? text.toUpperCase().toLowerCase() : text;
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
