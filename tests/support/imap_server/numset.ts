/** Sets of sequence numbers or UIDs as ranges (`sequence-set`, RFC 3501 §9). */

/** Inclusive, `from <= to`. */
export type Range = readonly [from: number, to: number];

/**
 * Ranges of a `sequence-set`, sorted and merged; `*` is `largest`.
 *
 * `*` of an empty mailbox (`largest` 0) names nothing.
 *
 * @returns undefined where the text is no such set
 */
export function parseNumberSet(
  text: string,
  largest: number,
): Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(",")) {
    const match = /^(\*|[1-9]\d{0,9})(?::(\*|[1-9]\d{0,9}))?$/.exec(part);
    if (match === null) return undefined;
    const one = match[1] === "*" ? largest : Number(match[1]);
    const two = match[2] === undefined
      ? one
      : match[2] === "*"
      ? largest
      : Number(match[2]);
    if (one > 0xffffffff || two > 0xffffffff) return undefined;
    ranges.push(one < two ? [one, two] : [two, one]);
  }
  return mergeRanges(ranges.filter(([, to]) => to > 0));
}

/** Sorted, without overlaps, neighbours joined. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) {
      last[1] = Math.max(last[1], to);
    } else {
      merged.push([from, to]);
    }
  }
  return merged;
}

/** Whether a sorted, merged set holds the number. */
export function inRanges(ranges: readonly Range[], value: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (value < range[0]) high = middle - 1;
    else if (value > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** The shortest text of the numbers, ascending: `1:3,7`. Empty for none. */
export function formatNumberSet(numbers: Iterable<number>): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  return mergeRanges(sorted.map((n) => [n, n]))
    .map(([from, to]) => from === to ? `${from}` : `${from}:${to}`)
    .join(",");
}

/** Numbers in their own order, runs shortened: what COPYUID needs. */
export function formatNumberList(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length;) {
    const from = numbers[at] ?? 0;
    let to = from;
    for (at++; numbers[at] === to + 1; at++) to++;
    parts.push(from === to ? `${from}` : `${from}:${to}`);
  }
  return parts.join(",");
}
