/** Where the bytes of a message go: into memory, or straight to who reads them. */
import { MailError } from "../../errors.ts";
import type { Body } from "../../sync/ports.ts";
import type { BodySink } from "../command/command.ts";

/** A sink with the body that comes of it. */
export type BodyReceiver = BodyBuffer | BodyStream;

/**
 * Takes a small body in memory. One that came in one piece, as most do, is not
 * copied: it stays where the socket's bytes are.
 */
export class BodyBuffer implements BodySink {
  readonly #size: number;
  #bytes: Uint8Array | undefined;
  #length = 0;

  constructor(size: number) {
    this.#size = size;
  }

  write(chunk: Uint8Array): void {
    if (this.#bytes === undefined && chunk.length === this.#size) {
      // A plain view: nobody shall depend on the socket's kind of buffer.
      const { buffer, byteOffset, length } = chunk;
      this.#bytes = new Uint8Array(buffer, byteOffset, length);
    } else {
      this.#bytes ??= new Uint8Array(this.#size);
      this.#bytes.set(chunk, this.#length);
    }
    this.#length += chunk.length;
  }

  end(): void {
    if (this.#length !== this.#size) throw incomplete();
  }

  abort(): void {}

  /** The whole body; valid after {@link end}. */
  get body(): Body {
    const bytes = this.#bytes ?? new Uint8Array(0);
    return {
      sizeBytes: bytes.length,
      bytes,
      async *chunks() {
        yield bytes;
      },
    };
  }
}

/** Bodies that are gone when they were read. */
const onceOnly = new WeakSet<Body>();

/** Whether a body, unlike others, can be read only once. */
export function isOnceOnly(body: Body): boolean {
  return onceOnly.has(body);
}

/** Marks a body as {@link isOnceOnly}. */
export function readableOnce(body: Body): Body {
  onceOnly.add(body);
  return body;
}

/** Bytes that wait for a slow reader before the server is made to wait. */
export const BUFFERED_BYTES = 1024 * 1024;

/** Hands a large body on while it arrives; see {@link isOnceOnly}. */
export class BodyStream implements BodySink {
  readonly body: Body;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #ended = false;
  /** The reader is through, or gave up: nobody wants what still comes. */
  #left = false;
  #begun = false;
  #error: Error | undefined;
  #wake = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();

  constructor(size: number) {
    this.body = readableOnce({ sizeBytes: size, chunks: () => this.#read() });
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#left) return;
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#wake.resolve();
    if (this.#queued < BUFFERED_BYTES) return;
    this.#room = Promise.withResolvers<void>();
    return this.#room.promise;
  }

  end(): void {
    this.#ended = true;
    this.#wake.resolve();
  }

  abort(): void {
    this.#error ??= incomplete();
    this.#wake.resolve();
  }

  /** The reader has settled: the rest is read over, and the server not held up. */
  leave(): void {
    this.#left = true;
    this.#queue.length = 0;
    this.#room.resolve();
  }

  #read(): AsyncGenerator<Uint8Array> {
    if (this.#begun) throw new Error("This body can be read only once");
    this.#begun = true;
    return this.#chunks();
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
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

function incomplete(): MailError {
  return new MailError("The server did not send the message to its end", {
    code: "imap.incomplete",
    scope: "message",
    retry: "later",
  });
}
