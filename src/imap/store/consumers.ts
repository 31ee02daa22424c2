/** Messages handed out and not yet taken: how many, how large, what became of them. */
import { messageOf } from "../../errors.ts";
import { NO_FLAGS } from "../../sync/flags.ts";
import type { Body, Failure, FetchOptions, Message } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import { BUFFERED_BYTES } from "./body_sink.ts";
import type { GmailLabels } from "./labels.ts";
import type { FetchRow } from "../wire/fetch_row.ts";

/** Bytes in memory that wait to be taken, before the server is made to wait. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Calls `consume`, and keeps count. */
export class Consumers {
  readonly #busy = new Set<Promise<void>>();
  readonly #failures = new Map<Ref, Failure>();
  #bytes = 0;

  constructor(
    readonly consume: (message: Message) => Promise<void>,
    readonly options: FetchOptions,
    readonly labels?: GmailLabels,
  ) {}

  /** No more shall be handed out. */
  get aborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Hands a message out; resolves when it was taken or failed. */
  hand(told: FetchRow, body: Body): Promise<void> {
    const row = this.labels?.join(told) ?? told;
    const { uid: ref = 0, flags = NO_FLAGS, internalDate } = row;
    // A stream keeps no more than this, whatever its length.
    const bytes = body.bytes?.length ?? BUFFERED_BYTES;
    this.#bytes += bytes;
    const message = { ref, flags, internalDate: internalDate?.epochMs, body };
    const job = this.#consume(message).then(
      () => void this.#failures.delete(ref),
      (error) => this.fail(ref, error),
    ).finally(() => {
      this.#bytes -= bytes;
      this.#busy.delete(job);
    });
    this.#busy.add(job);
    return job;
  }

  /** Notes that a message failed; it may yet come at another attempt. */
  fail(ref: Ref, error: unknown): void {
    this.#failures.set(ref, {
      ref,
      error: error instanceof Error ? error : new Error(messageOf(error)),
    });
  }

  /** All that failed in the end. */
  failures(): Failure[] {
    return [...this.#failures.values()];
  }

  /** Waits while there is too much under way; undefined: there is room. */
  room(): Promise<void> | undefined {
    return this.#isFull ? this.#whenRoom() : undefined;
  }

  /** Waits until everything that was handed out is taken. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy);
  }

  get #isFull(): boolean {
    return this.#busy.size >= Math.max(1, this.options.concurrency) ||
      (this.#busy.size > 0 && this.#bytes >= MAX_BYTES);
  }

  async #whenRoom(): Promise<void> {
    while (this.#isFull) await Promise.race(this.#busy);
  }

  /** Also a `consume` that throws at once only rejects. */
  async #consume(message: Message): Promise<void> {
    await this.consume(message);
  }
}
