/** Bodies from the server, streamed to whoever takes them. */
import { MailError, messageOf } from "../../errors.ts";
import { flagsOf } from "../../sync/flags.ts";
import type { Body, Failure, FetchOptions, Message } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import { fetch } from "../command/fetch.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import { BodyBuffer, type BodyReceiver, BodyStream } from "./body_sink.ts";
import { uidsOf } from "./change.ts";
import { stillThere } from "./observe.ts";
import type { SelectedMailbox } from "./selected.ts";

/** Bodies up to this size are taken in memory and written in one go. */
const IN_MEMORY_BYTES = 1024 * 1024;

const ITEMS: readonly FetchItem[] = ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"];

/**
 * Fetches messages and hands each to `consume`, several at a time. What was
 * asked for and did not come is asked for again; what still does not come
 * although the server has it is a failure.
 */
export async function fetchMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  consume: (message: Message) => Promise<void>,
  options: FetchOptions,
): Promise<Failure[]> {
  const transfer = new Transfer(mailbox, consume, options);
  const wanted = uidsOf(refs);
  const missing = await transfer.run(wanted);
  if (missing.isEmpty || options.signal?.aborted) return transfer.failures;
  const still = await stillThere(mailbox, missing);
  const refused = still.isEmpty ? still : await transfer.run(still);
  for (const uid of refused) {
    transfer.failures.push({ ref: uid, error: notSent(mailbox, uid) });
  }
  return transfer.failures;
}

class Transfer {
  readonly failures: Failure[] = [];
  readonly #busy = new Set<Promise<void>>();

  constructor(
    readonly mailbox: SelectedMailbox,
    readonly consume: (message: Message) => Promise<void>,
    readonly options: FetchOptions,
  ) {}

  /** Fetches and waits until all that came was taken. Returns what did not come. */
  async run(uids: UidSet): Promise<UidSet> {
    let missing = UidSet.EMPTY;
    try {
      for (const part of uids.split()) {
        const { signal } = this.options;
        if (signal?.aborted) return UidSet.EMPTY;
        const result = await this.mailbox.connection.execute(fetch({
          uids: part,
          items: ITEMS,
          openBody: (row, size) => this.#open(row, size),
          onRow: (row, sink) => this.#row(row, sink),
        }));
        missing = missing.union(result.missing);
        for (const { uid, error } of result.failures) this.#fail(uid, error);
      }
    } finally {
      await Promise.all(this.#busy);
    }
    return missing;
  }

  #open(row: FetchRow, size: number): BodyReceiver | undefined {
    // After an abort the rest of the answer is read over.
    if (this.options.signal?.aborted) return undefined;
    const { uid, flags } = row;
    if (size <= IN_MEMORY_BYTES || uid === undefined || flags === undefined) {
      return new BodyBuffer(size);
    }
    const stream = new BodyStream(size);
    stream.taken = this.#hand(row, stream.body);
    return stream;
  }

  #row(row: FetchRow, sink: BodyReceiver | undefined): void | Promise<void> {
    if (this.options.signal?.aborted) return;
    if (sink === undefined) {
      return this.#fail(row.uid ?? 0, notSent(this.mailbox, row.uid ?? 0));
    }
    if (sink instanceof BodyBuffer) void this.#hand(row, sink.body);
    return this.#room();
  }

  /** Makes the server wait while too many messages are on their way. */
  async #room(): Promise<void> {
    while (this.#busy.size >= this.options.concurrency) {
      await Promise.race(this.#busy);
    }
  }

  /** Starts a `consume`; never rejects. */
  #hand(row: FetchRow, body: Body): Promise<void> {
    const ref = row.uid ?? 0;
    const job = this.consume({
      ref,
      flags: row.flags ?? flagsOf([]),
      internalDate: row.internalDate?.epochMs,
      body,
    }).catch((error: unknown) => this.#fail(ref, error)).finally(() => {
      this.#busy.delete(job);
    });
    this.#busy.add(job);
    return job;
  }

  #fail(ref: Ref, error: unknown): void {
    this.failures.push({
      ref,
      error: error instanceof Error ? error : new Error(messageOf(error)),
    });
  }
}

function notSent({ title }: SelectedMailbox, uid: number): MailError {
  return new MailError(
    `The server lists message ${uid} of "${title}" but does not send it`,
    { code: "imap.unfetchable", scope: "message", retry: "never" },
  );
}
