/** All pairs of a mailbox in columns: the base of a sync in little memory. */
import type { Base, Known } from "../sync/status.ts";
import type { Flags, Pair, PairId, Ref, Side } from "../sync/types.ts";
import { otherSide } from "../sync/types.ts";
import { RefColumn, type RefIndex } from "./ref_column.ts";
import { doomNumber, doomOf } from "./values.ts";

/** A row as the database has it. */
export interface PairRow {
  readonly id: number;
  readonly remote: Ref;
  readonly local: Ref;
  /** An index into the flag sets. */
  readonly flags: number;
  /** As doomNumber() makes it. */
  readonly doomed: number;
}

/**
 * The pairs of one mailbox, about 70 bytes each. {@link Pair} objects are made
 * when they are asked for and not kept.
 */
export class PairTable {
  readonly #ids: Float64Array;
  readonly #flags: Uint32Array;
  readonly #doomed: Uint8Array;
  readonly #columns: Readonly<Record<Side, RefColumn>>;
  readonly #flagSets: ReadonlyMap<number, Flags>;
  #length = 0;

  /**
   * @param capacity Number of rows that will be added.
   * @param flagSets The sets by the numbers that rows name.
   */
  constructor(capacity: number, flagSets: ReadonlyMap<number, Flags>) {
    this.#ids = new Float64Array(capacity);
    this.#flags = new Uint32Array(capacity);
    this.#doomed = new Uint8Array(capacity);
    this.#columns = {
      remote: new RefColumn(capacity),
      local: new RefColumn(capacity),
    };
    this.#flagSets = flagSets;
  }

  /** Adds a row. */
  add(pair: PairRow): void {
    const row = this.#length++;
    this.#ids[row] = pair.id;
    this.#flags[row] = pair.flags;
    this.#doomed[row] = pair.doomed;
    this.#columns.remote.add(pair.remote);
    this.#columns.local.add(pair.local);
  }

  /** The base. Call it once, after the last row. */
  seal(): Base {
    return {
      size: this.#length,
      remote: this.#known("remote"),
      local: this.#known("local"),
    };
  }

  /** The index is made when it is asked for: a side may have nothing new. */
  #known(side: Side): Known {
    let made: RefIndex | undefined;
    const index = () => made ??= this.#index(side);
    return {
      get size() {
        return index().size;
      },
      find: (ref) => {
        const row = index().find(ref);
        return row === undefined ? undefined : this.#pair(row, side, ref);
      },
      flagsOf: (ref) => {
        const row = index().find(ref);
        return row === undefined ? undefined : this.#flagsAt(row);
      },
      refs: () => this.#refs(side, index()),
      pairs: () => this.#pairs(index()),
    };
  }

  #index(side: Side): RefIndex {
    const gone = doomNumber(otherSide(side));
    return this.#columns[side].index((row) => this.#doomed[row] !== gone);
  }

  *#refs(side: Side, index: RefIndex): Generator<Ref, void, undefined> {
    for (const row of index.rows()) yield this.#columns[side].at(row);
  }

  *#pairs(index: RefIndex): Generator<Pair, void, undefined> {
    for (const row of index.rows()) yield this.#pair(row);
  }

  #flagsAt(row: number): Flags {
    return this.#flagSets.get(this.#flags[row] ?? 0) ?? missing();
  }

  /** A ref that the caller has already need not be made again. */
  #pair(row: number, side?: Side, ref?: Ref): Pair {
    const { remote, local } = this.#columns;
    return {
      id: (this.#ids[row] ?? 0) as PairId,
      remote: side === "remote" && ref !== undefined ? ref : remote.at(row),
      local: side === "local" && ref !== undefined ? ref : local.at(row),
      flags: this.#flagsAt(row),
      doomed: doomOf(this.#doomed[row] ?? 0),
    };
  }
}

function missing(): never {
  throw new Error("A pair names a set of flags that is not in the status");
}
