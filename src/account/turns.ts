/** How many accounts are at work at the same time. */

/** Where a turn is had. */
export interface TurnSource {
  /** Waits for a turn; disposing of it gives it to the next one. */
  next(): Promise<Disposable>;
}

/** A number of turns (`maxsyncaccounts`), in the order in which they are asked for. */
export class Turns implements TurnSource {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param count At least one. */
  constructor(count: number) {
    this.#free = Math.max(1, count);
  }

  async next(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return {
      [Symbol.dispose]: () => {
        const next = this.#waiting.shift();
        if (next === undefined) this.#free++;
        else next();
      },
    };
  }
}
