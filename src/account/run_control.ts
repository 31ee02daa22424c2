/** What a user tells a run that goes on: wake up, finish, stop. */

/** The wishes of a user, as accounts see them. */
export class RunControl {
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  #finishing = false;
  #wakes = 0;

  /** Aborted: finish the message in hand and return. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** No further sync is to begin. */
  get ending(): boolean {
    return this.#finishing || this.#abort.signal.aborted;
  }

  /** How often {@link wake} was called. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Every account skips its pause, or the next one if it is at work. */
  wake(): void {
    this.#wakes++;
    this.#tell();
  }

  /** The syncs that run are finished; none begins. */
  finish(): void {
    this.#finishing = true;
    this.#tell();
  }

  /** The syncs that run stop as soon as everything is consistent. */
  abort(): void {
    this.#abort.abort();
    this.#tell();
  }

  /**
   * Calls `listener` after every wish.
   * @returns what ends that.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
