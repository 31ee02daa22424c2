/** A deadline that moves on with every byte. */

/**
 * Calls `onExpired` once when, while active, nothing moved for `limitMs`.
 * Progress costs a clock reading, not a new timer.
 */
export class ProgressDeadline {
  readonly #limitMs: number;
  readonly #onExpired: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #active = false;
  #held = 0;
  #last = 0;

  constructor(limitMs: number, onExpired: () => void) {
    this.#limitMs = limitMs;
    this.#onExpired = onExpired;
  }

  /** A byte moved. */
  progress(): void {
    this.#last = performance.now();
  }

  /** Whether something is awaited from the server at all. */
  set active(active: boolean) {
    if (active === this.#active) return;
    this.#active = active;
    if (active) {
      this.progress();
      if (this.#timer === undefined) this.#arm(this.#limitMs);
    } else this.stop();
  }

  /** It is our side that is slow: time stands still until {@link release}. */
  hold(): void {
    this.#held++;
  }

  /** Undoes one {@link hold}. */
  release(): void {
    this.#held--;
    this.progress();
  }

  /** Ends it; no timer is left behind. */
  stop(): void {
    this.#active = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#active) return;
      const left = this.#held > 0
        ? this.#limitMs
        : this.#last + this.#limitMs - performance.now();
      if (left > 0) this.#arm(Math.ceil(left));
      else this.#onExpired();
    }, ms);
  }
}
