/** The bounds of one evaluation, so that no configuration can hang a run. */
import { LimitReached, Raised } from "./raised.ts";

/** How much one evaluation, or one call of its result, may use. */
export interface Limits {
  /** Constructs evaluated, items iterated and regular expression steps. @default 1_000_000 */
  readonly steps?: number;
  /** Wall time in milliseconds. @default 2000 */
  readonly timeoutMs?: number;
}

/** Largest string, in UTF-16 units, and largest bytes object. */
const LARGEST_TEXT = 1 << 24;
/** Calls of lambdas inside of each other. Python's own bound is 1000. */
const DEEPEST_CALL = 200;
/** Reading the clock costs more than a step, so it is read once in so many. */
const STEPS_PER_CLOCK = 1024;

/** Counts what an evaluation uses and stops it at its {@link Limits}. */
export class Meter {
  readonly #allowed: number;
  readonly #timeoutMs: number;
  readonly #deadline: number;
  #used = 0;
  #nextClock = STEPS_PER_CLOCK;
  #depth = 0;

  constructor(limits: Limits = {}) {
    this.#allowed = limits.steps ?? 1_000_000;
    this.#timeoutMs = limits.timeoutMs ?? 2000;
    this.#deadline = performance.now() + this.#timeoutMs;
  }

  /** Accounts for `count` steps. */
  step(count = 1): void {
    this.#used += count;
    if (this.#used > this.#allowed) {
      throw new LimitReached(`stopped after ${this.#allowed} steps`);
    }
    if (this.#used < this.#nextClock) return;
    this.#nextClock = this.#used + STEPS_PER_CLOCK;
    if (performance.now() > this.#deadline) {
      throw new LimitReached(`stopped after ${this.#timeoutMs} ms`);
    }
  }

  /** Accounts for a text or bytes of `length` about to be made. */
  text(length: number): void {
    if (length > LARGEST_TEXT) {
      throw new LimitReached(`stopped: a text of ${length} characters`);
    }
    this.step(length >> 8);
  }

  /** Accounts for an integer of `bits` about to be made. */
  integer(bits: number): void {
    if (bits > 100_000) throw new LimitReached("stopped: a huge integer");
    this.step(bits >> 6);
  }

  /** Runs `body` one call deeper. */
  nested<T>(body: () => T): T {
    if (this.#depth >= DEEPEST_CALL) {
      throw new Raised("RecursionError", "maximum recursion depth exceeded");
    }
    this.#depth += 1;
    try {
      return body();
    } finally {
      this.#depth -= 1;
    }
  }
}
