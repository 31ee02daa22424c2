/** The refs of one side as a column, and the index that finds a row by its ref. */
import type { Ref } from "../sync/types.ts";
import { TextArena } from "./text_arena.ts";

/** What a name takes in the arena when its `FMD5=` is shared, about. */
const EXPECTED_NAME_BYTES = 48;

/**
 * Refs by row: numbers as they are, strings in an arena. A column of one kind
 * takes no room for the other.
 */
export class RefColumn {
  #length = 0;
  readonly #capacity: number;
  /** NaN where the ref is a string. */
  #numbers: Float64Array | undefined;
  /** Addresses, meaningful where the ref is a string. */
  #addresses: Uint32Array | undefined;
  #arena: TextArena | undefined;

  /** @param capacity Number of rows that will be added. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a row. */
  add(ref: Ref): void {
    const row = this.#length++;
    if (typeof ref === "number") {
      this.#numbers ??= new Float64Array(this.#capacity).fill(NaN);
      this.#numbers[row] = ref;
    } else {
      this.#arena ??= new TextArena(this.#capacity * EXPECTED_NAME_BYTES);
      this.#addresses ??= new Uint32Array(this.#capacity);
      this.#addresses[row] = this.#arena.add(ref);
    }
  }

  /** The ref of a row. */
  at(row: number): Ref {
    const number = this.numberAt(row);
    if (number === number) return number;
    const address = this.#addresses?.[row];
    if (this.#arena === undefined || address === undefined) {
      throw new RangeError(`No row ${row}`);
    }
    return this.#arena.at(address);
  }

  /** The ref of a row if it is a number, else NaN. */
  numberAt(row: number): number {
    return this.#numbers?.[row] ?? NaN;
  }

  /** An index of the rows that `included` accepts. The column is complete. */
  index(included: (row: number) => boolean): RefIndex {
    const numeric = new Uint32Array(
      this.#numbers === undefined ? 0 : this.#length,
    );
    const textual = new Uint32Array(
      this.#addresses === undefined ? 0 : this.#length,
    );
    let numbers = 0;
    let texts = 0;
    for (let row = 0; row < this.#length; row++) {
      if (!included(row)) continue;
      if (Number.isNaN(this.numberAt(row))) textual[texts++] = row;
      else numeric[numbers++] = row;
    }
    return new RefIndex(
      this,
      this.#sorted(numeric.subarray(0, numbers)),
      textual.subarray(0, texts),
      this.#hashTable(textual.subarray(0, texts)),
    );
  }

  /** Rows in the order of their numbers, which they mostly have already. */
  #sorted(rows: Uint32Array): Uint32Array {
    for (let i = 1; i < rows.length; i++) {
      if (this.#numberOf(rows[i - 1]) > this.#numberOf(rows[i])) {
        return rows.sort((a, b) => this.numberAt(a) - this.numberAt(b));
      }
    }
    return rows;
  }

  #numberOf(row: number | undefined): number {
    return row === undefined ? NaN : this.numberAt(row);
  }

  /** Open addressing, at most two thirds full; a slot holds a row plus one. */
  #hashTable(rows: Uint32Array): Uint32Array {
    const arena = this.#arena;
    const addresses = this.#addresses;
    if (arena === undefined || addresses === undefined) {
      return new Uint32Array(0);
    }
    let slots = 4;
    while (slots < rows.length * 1.5) slots *= 2;
    const table = new Uint32Array(slots);
    for (const row of rows) {
      let slot = arena.hashAt(addresses[row] ?? 0) & (slots - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (slots - 1);
      table[slot] = row + 1;
    }
    return table;
  }

  /** The row of a string in a table made by {@link index}. */
  findText(text: string, table: Uint32Array): number | undefined {
    const probe = table.length === 0 ? undefined : this.#arena?.probe(text);
    if (probe === undefined) return undefined;
    const mask = table.length - 1;
    for (let slot = probe.hash & mask;; slot = (slot + 1) & mask) {
      const entry = table[slot] ?? 0;
      if (entry === 0) return undefined;
      if (probe.matches(this.#addresses?.[entry - 1] ?? 0)) return entry - 1;
    }
  }
}

/** Finds rows of a {@link RefColumn}. */
export class RefIndex {
  readonly #column: RefColumn;
  readonly #numeric: Uint32Array;
  readonly #textual: Uint32Array;
  readonly #table: Uint32Array;

  /**
   * @param numeric Rows with a number, ascending by it.
   * @param textual Rows with a string.
   * @param table The hash table of `textual`.
   */
  constructor(
    column: RefColumn,
    numeric: Uint32Array,
    textual: Uint32Array,
    table: Uint32Array,
  ) {
    this.#column = column;
    this.#numeric = numeric;
    this.#textual = textual;
    this.#table = table;
  }

  /** Number of rows in the index. */
  get size(): number {
    return this.#numeric.length + this.#textual.length;
  }

  /** The row of `ref`. */
  find(ref: Ref): number | undefined {
    return typeof ref === "number"
      ? this.#findNumber(ref)
      : this.#column.findText(ref, this.#table);
  }

  /** All rows: first the numbers, ascending, then the strings. */
  *rows(): Generator<number, void, undefined> {
    yield* this.#numeric;
    yield* this.#textual;
  }

  #findNumber(ref: number): number | undefined {
    let low = 0;
    let high = this.#numeric.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const row = this.#numeric[middle];
      if (row === undefined) return undefined;
      const number = this.#column.numberAt(row);
      if (number === ref) return row;
      if (number < ref) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}
