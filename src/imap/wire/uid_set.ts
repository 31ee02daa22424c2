/** Sets of UIDs as the protocol writes them: `1:3,7,9:*`. */
import { MAX_UID, type Uid } from "./types.ts";
import { joinRanges, parseRanges, sortRanges } from "./uid_ranges.ts";

/**
 * An immutable set of UIDs, kept as sorted ranges: a million consecutive UIDs
 * cost two numbers.
 *
 * `*` is kept as 2^32-1, the largest UID there can be, and written back as `*`.
 * Mind that to a server `n:*` also means the last message when that is below n.
 */
export class UidSet implements Iterable<Uid> {
  /** The set without members. */
  static readonly EMPTY: UidSet = new UidSet([]);
  /** `1:*`. */
  static readonly ALL: UidSet = new UidSet([1, MAX_UID]);

  /** First and last of each range in turn; sorted, apart by more than one. */
  readonly edges: readonly number[];
  /** Number of UIDs; for a set with `*` up to the largest UID there can be. */
  readonly size: number;

  private constructor(ranges: readonly number[]) {
    this.edges = ranges;
    let size = 0;
    for (let at = 0; at < ranges.length; at += 2) {
      size += (ranges[at + 1] as number) - (ranges[at] as number) + 1;
    }
    this.size = size;
  }

  /**
   * The set of `uids`, in any order, doubles allowed.
   * @throws {RangeError} On a number that is no UID.
   */
  static from(uids: Iterable<number>): UidSet {
    if (uids instanceof UidSet) return uids;
    const pairs: number[] = [];
    for (const uid of uids) {
      checkUid(uid);
      const last = pairs.length - 1;
      if (last > 0 && uid === (pairs[last] as number) + 1) pairs[last] = uid;
      else pairs.push(uid, uid);
    }
    return UidSet.fromRanges(pairs);
  }

  /** The set of the given UIDs. */
  static of(...uids: readonly number[]): UidSet {
    return UidSet.from(uids);
  }

  /**
   * `first:last`, both included, in either order.
   * @throws {RangeError} On a number that is no UID.
   */
  static range(first: number, last: number): UidSet {
    checkUid(first);
    checkUid(last);
    return UidSet.fromRanges([first, last]);
  }

  /** `first:*`. */
  static since(first: number): UidSet {
    return UidSet.range(first, MAX_UID);
  }

  /**
   * The union of ranges given as first and last in turn, in any order. The
   * numbers must be UIDs.
   */
  static fromRanges(pairs: readonly number[]): UidSet {
    return pairs.length === 0 ? UidSet.EMPTY : new UidSet(sortRanges(pairs));
  }

  /**
   * Reads a `sequence-set` (RFC 9051 §9); blanks are not allowed.
   * @throws {RangeError} When it is none.
   */
  static parse(text: string): UidSet {
    return UidSet.fromRanges(parseRanges(text));
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** The smallest member. */
  get first(): Uid | undefined {
    return this.edges[0] as Uid | undefined;
  }

  /** The largest member. */
  get last(): Uid | undefined {
    return this.edges.at(-1) as Uid | undefined;
  }

  /** Whether it ends in `*`, so that its members cannot be counted. */
  get isOpen(): boolean {
    return this.last === MAX_UID;
  }

  /** Whether `uid` is a member. */
  has(uid: number): boolean {
    return this.#contains(uid, uid);
  }

  /** Whether all members of `other` are members of this. */
  includes(other: UidSet): boolean {
    if (other.size > this.size) return false;
    for (const [first, last] of other.ranges()) {
      if (!this.#contains(first, last)) return false;
    }
    return true;
  }

  #contains(first: number, last: number): boolean {
    const ranges = this.edges;
    let low = 0;
    let high = ranges.length / 2;
    // Finds the first range that ends at or above `first`.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle * 2 + 1] as number) < first) low = middle + 1;
      else high = middle;
    }
    const start = ranges[low * 2];
    return start !== undefined && start <= first &&
      (ranges[low * 2 + 1] as number) >= last;
  }

  /** The ranges, ascending, both ends included. */
  *ranges(): Generator<readonly [first: Uid, last: Uid]> {
    for (let at = 0; at < this.edges.length; at += 2) {
      yield [this.edges[at] as Uid, this.edges[at + 1] as Uid];
    }
  }

