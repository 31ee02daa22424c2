/** Flag sets in canonical text form, and how two sides merge theirs. */
import type { Flags } from "./types.ts";

const SYSTEM = new Map(
  ["\\Answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Seen"]
    .map((flag) => [flag.toLowerCase(), flag]),
);

/** The empty set. */
export const NO_FLAGS = "" as Flags;

/**
 * The canonical set of `flags`: system flags in the RFC's spelling, keywords as
 * they are, no `\Recent`, no doubles (RFC 9051 §2.3.2).
 */
export function flagsOf(flags: Iterable<string>): Flags {
  const set = new Set<string>();
  for (const flag of flags) {
    if (flag === "") continue;
    if (flag.startsWith("\\")) {
      const lower = flag.toLowerCase();
      if (lower !== "\\recent") set.add(SYSTEM.get(lower) ?? flag);
    } else set.add(flag);
  }
  return [...set].sort().join(" ") as Flags;
}

/** The members of a set, sorted. */
export function flagList(flags: Flags): string[] {
  return flags === "" ? [] : flags.split(" ");
}

/** Whether `flag` (canonical spelling) is a member. */
export function hasFlag(flags: Flags, flag: string): boolean {
  return flags === flag || flagList(flags).includes(flag);
}

/** Those members that `keep` accepts. */
export function filterFlags(
  flags: Flags,
  keep: (flag: string) => boolean,
): Flags {
  if (flags === "") return flags;
  const all = flagList(flags);
  const kept = all.filter(keep);
  return kept.length === all.length ? flags : kept.join(" ") as Flags;
}

/** Members of `a` that are not in `b`. */
export function withoutFlags(a: Flags, b: Flags): Flags {
  if (a === "" || b === "") return a;
  const other = new Set(flagList(b));
  return filterFlags(a, (flag) => !other.has(flag));
}

/** Members of either. */
export function unionFlags(a: Flags, b: Flags): Flags {
  if (a === b || b === "") return a;
  if (a === "") return b;
  return flagsOf([...flagList(a), ...flagList(b)]);
}

/** A change of flags: what to add and what to take away. */
export interface FlagDelta {
  readonly add: Flags;
  readonly remove: Flags;
}

/** The change that turns `from` into `to`, or undefined when they are equal. */
export function flagDelta(from: Flags, to: Flags): FlagDelta | undefined {
  if (from === to) return undefined;
  return { add: withoutFlags(to, from), remove: withoutFlags(from, to) };
}

/** `flags` after `delta`. */
export function applyDelta(flags: Flags, delta: FlagDelta): Flags {
  return unionFlags(withoutFlags(flags, delta.remove), delta.add);
}

/**
 * The set that both sides should end with. Each flag follows the side that
 * changed it since `base`; both can only have changed it the same way.
 */
export function mergeFlags(base: Flags, local: Flags, remote: Flags): Flags {
  if (local === remote || remote === base) return local;
  if (local === base) return remote;
  const added = unionFlags(
    withoutFlags(local, base),
    withoutFlags(remote, base),
  );
  const removed = unionFlags(
    withoutFlags(base, local),
    withoutFlags(base, remote),
  );
  return unionFlags(withoutFlags(base, removed), added);
}
