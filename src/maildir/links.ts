/** Links in a Maildir, as far as this process may follow them. */
import { join } from "node:path";
import { type ErrorScope, MailError } from "../errors.ts";
import { SUBDIRECTORIES } from "./layout.ts";

/**
 * Where a link leads to, if that is nothing that this process may read and
 * write: names may be listed, files removed and renamed through a link even
 * then, so that it must be asked before. Undefined for what is no link, and for
 * all links where everything is allowed.
 */
export function strayLink(path: string): string | undefined {
  try {
    if (!Deno.lstatSync(path).isSymlink) return undefined;
  } catch {
    // Not there, or not to be looked at: whoever uses it says so.
    return undefined;
  }
  const target = targetOf(path);
  if (target === undefined) return undefined;
  return isGranted("read", target) && isGranted("write", target)
    ? undefined
    : target;
}

/**
 * Refuses a mailbox whose directories lead out of where this process may work.
 * @param parts The directories of the mailbox below the root.
 * @throws {MailError} `maildir.stray`, scope mailbox.
 */
export function refuseStray(
  root: string,
  parts: readonly string[],
  name: string,
): void {
  const levels = parts.map((_, at) => join(root, ...parts.slice(0, at + 1)));
  const own = SUBDIRECTORIES.map((part) => join(root, ...parts, part));
  for (const path of [...levels, ...own]) {
    const target = strayLink(path);
    if (target === undefined) continue;
    throw strayError(
      `Folder "${name}" is left alone: "${path}" is a link to "${target}", ` +
        "which is not the account's own",
      "mailbox",
    );
  }
}

/** What leads out of where this process may work, as an error. */
export function strayError(text: string, scope: ErrorScope): MailError {
  return new MailError(text, {
    code: "maildir.stray",
    scope,
    retry: "never",
    hint: "Put it there itself instead of a link to it; or set sandbox = no " +
      "if you trust this server with all that you have",
  });
}

/** Undefined where a link leads nowhere. */
function targetOf(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    return error instanceof Deno.errors.NotCapable
      ? Deno.readLinkSync(path)
      : undefined;
  }
}

function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}