  /** All members, ascending. Never ask this of a set with `*`. */
  *[Symbol.iterator](): Generator<Uid> {
    for (let at = 0; at < this.edges.length; at += 2) {
      const last = this.edges[at + 1] as number;
      for (let uid = this.edges[at] as number; uid <= last; uid++) {
        yield uid as Uid;
      }
    }
  }

  /** Members of either. */
  union(other: UidSet): UidSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    return UidSet.fromRanges([...this.edges, ...other.edges]);
  }

  /** Members of both. */
  intersection(other: UidSet): UidSet {
    const result: number[] = [];
    const a = this.edges;
    const b = other.edges;
    let i = 0;
    let j = 0;
    while (i < a.length && j < b.length) {
      const first = Math.max(a[i] as number, b[j] as number);
      const last = Math.min(a[i + 1] as number, b[j + 1] as number);
      if (first <= last) result.push(first, last);
      if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
      else j += 2;
    }
    return result.length === 0 ? UidSet.EMPTY : new UidSet(result);
  }

  /** Members of this that are not in `other`. */
  difference(other: UidSet): UidSet {
    const result: number[] = [];
    const b = other.edges;
    let j = 0;
    for (const [start, last] of this.ranges()) {
      let first: number = start;
      while (j < b.length && (b[j + 1] as number) < first) j += 2;
      // A range of `b` may reach into our next one, so `j` stays on it.
      for (let k = j; first <= last; k += 2) {
        const hole = b[k];
        if (hole === undefined || hole > last) {
          result.push(first, last);
          break;
        }
        if (hole > first) result.push(first, hole - 1);
        first = Math.max(first, (b[k + 1] as number) + 1);
      }
    }
    return result.length === 0 ? UidSet.EMPTY : new UidSet(result);
  }

  /** This set without its last range if that ends in `*`. */
  bounded(): UidSet {
    return this.isOpen ? new UidSet(this.edges.slice(0, -2)) : this;
  }

  /** Whether both have the same members. */
  equals(other: UidSet): boolean {
    return this.edges.length === other.edges.length &&
      this.edges.every((edge, at) => edge === other.edges[at]);
  }

  /**
   * This set in parts, each at most `maxBytes` long when written, so that a
   * command line stays within what servers take (RFC 7162 §4: 8192 octets).
   */
  split(maxBytes = 7000): UidSet[] {
    const parts: UidSet[] = [];
    let part: number[] = [];
    let size = 0;
    for (const [first, last] of this.ranges()) {
      const length = formatRange(first, last).length + 1;
      if (size + length > maxBytes && part.length > 0) {
        parts.push(new UidSet(part));
        part = [];
        size = 0;
      }
      part.push(first, last);
      size += length;
    }
    if (part.length > 0) parts.push(new UidSet(part));
    return parts;
  }

  /**
   * This set in parts of at most `count` members each.
   * @throws {RangeError} For a set with `*`.
   */
  splitByCount(count: number): UidSet[] {
    if (this.isOpen) throw new RangeError(`Cannot count UIDs: ${this}`);
    const parts: UidSet[] = [];
    let part: number[] = [];
    let room = count;
    for (const [start, last] of this.ranges()) {
      let first: number = start;
      while (first <= last) {
        const stop = Math.min(last, first + room - 1);
        part.push(first, stop);
        room -= stop - first + 1;
        first = stop + 1;
        if (room > 0) continue;
        parts.push(new UidSet(part));
        part = [];
        room = count;
      }
    }
    if (part.length > 0) parts.push(new UidSet(part));
    return parts;
  }

  /** As the protocol writes it; the empty set, which it cannot write, is ``. */
  toString(): string {
    return joinRanges(this.edges, formatRange);
  }
}

function formatRange(first: number, last: number): string {
  const end = last === MAX_UID ? "*" : String(last);
  return first === last ? end : `${first}:${end}`;
}

function checkUid(uid: number): void {
  if (!Number.isInteger(uid) || uid < 1 || uid > MAX_UID) {
    throw new RangeError(`Not a UID: ${uid}`);
  }
}
