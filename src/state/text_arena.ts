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

/** The hash of a string, and a test for its equals. */
export interface Probe {
  readonly hash: number;
  /** Valid until the arena is asked for the next probe. */
  matches(address: number): boolean;
}

/**
 * Strings by address, as UTF-8 in chunks that are never copied. Equal strings
 * are cut alike into head and tail, so that they are equal when their bytes are.
 */
export class TextArena {
  readonly #chunks: Uint8Array[] = [];
  readonly #chunkBytes: number;
  readonly #tails: string[] = [""];
  readonly #tailNumbers = new Map<string, number>();
  #lastTail = 0;
  #used: number;
  /** The head of the string at hand. */
  #head = new Uint8Array(1024);
  #headBytes = 0;

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
    const tail = this.#cut(text, true);
    const length = this.#headBytes;
    if (length > HEAD_MAX_BYTES) {
      throw new RangeError(`A name of ${length} bytes is too long`);
    }
    const size = HEADER_BYTES + length;
    if (this.#used + size > this.#chunkBytes) {
      this.#chunks.push(new Uint8Array(this.#chunkBytes));
      this.#used = 0;
    }
    const index = this.#chunks.length - 1;
    const chunk = this.#chunk(index);
    const start = this.#used;
    chunk[start] = length & 0xff;
    chunk[start + 1] = length >> 8;
    chunk[start + 2] = tail;
    const head = this.#head;
    // Faster than set() with a view of its own for each string.
    for (let i = 0; i < length; i++) {
      chunk[start + HEADER_BYTES + i] = head[i] ?? 0;
    }
    this.#used += size;
    return index * this.#chunkBytes + start;
  }

  /** The string at `address`. */
  at(address: number): string {
    const chunk = this.#chunkOf(address);
    const start = address % this.#chunkBytes;
    const from = start + HEADER_BYTES;
    const head = chunk.subarray(from, from + lengthAt(chunk, start));
    return decoder.decode(head) + (this.#tails[chunk[start + 2] ?? 0] ?? "");
  }

  /** A hash of the string at `address`, 32 bits. */
  hashAt(address: number): number {
    const chunk = this.#chunkOf(address);
    const start = address % this.#chunkBytes;
    const from = start + HEADER_BYTES;
    const end = from + lengthAt(chunk, start);
    return hashOf(chunk, from, end, chunk[start + 2] ?? 0);
  }

  /** The probe for `text`; undefined when nothing here can equal it. */
  probe(text: string): Probe | undefined {
    const tail = this.#cut(text, false);
    if (this.#headBytes > HEAD_MAX_BYTES) return undefined;
    return {
      hash: hashOf(this.#head, 0, this.#headBytes, tail),
      matches: (address) => this.#matches(address, tail),
    };
  }

  #matches(address: number, tail: number): boolean {
    const chunk = this.#chunkOf(address);
    const start = address % this.#chunkBytes;
    const length = this.#headBytes;
    if (chunk[start + 2] !== tail) return false;
    if (lengthAt(chunk, start) !== length) return false;
    const head = this.#head;
    for (let i = 0; i < length; i++) {
      if (chunk[start + HEADER_BYTES + i] !== head[i]) return false;
    }
    return true;
  }

  #chunkOf(address: number): Uint8Array {
    return this.#chunk(Math.floor(address / this.#chunkBytes));
  }

  #chunk(index: number): Uint8Array {
    const chunk = this.#chunks[index];
    if (chunk === undefined) throw new RangeError("No string at this address");
    return chunk;
  }

  /** Leaves the head's bytes in `#head` and returns the tail's number. */
  #cut(text: string, add: boolean): number {
    const cut = text.lastIndexOf(",");
    const tail = this.#tailNumber(text, cut, add);
    this.#encode(text, tail === 0 ? text.length : cut);
    return tail;
  }

  /**
   * The number of the text's last part. Tails are only ever added, and one that
   * was once left out for lack of numbers stays so: equal texts are cut alike.
   */
  #tailNumber(text: string, cut: number, add: boolean): number {
    if (cut < 0 || text.length - cut < TAIL_MIN) return 0;
    // Nearly always the same as last time, and comparing is cheaper than hashing.
    const last = this.#tails[this.#lastTail] ?? "";
    if (text.length - cut === last.length && text.endsWith(last)) {
      return this.#lastTail;
    }
    const tail = text.slice(cut);
    const known = this.#tailNumbers.get(tail);
    if (known !== undefined) return this.#lastTail = known;
    if (!add || this.#tails.length > TAILS_MAX) return 0;
    this.#tailNumbers.set(tail, this.#tails.length);
    return this.#lastTail = this.#tails.push(tail) - 1;
  }

  /** UTF-8 of the first `end` code units; ASCII without a call of the encoder. */
  #encode(text: string, end: number): void {
    if (end * 3 > this.#head.length) this.#head = new Uint8Array(end * 3);
    const head = this.#head;
    for (let i = 0; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#headBytes = encoder.encodeInto(text.slice(0, end), head).written;
        return;
      }
      head[i] = code;
    }
    this.#headBytes = end;
  }
}

function lengthAt(chunk: Uint8Array, start: number): number {
  return (chunk[start] ?? 0) | ((chunk[start + 1] ?? 0) << 8);
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
