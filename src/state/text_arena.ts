/** A million strings in little memory, each once, found by a hash. */

/**
 * Names of a Maildir end in `,FMD5=` and 32 digits that are the same throughout
 * a mailbox: a last part at least this long is kept once.
 */
const TAIL_MIN = 16;
/** A tail's number is one byte; 0 is for none. */
const TAILS_MAX = 255;
/** Length of the head, two bytes, and the tail's number. */
const HEADER_BYTES = 3;
const HEAD_MAX_BYTES = 0xffff;
const CHUNK_BYTES = 1 << 20;

const encoder = new TextEncoder();
// A name may begin with U+FEFF.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Strings by address, as UTF-8 in chunks that are never copied. Names that the
 * same arena made are equal exactly when their bytes are.
 */
export class TextArena {
  readonly #chunks: Uint8Array[] = [];
  readonly #chunkBytes: number;
  readonly #tails: string[] = [""];
  readonly #tailNumbers = new Map<string, number>();
  #used = 0;
  #scratch = new Uint8Array(1024);

  /** @param expectedBytes What a small arena will hold; it can grow beyond. */
  constructor(expectedBytes: number) {
    const least = HEADER_BYTES + HEAD_MAX_BYTES;
    this.#chunkBytes = Math.max(least, Math.min(CHUNK_BYTES, expectedBytes));
    this.#used = this.#chunkBytes;
  }

  /**
   * Adds `text` and returns its address.
   * @throws {RangeError} When it is longer than 65535 bytes.
   */
  add(text: string): number {
    const cut = text.lastIndexOf(",");
    const tail = this.#tailNumber(text, cut, true);
    const bytes = this.#encodeHead(tail === 0 ? text : text.slice(0, cut));
    if (bytes.length > HEAD_MAX_BYTES) {
      throw new RangeError(`A name of ${bytes.length} bytes is too long`);
    }
    const size = HEADER_BYTES + bytes.length;
    if (this.#used + size > this.#chunkBytes) {
      this.#chunks.push(new Uint8Array(this.#chunkBytes));
      this.#used = 0;
    }
    const index = this.#chunks.length - 1;
    const chunk = this.#chunk(index);
    chunk[this.#used] = bytes.length & 0xff;
    chunk[this.#used + 1] = bytes.length >> 8;
    chunk[this.#used + 2] = tail;
    chunk.set(bytes, this.#used + HEADER_BYTES);
    const address = index * this.#chunkBytes + this.#used;
    this.#used += size;
    return address;
  }

  /** The string at `address`. */
  at(address: number): string {
    const { chunk, start, end } = this.#place(address);
    const tail = this.#tails[chunk[start + 2] ?? 0] ?? "";
    return decoder.decode(chunk.subarray(start + HEADER_BYTES, end)) + tail;
  }

  /** A hash of the string at `address`, 32 bits. */
  hashAt(address: number): number {
    const { chunk, start, end } = this.#place(address);
    return hashOf(chunk, start + HEADER_BYTES, end, chunk[start + 2] ?? 0);
  }

  /**
   * The same hash of any string, and a test for its equals. Undefined when
   * nothing here can equal it. Valid until the next call.
   */
  probe(
    text: string,
  ): { hash: number; matches: (address: number) => boolean } | undefined {
    const cut = text.lastIndexOf(",");
    const tail = this.#tailNumber(text, cut, false);
    const bytes = this.#encodeHead(tail === 0 ? text : text.slice(0, cut));
    if (bytes.length > HEAD_MAX_BYTES) return undefined;
    return {
      hash: hashOf(bytes, 0, bytes.length, tail),
      matches: (address) => this.#equals(address, bytes, tail),
    };
  }

  #equals(address: number, head: Uint8Array, tail: number): boolean {
    const { chunk, start, end } = this.#place(address);
    if (chunk[start + 2] !== tail) return false;
    const from = start + HEADER_BYTES;
    if (end - from !== head.length) return false;
    for (let i = 0; i < head.length; i++) {
      if (chunk[from + i] !== head[i]) return false;
    }
    return true;
  }

  #place(address: number): { chunk: Uint8Array; start: number; end: number } {
    const chunk = this.#chunk(Math.floor(address / this.#chunkBytes));
    const start = address % this.#chunkBytes;
    const length = (chunk[start] ?? 0) | ((chunk[start + 1] ?? 0) << 8);
    return { chunk, start, end: start + HEADER_BYTES + length };
  }

  #chunk(index: number): Uint8Array {
    const chunk = this.#chunks[index];
    if (chunk === undefined) throw new RangeError("No string at this address");
    return chunk;
  }

  /**
   * The number of the text's last part. Tails are only ever added, and one that
   * was once left out for lack of numbers stays so: equal texts are cut alike.
   */
  #tailNumber(text: string, cut: number, add: boolean): number {
    if (cut < 0 || text.length - cut < TAIL_MIN) return 0;
    const tail = text.slice(cut);
    const known = this.#tailNumbers.get(tail);
    if (known !== undefined) return known;
    if (!add || this.#tails.length > TAILS_MAX) return 0;
    this.#tailNumbers.set(tail, this.#tails.length);
    return this.#tails.push(tail) - 1;
  }

  #encodeHead(head: string): Uint8Array {
    if (head.length * 3 > this.#scratch.length) {
      this.#scratch = new Uint8Array(head.length * 3);
    }
    const { written } = encoder.encodeInto(head, this.#scratch);
    return this.#scratch.subarray(0, written);
  }
}

/** FNV-1a over the bytes and the tail's number, with its high bits folded in. */
function hashOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  tail: number,
): number {
  let hash = 0x811c9dc5 ^ tail;
  for (let i = start; i < end; i++) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
