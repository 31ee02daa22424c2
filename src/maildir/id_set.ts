/** A set of row ids that costs a bit for each, not a hash-table entry. */

const PAGE_BITS = 1 << 15;

/** Non-negative integers; dense ones take an eighth of a byte each. */
export class IdSet {
  readonly #pages = new Map<number, Uint32Array>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds `id`. @returns False if it was in already. */
  add(id: number): boolean {
    const number = Math.floor(id / PAGE_BITS);
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint32Array(PAGE_BITS / 32);
      this.#pages.set(number, page);
    }
    const bit = id % PAGE_BITS;
    const word = page[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return false;
    page[bit >>> 5] = word | mask;
    this.#size++;
    return true;
  }

  has(id: number): boolean {
    const page = this.#pages.get(Math.floor(id / PAGE_BITS));
    if (page === undefined) return false;
    const bit = id % PAGE_BITS;
    return ((page[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}
