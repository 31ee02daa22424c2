/** Reading the first bytes of a stream, and not one more than is wanted. */
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { reasonOfEnd } from "../transport.ts";

/** A stream that ended while more was awaited: the code of that error. */
export const CLOSED = "ClosedEarly";
/** More came than is sensible: the code of that error. */
export const ENDLESS = "LineTooLarge";

const LONGEST_HEAD_BYTES = 64 * 1024;

/** What broke a stream while nobody waited for it. */
const failures = new WeakMap<Duplex, Error>();

/**
 * Keeps the error of a stream for whoever waits next, and keeps it from ending the
 * process. It still destroys the stream, which every reader and writer sees.
 */
export function heedErrors(stream: Duplex): void {
  stream.on("error", (error) => void failures.set(stream, error));
}

/** Why a stream ended. */
function endOf(stream: Duplex): Error {
  return failures.get(stream) ?? stream.errored ??
    codedError(CLOSED, "The stream ended", { endReason: reasonOfEnd(stream) });
}

/** An error with a code, as those of the system have one. */
export function codedError(
  code: string,
  text: string,
  more: Record<string, unknown> = {},
): Error {
  return Object.assign(new Error(text), { code, ...more });
}

/** A time limit beside a signal of the caller's; disposing of it ends the clock. */
export class Limit implements Disposable {
  readonly signal: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number, code: string, signal: AbortSignal | undefined) {
    const controller = new AbortController();
    this.#timer = setTimeout(
      () => controller.abort(codedError(code, "Not in time")),
      ms,
    );
    this.signal = signal === undefined
      ? controller.signal
      : AbortSignal.any([controller.signal, signal]);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** What of the bytes so far is the value, and how many of them it took. */
export type Taken<T> = { readonly value: T; readonly used: number };

/**
 * Reads until `take` has what it wants. What is behind it is given back, and the
 * stream is left paused.
 *
 * @param take Gets all bytes so far; undefined asks for more.
 * @throws The signal's reason, the stream's error, {@link CLOSED} or {@link ENDLESS};
 * what `take` throws.
 */
export function readHead<T>(
  stream: Duplex,
  take: (bytes: Buffer) => Taken<T> | undefined,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (act: () => void) => {
      stream.off("data", onData).off("end", onEnd).off("close", onEnd)
        .off("error", onError);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const taken = take(bytes);
        if (taken !== undefined) {
          settle(() => {
            stream.pause();
            const rest = bytes.subarray(taken.used);
            if (rest.length > 0) stream.unshift(rest);
            resolve(taken.value);
          });
        } else if (bytes.length > LONGEST_HEAD_BYTES) {
          fail(codedError(ENDLESS, "Too much at once"));
        }
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = () => fail(endOf(stream));
    const onError = (error: Error) => fail(error);
    const onAbort = () => fail(signal.reason);
    if (signal.aborted) return reject(signal.reason);
    if (stream.destroyed || stream.readableEnded) return onEnd();
    stream.on("data", onData).on("end", onEnd).on("close", onEnd)
      .on("error", onError);
    signal.addEventListener("abort", onAbort, { once: true });
    stream.resume();
  });
}

/** A line without its line end, for {@link readHead}. */
export function takeLine(bytes: Buffer): Taken<string> | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0) return undefined;
  const value = bytes.toString("latin1", 0, end).replace(/\r$/, "");
  return { value, used: end + 1 };
}

/** Waits for an event that says that a stream is ready. @throws As {@link readHead}. */
export function ready(
  stream: Duplex,
  event: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off(event, onReady).off("error", onError).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onReady = () => settle(resolve);
    const fail = (error: unknown) =>
      settle(() => {
        stream.destroy();
        reject(error);
      });
    const onError = (error: Error) => fail(error);
    const onClose = () => fail(endOf(stream));
    const onAbort = () => fail(signal.reason);
    stream.once(event, onReady).once("error", onError).once("close", onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
