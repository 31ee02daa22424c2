/** Gathers UIDs one by one, as rows bring them. */
import { UidSet } from "./uid_set.ts";

/**
 * A set that grows. UIDs mostly arrive in ascending order, and then each costs
 * one comparison and no memory; strays are kept aside.
 */
export class UidSetBuilder {
  readonly #ranges: number[] = [];
  readonly #strays = new Set<number>();
  #last = 0;

  /** Number of members. */
  size = 0;

  /** Adds `uid` and says whether it is new. */
  add(uid: number): boolean {
    if (uid > this.#last) {
      if (uid === this.#last + 1 && this.#ranges.length > 0) {
        this.#ranges[this.#ranges.length - 1] = uid;
      } else this.#ranges.push(uid, uid);
      this.#last = uid;
    } else {
      if (this.has(uid)) return false;
      this.#strays.add(uid);
    }
    this.size++;
    return true;
  }

  /** Whether `uid` was added. */
  has(uid: number): boolean {
    if (uid > this.#last) return false;
    if (uid === this.#last || this.#strays.has(uid)) return true;
    let low = 0;
    let high = this.#ranges.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle * 2 + 1] as number) < uid) low = middle + 1;
      else high = middle;
    }
    const start = this.#ranges[low * 2];
    return start !== undefined && start <= uid;
  }

  /** The set of all UIDs added so far. */
  build(): UidSet {
    const strays: number[] = [];
    for (const uid of this.#strays) strays.push(uid, uid);
    return UidSet.fromRanges([...this.#ranges, ...strays]);
  }
}
