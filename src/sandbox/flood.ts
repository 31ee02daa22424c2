/** Tells a worker that only wants to keep the command busy. */

/** Far more than the busiest account sends, and than would fill the memory. */
const MOST_PER_SECOND = 20_000;

/** Counts messages by the second. */
export class Flood {
  readonly #now: () => number;
  #since: number;
  #count = 0;

  /** @param now Milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Counts one more. @returns Whether that is too many. */
  rises(): boolean {
    const now = this.#now();
    if (now - this.#since >= 1000) {
      this.#since = now;
      this.#count = 0;
    }
    return ++this.#count > MOST_PER_SECOND;
  }
}
