/**
 * Gmail's labels as members of a flag set, so that they are compared, merged,
 * planned and remembered as flags are: each label follows the side that changed
 * it, and there is one rule for all of that.
 */
import {
  filterFlags,
  type FlagDelta,
  flagList,
  flagsOf,
  unionFlags,
} from "./flags.ts";
import type { Flags } from "./types.ts";

/** No flag or keyword begins so: `{` is no character of an atom (RFC 9051 §9). */
const MARK = "{label}";

/** The member of a flag set that stands for a label (readable text). */
export function labelFlag(label: string): string {
  return MARK + label.replaceAll("%", "%25").replaceAll(" ", "%20");
}

/** The label that a member of a flag set stands for; undefined for a flag. */
export function labelOf(flag: string): string | undefined {
  if (!isLabel(flag)) return undefined;
  return flag.slice(MARK.length).replaceAll("%20", " ").replaceAll("%25", "%");
}

/** Whether a member of a flag set stands for a label. */
export function isLabel(flag: string): boolean {
  return flag.startsWith(MARK);
}

/** The labels in a set, sorted by code point as OfflineIMAP writes them. */
export function labelsIn(flags: Flags): string[] {
  return flagList(flags).flatMap((flag) => labelOf(flag) ?? [])
    .sort(byCodePoint);
}

/** `flags` without its labels. */
export function withoutLabels(flags: Flags): Flags {
  return flags.includes(MARK)
    ? filterFlags(flags, (flag) => !isLabel(flag))
    : flags;
}

/** Only the labels of `flags`. */
export function onlyLabels(flags: Flags): Flags {
  return flags.includes(MARK) ? filterFlags(flags, isLabel) : "" as Flags;
}

/** `flags` and `labels` in one set. */
export function withLabels(flags: Flags, labels: Iterable<string>): Flags {
  return unionFlags(flags, flagsOf(Array.from(labels, labelFlag)));
}

/** Whether a change is, in part at least, of labels. */
export function changesLabels({ add, remove }: FlagDelta): boolean {
  return add.includes(MARK) || remove.includes(MARK);
}

/** The order of Python's `sorted()`, which is not that of UTF-16. */
function byCodePoint(a: string, b: string): number {
  const one = [...a];
  const two = [...b];
  for (let at = 0; at < one.length && at < two.length; at++) {
    const order = (one[at]?.codePointAt(0) ?? 0) -
      (two[at]?.codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return one.length - two.length;
}
