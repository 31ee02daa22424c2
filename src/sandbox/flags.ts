/** Needs as flags of `deno run`. */
import { MailError } from "../errors.ts";
import type { CommandNeeds } from "./command_needs.ts";
import type { Needs } from "./needs.ts";

const NONE = { read: [], write: [], run: [], allVariables: false };

/**
 * The flags that grant exactly these needs: those of a worker, and with `command`
 * those of a process that does all of it for one account.
 * @throws {MailError} `sandbox.comma`: Deno has no way to write that path.
 */
export function permissionFlags(
  needs: Needs,
  command: Omit<CommandNeeds, "start"> = NONE,
): string[] {
  const all = (own: readonly string[], more: readonly string[]) =>
    [...new Set([...own, ...more])].sort();
  return [
    "--no-prompt",
    ...flag("net", needs.net),
    ...flag("read", all(needs.read, command.read)),
    ...flag("write", all(needs.write, command.write)),
    ...command.allVariables ? ["--allow-env"] : flag("env", needs.env),
    ...flag("run", command.run),
    ...flag("sys", needs.sys),
    "--deny-ffi",
    "--deny-import",
  ];
}

function flag(name: string, values: readonly string[]): string[] {
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
