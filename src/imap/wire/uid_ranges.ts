/** Ranges of numbers as flat lists: first and last of each in turn. */
import { MAX_UID } from "./types.ts";

/**
 * Sorted, joined where they touch or overlap, each range the right way round.
 * A list that is so already is returned after one pass over it.
 */
export function sortRanges(pairs: readonly number[]): readonly number[] {
  if (isSorted(pairs)) return pairs;
  const order: [number, number][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const a = pairs[at] as number;
    const b = pairs[at + 1] as number;
    order.push(a <= b ? [a, b] : [b, a]);
  }
  order.sort((a, b) => a[0] - b[0]);
  const result: number[] = [];
  for (const [first, last] of order) {
    const end = result.at(-1);
    if (end === undefined || first > end + 1) result.push(first, last);
    else if (last > end) result[result.length - 1] = last;
  }
  return result;
}

function isSorted(pairs: readonly number[]): boolean {
  let floor = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const first = pairs[at] as number;
    const last = pairs[at + 1] as number;
    // Touching ranges must be joined: two formats of one set would differ.
    if (first > last || (at > 0 && first <= floor)) return false;
    floor = last + 1;
  }
  return true;
}

const RANGE = /^(?:([1-9]\d{0,9})|\*)(?::(?:([1-9]\d{0,9})|\*))?$/;

/**
 * The ranges of a `sequence-set` in the order written, `*` as 2^32-1.
 * @throws {RangeError} When it is none.
 */
export function parseRanges(text: string): number[] {
  const pairs: number[] = [];
  for (const part of text.split(",")) {
    const match = RANGE.exec(part);
    if (match === null) throw new RangeError(`Not a set of UIDs: ${text}`);
    const first = match[1] === undefined ? MAX_UID : Number(match[1]);
    const last = match[2] !== undefined
      ? Number(match[2])
      : part.includes(":")
      ? MAX_UID
      : first;
    if (first > MAX_UID || last > MAX_UID) {
      throw new RangeError(`Not a set of UIDs: ${text}`);
    }
    pairs.push(first, last);
  }
  return pairs;
}

/** The ranges with commas between them. */
export function joinRanges(
  pairs: readonly number[],
  format: (first: number, last: number) => string,
): string {
  let text = "";
  for (let at = 0; at < pairs.length; at += 2) {
    if (at > 0) text += ",";
    text += format(pairs[at] as number, pairs[at + 1] as number);
  }
  return text;
}
