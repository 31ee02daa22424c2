/** Bounded concurrency. */

/** How much at once, and when to stop starting more. */
export interface PoolOptions {
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `work` for every item, `concurrency` at a time, in order of the items.
 * After the first rejection nothing new is started; it is thrown when all that
 * was under way has settled.
 */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  { concurrency, signal }: PoolOptions,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of queue) {
      if (signal.aborted || failures.length > 0) return;
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const lanes = Math.max(1, Math.min(concurrency, items.length));
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}

/** Lets work in while its bytes fit, and always when there is nothing inside. */
export class ByteGate {
  #inside = 0;
  #left = Promise.withResolvers<void>();

  /** @param limit Bytes that may be inside together. */
  constructor(readonly limit: number) {}

  /** Waits for room for `bytes`; disposing of the result gives it back. */
  async enter(bytes: number): Promise<Disposable> {
    while (this.#inside > 0 && this.#inside + bytes > this.limit) {
      await this.#left.promise;
    }
    this.#inside += bytes;
    return {
      [Symbol.dispose]: () => {
        this.#inside -= bytes;
        this.#left.resolve();
        this.#left = Promise.withResolvers();
      },
    };
  }
}
