/** Needs as flags of `deno run`. */
import { MailError } from "../errors.ts";
import type { Needs } from "./needs.ts";

/**
 * The flags that grant exactly these needs.
 * @throws {MailError} `sandbox.comma`: Deno has no way to write that path.
 */
export function permissionFlags(needs: Needs): string[] {
  return [
    "--no-prompt",
    ...flag("net", needs.net),
    ...flag("read", needs.read),
    ...flag("write", needs.write),
    ...flag("env", needs.env),
    ...flag("run", needs.run),
    ...flag("sys", needs.sys),
    "--deny-ffi",
    "--deny-import",
  ];
}

function flag(name: string, values: readonly string[] | undefined): string[] {
  if (values === undefined) return [`--allow-${name}`];
  if (values.length === 0) return [];
  const comma = values.find((value) => value.includes(","));
  if (comma === undefined) return [`--allow-${name}=${values.join(",")}`];
  throw new MailError(`"${comma}" cannot be granted by a flag of Deno`, {
    code: "sandbox.comma",
    scope: "account",
    hint: "A comma separates paths there; use a path without one",
  });
}

/** A word as a POSIX shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}
