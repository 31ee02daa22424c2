/** What a path below the root of a Maildir tree is about. */
import { relative, sep } from "node:path";

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
 * lists: the path below the root with slashes, on macOS composed (NFC).
 *
 * @param root Absolute, without symbolic links.
 * @param nested `sep = /`: mailboxes lie in each other.
 */
export function placeOf(
  path: string,
  root: string,
  { nested, platform }: {
    readonly nested: boolean;
    readonly platform: string;
  },
): PlaceOf {
  const below = relative(root, path);
  if (below === "" || below === "..") return { kind: "directory" };
  const parts = below.split(sep);
  if (parts[0] === "..") return OTHER;
  const last = parts.at(-1);
  const parent = parts.at(-2);
  if (parts.includes("tmp") && last !== "tmp") return OTHER;
  if (parent === "new" || parent === "cur") {
    const mailbox = parts.slice(0, -2);
    if (!nested && mailbox.length > 1) return OTHER;
    const name = mailbox.join("/");
    return {
      kind: "message",
      mailbox: platform === "darwin" ? name.normalize("NFC") : name,
    };
  }
  return { kind: "directory" };
}
