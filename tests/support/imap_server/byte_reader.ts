/** Buffered reading of lines and literals from a transport. */
import type { Transport } from "./transport.ts";

const CHUNK_BYTES = 128 * 1024;

/** The stream ended or was closed under the reader. */
export class StreamEnd extends Error {
  override readonly name = "StreamEnd";
}

/** Reads lines and exact numbers of bytes; counts what came in. */
export class ByteReader {
  bytesIn = 0;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #start = 0;
  #end = 0;
  #transport: Transport;
  readonly #beforeWait: () => Promise<void>;

  /** @param beforeWait Called when nothing is left to read: time to flush. */
  constructor(transport: Transport, beforeWait: () => Promise<void>) {
    this.#transport = transport;
    this.#beforeWait = beforeWait;
  }

  /** Bytes that came in and nobody took. */
  get buffered(): number {
    return this.#end - this.#start;
  }

  /** Goes on with another transport; what is buffered of the old one is lost. */
  switchTo(transport: Transport): void {
    this.#transport = transport;
    this.#start = this.#end = 0;
  }

  /**
   * One line without its CRLF (or bare LF); undefined when it is longer than
   * `maxBytes`, after reading to its end.
   *
   * @throws {StreamEnd} At the end of the stream, also within a line.
   */
  async line(maxBytes: number): Promise<Uint8Array | undefined> {
    let searched = 0;
    let overlong = false;
    for (;;) {
      const at = this.#buffer.subarray(0, this.#end)
        .indexOf(10, this.#start + searched);
      if (at >= 0) {
        const end = at > this.#start && this.#buffer[at - 1] === 13
          ? at - 1
          : at;
        const line = this.#buffer.slice(this.#start, end);
        this.#start = at + 1;
        return overlong || line.length > maxBytes ? undefined : line;
      }
      searched = this.buffered;
      if (searched > maxBytes + 2) {
        overlong = true;
        this.#start = this.#end;
        searched = 0;
      }
      await this.#fill();
    }
  }

  /** Exactly `length` bytes. @throws {StreamEnd} When the stream ends before. */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let have = Math.min(length, this.buffered);
    bytes.set(this.#buffer.subarray(this.#start, this.#start + have));
    this.#start += have;
    // Straight into place: a literal of 30 MB is copied once, not twice.
    while (have < length) have += await this.#read(bytes.subarray(have));
    return bytes;
  }

  async #fill(): Promise<void> {
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#end === this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#end += await this.#read(this.#buffer.subarray(this.#end));
  }

  async #read(target: Uint8Array): Promise<number> {
    await this.#beforeWait();
    let count: number | null;
    try {
      count = await this.#transport.read(target);
    } catch (cause) {
      throw new StreamEnd("The connection was closed", { cause });
    }
    if (count === null) throw new StreamEnd("The client closed the connection");
    this.bytesIn += count;
    return count;
  }
}
