/** Which flags a mailbox takes for good. */
import { CommandSyntax } from "./argument_reader.ts";
import { SYSTEM_FLAGS } from "./flags.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Profile } from "./profile.ts";

/** The FLAGS of a mailbox: what is defined in it. */
export function definedFlags(mailbox: Mailbox): string[] {
  return [...SYSTEM_FLAGS, ...mailbox.keywords.values()];
}

/** The PERMANENTFLAGS, with `\*` where clients may make keywords. */
export function permanentFlags(profile: Profile, mailbox: Mailbox): string[] {
  const flags = definedFlags(mailbox);
  return profile.newKeywords ? [...flags, "\\*"] : flags;
}

/** @throws {CommandSyntax} For a `\Flag` that does not exist. */
export function refuseUnknownFlags(flags: readonly string[]): void {
  const known = SYSTEM_FLAGS.map((flag) => flag.toLowerCase());
  const unknown = flags.find((flag) =>
    flag.startsWith("\\") && !known.includes(flag.toLowerCase())
  );
  if (unknown !== undefined) {
    throw new CommandSyntax(`Invalid system flag ${unknown}`);
  }
}

/** Those of the flags that will be kept; the rest is dropped in silence. */
export function permittedFlags(
  profile: Profile,
  mailbox: Mailbox,
  flags: readonly string[],
): string[] {
  const known = new Set(definedFlags(mailbox).map((f) => f.toLowerCase()));
  return flags.filter((flag) =>
    known.has(flag.toLowerCase()) ||
    profile.newKeywords && !flag.startsWith("\\")
  );
}
