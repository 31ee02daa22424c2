/** Many requests, few runs. */

/**
 * Gathers what is asked for while one run is under way into the next one, as
 * databases do with commits. A request is always served by a run that started
 * after it was made.
 */
export class Coalesced<K, V> {
  readonly #run: (keys: ReadonlySet<K>) => Promise<ReadonlyMap<K, V>>;
  #waiting: { keys: Set<K>; result: Promise<ReadonlyMap<K, V>> } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param run Serves some keys at once; never called twice at a time. */
  constructor(
    run: (keys: ReadonlySet<K>) => Promise<ReadonlyMap<K, V>>,
  ) {
    this.#run = run;
  }

  /** What a run says of `key`. Rejects as the run does. */
  async request(key: K): Promise<V | undefined> {
    this.#waiting ??= this.#begin();
    const { keys, result } = this.#waiting;
    keys.add(key);
    return (await result).get(key);
  }

  #begin(): { keys: Set<K>; result: Promise<ReadonlyMap<K, V>> } {
    const keys = new Set<K>();
    const result = this.#last.then(() => {
      // From here on, requests may be too late for this run.
      this.#waiting = undefined;
      return this.#run(keys);
    });
    this.#last = result.catch(() => {});
    return { keys, result };
  }
}
