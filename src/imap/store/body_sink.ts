/** Where the bytes of a message go: into memory, or straight to who reads them. */
import type { Body } from "../../sync/ports.ts";
import type { BodySink } from "../command/command.ts";

/** A sink with the body that comes of it. */
export type BodyReceiver = BodyBuffer | BodyStream;

/** Takes a small body in memory. */
export class BodyBuffer implements BodySink {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  write(chunk: Uint8Array): void {
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  end(): void {
    if (this.#length !== this.#bytes.length) {
      throw new Error("The body is shorter than was announced");
    }
  }

  abort(): void {}

  /** The whole body; valid after {@link end}. */
  get body(): Body {
    const bytes = this.#bytes;
    return {
      sizeBytes: bytes.length,
      bytes,
      async *chunks() {
        yield bytes;
      },
    };
  }
}

/** Bytes that wait for a slow reader before the server is made to wait. */
const BUFFERED_BYTES = 1024 * 1024;

/** Hands a large body on while it arrives. It can be read once. */
export class BodyStream implements BodySink {
  readonly body: Body;
  /** Settles when the reader has done with the message. */
  taken: Promise<void> = Promise.resolve();
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #ended = false;
  #error: Error | undefined;
  #wake = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  constructor(size: number) {
    this.body = { sizeBytes: size, chunks: () => this.#read() };
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#wake.resolve();
    if (this.#queued < BUFFERED_BYTES) return;
    this.#room = Promise.withResolvers<void>();
    // A reader that gave up makes no room; the rest is then read over.
    return Promise.race([this.#room.promise, this.taken]);
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#wake.resolve();
    await this.taken;
  }

  abort(): void {
    this.#error = new Error("The connection ended within the message");
    this.#wake.resolve();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    while (true) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        if (this.#queued < BUFFERED_BYTES) this.#room.resolve();
        yield chunk;
      } else if (this.#error !== undefined) throw this.#error;
      else if (this.#ended) return;
      else {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
      }
    }
  }
}
