/** Lines of a stream of bytes, one at a time. */

/** Longest line; a helper that sends more has lost its way. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Reads lines of UTF-8 from a stream. */
export class LineReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next line without its end; undefined at the end of the stream. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line.replace(/\r$/, "");
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += value;
      if (this.#rest.length > LONGEST_LINE) {
        throw new RangeError("A line of python3 is too long");
      }
    }
  }

  /** Stops reading. */
  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
