/** The receiving half of a connection: bytes, bodies, back-pressure. */
import type { Readable } from "node:stream";
import { BodyDelivery } from "./connection_delivery.ts";
import type { Flight, Running } from "./connection_flight.ts";
import { type BodyStart, Decoder, type Malformed } from "./wire/decoder.ts";
import type { Response } from "./wire/response.ts";
import type { WireLimits } from "./wire/limits.ts";

/** What the reader needs of its connection. */
export interface ReaderHost {
  readonly flight: Flight;
  /** Bytes came. */
  onBytes(count: number): void;
  /** A whole response came. A promise makes reading stop until it settles. */
  onResponse(response: Response): void | Promise<void>;
  /** A response that cannot be read came. */
  onMalformed(malformed: Malformed): void;
  /** Handling waits for somebody else than the server; undone by the other. */
  onPause(): void;
  onResume(): void;
  /** No more can be read: the end, an error, or what is not IMAP. */
  onEnd(error: unknown): void;
}

/** Reads a connection until its end. */
export class ResponseReader {
  readonly #input: Readable;
  readonly #host: ReaderHost;
  readonly #decoder: Decoder;
  /** The body under way. */
  #body: { delivery: BodyDelivery; running: Running } | undefined;
  /** Bodies of the response under way. */
  #deliveries: BodyDelivery[] = [];
  #paused = false;
  #waiting: Uint8Array[] = [];
  #end: { error: unknown } | undefined;
  #closed = false;

  constructor(
    input: Readable,
    host: ReaderHost,
    limits: Partial<WireLimits> = {},
  ) {
    this.#input = input;
    this.#host = host;
    this.#decoder = new Decoder(limits);
    input.on("data", this.#onData);
    input.on("end", () => this.#onEnd(undefined));
    input.on("close", () => this.#onEnd(undefined));
    input.on("error", (error) => this.#onEnd(error));
  }

  /** Begins to read. */
  start(): void {
    this.#input.resume();
  }

  /** Stops for good; bodies under way are aborted. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.off("data", this.#onData);
    this.#body = undefined;
    this.#abortBodies();
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.#host.onBytes(chunk.length);
    // A paused stream may still emit what it had in hand.
    if (this.#paused) this.#waiting.push(chunk);
    else this.#take(chunk);
  };

  #onEnd(error: unknown): void {
    if (this.#end !== undefined || this.#closed) return;
    this.#end = { error };
    // What came before the end is worked off first.
    if (!this.#paused) this.#host.onEnd(error);
  }

  #take(chunk: Uint8Array): void {
    const wait = this.#decode(chunk);
    if (wait === undefined) return;
    this.#paused = true;
    this.#input.pause();
    this.#host.onPause();
    void this.#drain(wait);
  }

  /** The slow way: somebody wants us to wait. */
  async #drain(first: Promise<void>): Promise<void> {
    await first;
    while (!this.#closed) {
      const wait = this.#next();
      if (wait !== undefined) await wait;
      else {
        const chunk = this.#waiting.shift();
        if (chunk === undefined) break;
        this.#decoder.push(chunk);
      }
    }
    this.#paused = false;
    this.#host.onResume();
    if (this.#closed) return;
    if (this.#end !== undefined) this.#host.onEnd(this.#end.error);
    else this.#input.resume();
  }

  #decode(chunk: Uint8Array): Promise<void> | undefined {
    this.#decoder.push(chunk);
    return this.#next();
  }

  /** Works until the chunk is used up (undefined) or there is a wait. */
  #next(): Promise<void> | undefined {
    try {
      while (!this.#closed) {
        const item = this.#decoder.next();
        if (item === undefined) return undefined;
        let wait: void | Promise<void>;
        switch (item.kind) {
          case "body-start":
            this.#open(item);
            continue;
          case "body-chunk":
            wait = this.#chunk(item.bytes);
            break;
          case "body-end":
            this.#body = undefined;
            continue;
          case "malformed":
            this.#host.onMalformed(item);
            this.#abortBodies();
            continue;
          default:
            wait = this.#host.onResponse(item);
            if (this.#deliveries.length > 0) wait = this.#settle(wait);
        }
        if (wait !== undefined) return wait.catch((error) => this.#fail(error));
      }
    } catch (error) {
      this.#fail(error);
    }
    return undefined;
  }

  #open(start: BodyStart): void {
    for (const running of this.#host.flight) {
      if (running.settled) continue;
      const to = running.command.body?.(start);
      if (to === undefined) continue;
      if (to === "hold") this.#decoder.route("hold");
      else {
        const delivery = new BodyDelivery(to);
        this.#decoder.route({ receiver: delivery });
        this.#deliveries.push(delivery);
        this.#body = { delivery, running };
      }
      return;
    }
  }

  #chunk(bytes: Uint8Array): void | Promise<void> {
    const body = this.#body;
    if (body === undefined) return;
    // The caller gave up: the rest is only read over.
    if (body.running.settled) return body.delivery.abort();
    return body.delivery.write(bytes);
  }

  /** A row was handled; a body of it that nobody took is not to be kept. */
  #settle(handled: void | Promise<void>): void | Promise<void> {
    if (handled === undefined) return this.#abortBodies();
    return handled.finally(() => this.#abortBodies());
  }

  #abortBodies(): void {
    const deliveries = this.#deliveries;
    this.#deliveries = [];
    for (const delivery of deliveries) {
      if (!delivery.kept) void delivery.abort();
    }
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#host.onEnd(error);
  }
}
