/** Responses from a socket, never reading further than the one that is asked for. */
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { MailError } from "../../errors.ts";
import { type Decoded, Decoder } from "../wire/decoder.ts";
import { reasonOfEnd } from "../transport.ts";
import type { Response } from "../wire/response.ts";
import { WireError } from "../wire/wire_error.ts";

/** Makes the error for a connection that failed; `kind` ends its code. */
export type Failure = (
  kind: string,
  text: string,
  cause?: unknown,
) => MailError;

/** Logging in needs no long lines: whoever sends them is no mail server. */
const LIMITS = {
  textBytes: 64 * 1024,
  literalBytes: 64 * 1024,
  heldBytes: 64 * 1024,
  literals: 100,
};
const LF = 0x0a;

/**
 * Decodes a socket line by line, so that what comes behind a reply can be given
 * back: after COMPRESS it is deflated, after the login it is the next owner's.
 */
export class ResponseSource {
  readonly #socket: Duplex;
  readonly #failure: Failure;
  readonly #signal: AbortSignal | undefined;
  readonly #onLine: ((bytes: Uint8Array) => void) | undefined;
  readonly #decoder = new Decoder(LIMITS);
  /** Read from the socket, not yet decoded. */
  #ahead: Uint8Array = new Uint8Array(0);

  /** @param onLine Gets the bytes as they are taken, for a log. */
  constructor(
    socket: Duplex,
    failure: Failure,
    signal?: AbortSignal,
    onLine?: (bytes: Uint8Array) => void,
  ) {
    this.#onLine = onLine;
    this.#socket = socket;
    this.#failure = failure;
    this.#signal = signal;
  }

  /**
   * The next response.
   *
   * @param deadline Of the clock `performance.now()`.
   * @throws {MailError} `connect.timeout`, `connect.closed`, `connect.protocol`.
   */
  async next(deadline: number): Promise<Response> {
    for (;;) {
      const decoded = this.#decode();
      if (decoded) return this.#understood(decoded);
      if (this.#ahead.length === 0) this.#ahead = await this.#read(deadline);
      const end = this.#ahead.indexOf(LF);
      const stop = end < 0 ? this.#ahead.length : end + 1;
      this.#onLine?.(this.#ahead.subarray(0, stop));
      this.#decoder.push(this.#ahead.subarray(0, stop));
      this.#ahead = this.#ahead.subarray(stop);
    }
  }

  /** Leaves the socket paused, with all that was not decoded. */
  release(): void {
    if (!this.#decoder.isIdle) {
      throw this.#failure("protocol", "it stopped in the middle of a reply");
    }
    this.#socket.pause();
    if (this.#ahead.length > 0) this.#socket.unshift(Buffer.from(this.#ahead));
    this.#ahead = new Uint8Array(0);
  }

  #decode(): Decoded | undefined {
    try {
      return this.#decoder.next();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw this.#failure("protocol", error.message, error);
    }
  }

  #understood(decoded: Decoded): Response {
    switch (decoded.kind) {
      case "malformed":
        throw this.#failure("protocol", decoded.error.message, decoded.error);
      case "body-start":
      case "body-chunk":
      case "body-end":
        throw this.#failure("protocol", "it sends messages before the login");
      default:
        return decoded;
    }
  }

  #read(deadline: number): Promise<Uint8Array> {
    const socket = this.#socket;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const closed = () =>
      reject(this.#failure("closed", reasonOfEnd(socket) ?? "it hung up"));
    const broken = (error: Error) =>
      reject(this.#failure("closed", `the connection broke: ${error.message}`));
    const expired = () =>
      reject(this.#failure("timeout", "it did not answer in time"));
    const aborted = () => reject(this.#signal?.reason);
    const arrived = (chunk: Uint8Array) => {
      socket.pause();
      resolve(chunk);
    };
    if (this.#signal?.aborted) aborted();
    if (socket.destroyed || socket.readableEnded) closed();
    const left = Math.max(0, deadline - performance.now());
    const timer = setTimeout(expired, left);
    socket.once("data", arrived).once("end", closed).once("close", closed)
      .once("error", broken);
    this.#signal?.addEventListener("abort", aborted, { once: true });
    socket.resume();
    return promise.finally(() => {
      clearTimeout(timer);
      socket.off("data", arrived).off("end", closed).off("close", closed)
        .off("error", broken);
      this.#signal?.removeEventListener("abort", aborted);
    });
  }
}
