/** Many arrivals in little memory. */
import type { Arrival, Arrivals, Flags, Hint, Ref } from "./types.ts";

/**
 * A list that grows: 16 to 32 bytes a message, which as an object takes a
 * hundred. {@link Arrival} objects are made when they are asked for.
 */
export class ArrivalList implements Arrivals {
  readonly #refs: Ref[] = [];
  readonly #flags: Flags[] = [];
  /** NaN: not known. Empty while none is, and the same below. */
  readonly #sizes: number[] = [];
  readonly #dates: number[] = [];
  readonly #hints = new Map<number, Hint>();

  /** Number of messages. */
  get length(): number {
    return this.#refs.length;
  }

  /** Adds a message at the end. */
  add({ ref, flags, sizeBytes, internalDate, hint }: Arrival): void {
    const at = this.length;
    this.#refs.push(ref);
    this.#flags.push(flags);
    put(this.#sizes, at, sizeBytes);
    put(this.#dates, at, internalDate);
    if (hint !== undefined) this.#hints.set(at, hint);
  }

  *[Symbol.iterator](): Generator<Arrival, void, undefined> {
    for (let at = 0; at < this.length; at++) yield this.#at(at);
  }

  /** As that of an array. */
  map<T>(convert: (arrival: Arrival) => T): T[] {
    return Array.from(this, convert);
  }

  /** As that of an array: meant for finding few. */
  filter(keep: (arrival: Arrival) => boolean): Arrival[] {
    const kept: Arrival[] = [];
    for (const arrival of this) if (keep(arrival)) kept.push(arrival);
    return kept;
  }

  /** As that of an array. */
  some(is: (arrival: Arrival) => boolean): boolean {
    for (const arrival of this) if (is(arrival)) return true;
    return false;
  }

  #at(at: number): Arrival {
    const ref = this.#refs[at];
    const flags = this.#flags[at];
    if (ref === undefined || flags === undefined) {
      throw new RangeError(`No arrival ${at}`);
    }
    const sizeBytes = this.#sizes[at] ?? NaN;
    const internalDate = this.#dates[at] ?? NaN;
    const hint = this.#hints.get(at);
    return {
      ref,
      flags,
      ...(Number.isNaN(sizeBytes) ? {} : { sizeBytes }),
      ...(Number.isNaN(internalDate) ? {} : { internalDate }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
}

/** The first value that is known fills what is missing before it. */
function put(column: number[], at: number, value: number | undefined): void {
  if (value === undefined) return;
  while (column.length < at) column.push(NaN);
  column.push(value);
}
