/** What a path below the root of a Maildir tree is about. */
import { posix, win32 } from "node:path";
import { mailboxName, type NameOptions } from "../mailbox_name.ts";

/** A change at a path. */
export type PlaceOf =
  /** A message of this mailbox came, went or changed. */
  | { readonly kind: "message"; readonly mailbox: string }
  /** Perhaps a mailbox came or went. */
  | { readonly kind: "directory" }
  /** Nothing that is synchronised. */
  | { readonly kind: "other" };

const OTHER: PlaceOf = { kind: "other" };

/**
 * What a change at `path` means. Names of mailboxes are those that the store
 * lists, see {@link mailboxName}.
 *
 * @param root Absolute, without symbolic links.
 */
export function placeOf(
  path: string,
  root: string,
  options: NameOptions,
): PlaceOf {
  const { isAbsolute, relative, sep } = options.platform === "windows"
    ? win32
    : posix;
  const below = relative(root, path);
  // Another drive.
  if (isAbsolute(below)) return OTHER;
  if (below === "" || below === "..") return { kind: "directory" };
  const parts = below.split(sep);
  if (parts[0] === "..") return OTHER;
  const last = parts.at(-1);
  const parent = parts.at(-2);
  if (parts.includes("tmp") && last !== "tmp") return OTHER;
  if (parent === "new" || parent === "cur") {
    const mailbox = parts.slice(0, -2);
    if (options.separator !== "/" && mailbox.length > 1) return OTHER;
    return { kind: "message", mailbox: mailboxName(mailbox, options) };
  }
  return { kind: "directory" };
}
