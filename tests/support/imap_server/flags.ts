/** Message flags: system flags in one spelling, keywords as first seen. */

/** The settable system flags of RFC 3501 §2.3.2. */
export const SYSTEM_FLAGS = [
  "\\Answered",
  "\\Flagged",
  "\\Deleted",
  "\\Seen",
  "\\Draft",
] as const;

const RANK = new Map<string, number>(
  SYSTEM_FLAGS.map((flag, rank) => [flag.toLowerCase(), rank]),
);

/** A flag in its usual spelling; keywords stay as they are. */
export function canonicalFlag(flag: string): string {
  const rank = RANK.get(flag.toLowerCase());
  return rank === undefined ? flag : SYSTEM_FLAGS[rank] ?? flag;
}

/** Each flag once, regardless of case, in an order that is always the same. */
export function normalizeFlags(flags: Iterable<string>): readonly string[] {
  const seen = new Map<string, string>();
  for (const flag of flags) {
    const key = flag.toLowerCase();
    if (key !== "\\recent" && !seen.has(key)) {
      seen.set(key, canonicalFlag(flag));
    }
  }
  return [...seen.entries()].sort(([a], [b]) => compareKeys(a, b))
    .map(([, flag]) => flag);
}

/** Whether the list holds the flag, regardless of case. */
export function hasFlag(flags: readonly string[], flag: string): boolean {
  if (flags.includes(flag)) return true;
  const key = flag.toLowerCase();
  return flags.some((other) => other.toLowerCase() === key);
}

/** What a change makes of a flag list. */
export type FlagChange = "set" | "add" | "remove";

/** The list after the change, normalised. */
export function applyFlags(
  flags: readonly string[],
  change: FlagChange,
  operand: readonly string[],
): readonly string[] {
  switch (change) {
    case "set":
      return normalizeFlags(operand);
    case "add":
      return normalizeFlags([...flags, ...operand]);
    case "remove":
      return flags.filter((flag) => !hasFlag(operand, flag));
  }
}

/** Whether two normalised lists say the same. */
export function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length &&
    a.every((flag, at) => flag.toLowerCase() === b[at]?.toLowerCase());
}

function compareKeys(a: string, b: string): number {
  const byRank = (RANK.get(a) ?? 99) - (RANK.get(b) ?? 99);
  return byRank !== 0 ? byRank : a < b ? -1 : a > b ? 1 : 0;
}
