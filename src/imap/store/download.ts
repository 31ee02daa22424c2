/** Bodies from the server, streamed to whoever takes them. */
import { MailError } from "../../errors.ts";
import {
  type Failure,
  type FetchOptions,
  type Message,
  UNFETCHABLE_CODE,
} from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import type { FetchOptions as Request } from "../command/fetch.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { ResponseError } from "../connection_error.ts";
import { type FetchRow, mergeRows } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import { BodyBuffer, type BodyReceiver, BodyStream } from "./body_sink.ts";
import { Consumers } from "./consumers.ts";
import type { GmailLabels } from "./labels.ts";
import { stillThereNow } from "./presence.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";
import { uidsOf } from "./uids_of.ts";
import { withGrace } from "./with_grace.ts";

/** Bodies up to this size are taken in memory and written in one go. */
const IN_MEMORY_BYTES = 1024 * 1024;

/** What a message is beside its bytes. */
function detailsOf(labels: GmailLabels | undefined): readonly FetchItem[] {
  return labels === undefined
    ? ["FLAGS", "INTERNALDATE"]
    : ["FLAGS", "INTERNALDATE", "X-GM-LABELS"];
}

/**
 * Fetches messages and hands each to `consume`, several at a time. What was
 * asked for and did not come is asked for again; what still does not come is a
 * failure.
 *
 * After an abort nothing new is handed out, and when the rest of the answer
 * takes more than a moment, the connection is given up.
 */
export async function fetchMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  consume: (message: Message) => Promise<void>,
  options: FetchOptions,
  labels?: GmailLabels,
): Promise<Failure[]> {
  const consumers = new Consumers(consume, options, labels);
  const transfer = new Transfer(mailbox, consumers, detailsOf(labels));
  const run = () => transfer.run(uidsOf(refs));
  await withGrace(mailbox.connection, options.signal, run);
  return transfer.consumers.failures();
}

class Transfer {
  /** Large bodies that came before it was known whose they are. */
  readonly #unnamed = new Set<number>();
  /** Rows with NIL for a body: gone, or kept back. */
  readonly #bodiless = new Set<number>();
  /** What is asked for now has been asked for before. */
  #isSecond = false;

  constructor(
    readonly mailbox: SelectedMailbox,
    readonly consumers: Consumers,
    readonly details: readonly FetchItem[],
  ) {}

  /** Fetches `uids`, and looks after what did not come. */
  async run(uids: UidSet): Promise<void> {
    const missing = await this.#fetchAll(uids);
    const before = UidSet.from(this.#unnamed);
    const doubtful = missing.union(before);
    if (doubtful.isEmpty || this.consumers.aborted) return;
    const there = await stillThereNow(this.mailbox, doubtful);
    this.#fail(
      doubtful.difference(there),
      "imap.gone",
      "is not there any more",
    );
    this.#isSecond = true;
    const again = await this.#fetchAll(there.difference(before));
    const unnamed = UidSet.from(this.#unnamed).intersection(there);
    const singly = await this.#fetchSingly(unnamed);
    if (this.consumers.aborted) return;
    const lost = again.union(singly);
    const what = "is listed by the server and not sent";
    this.#fail(lost, UNFETCHABLE_CODE, what);
  }

  #fail(uids: UidSet, code: string, what: string): void {
    const { title } = this.mailbox;
    for (const uid of uids) {
      const error = new MailError(`Message ${uid} of "${title}" ${what}`, {
        code,
        scope: "message",
        retry: "later",
        ...(code === UNFETCHABLE_CODE
          ? { hint: "Each run tries again, and says so only this once" }
          : {}),
      });
      this.consumers.fail(uid, error);
    }
  }

  /** Returns what did not come. */
  async #fetchAll(uids: UidSet): Promise<UidSet> {
    return await this.#fetch(uids, {
      items: [...this.details, "BODY.PEEK[]"],
      openBody: (row, size) => this.#open(row, size),
      onRow: (row, sink) => this.#take(row, sink),
    });
  }

  /** One by one, so that it is known beforehand whose body it is. */
  async #fetchSingly(uids: UidSet): Promise<UidSet> {
    const rows = new Map<number, FetchRow>();
    let missing = await this.#fetch(uids, {
      items: this.details,
      onRow: (row) => void rows.set(row.uid ?? 0, row),
    });
    for (const [uid, details] of rows) {
      const rest = await this.#fetch(UidSet.of(uid), {
        items: ["BODY.PEEK[]"],
        openBody: (_, size) => this.#sink(details, size),
        onRow: (row, sink) => this.#take(mergeRows(details, row), sink),
      });
      missing = missing.union(rest);
    }
    return missing;
  }

  async #fetch(
    uids: UidSet,
    request: Omit<Request<BodyReceiver>, "uids">,
  ): Promise<UidSet> {
    let missing = UidSet.EMPTY;
    this.#bodiless.clear();
    if (this.consumers.aborted) return missing;
    try {
      // All at once: the server goes from one to the next without a pause.
      const parts = uids.split();
      const attempts = await Promise.allSettled(
        parts.map((part) => this.#attempt({ ...request, uids: part })),
      );
      for (const attempt of attempts) {
        if (attempt.status === "rejected") throw attempt.reason;
        missing = missing.union(attempt.value);
      }
    } finally {
      await this.consumers.settled();
    }
    return missing.union(UidSet.from(this.#bodiless));
  }

  /** A part: what of it did not come. */
  async #attempt(request: Request<BodyReceiver>): Promise<UidSet> {
    const attempt = await tryFetch(this.mailbox.connection, request);
    if (attempt instanceof ResponseError) {
      // Once it may mean that all have gone.
      if (this.#isSecond) throw attempt;
      return request.uids;
    }
    for (const { uid, error } of attempt.failures) {
      this.consumers.fail(uid, error);
    }
    return attempt.missing;
  }

  #open(row: FetchRow, size: number): BodyReceiver | undefined {
    const { uid, flags, internalDate } = row;
    const isKnown = uid !== undefined && flags !== undefined &&
      internalDate !== undefined &&
      (row.gmailLabels !== undefined || !this.details.includes("X-GM-LABELS"));
    return isKnown || size <= IN_MEMORY_BYTES
      ? this.#sink(row, size)
      : undefined;
  }

  #sink(row: FetchRow, size: number): BodyReceiver | undefined {
    // After an abort the rest of the answer is read over.
    if (this.consumers.aborted) return undefined;
    if (size <= IN_MEMORY_BYTES) return new BodyBuffer(size);
    const stream = new BodyStream(size);
    this.consumers.hand(row, stream.body).finally(() => stream.leave());
    return stream;
  }

  /** A whole row; the promise makes the server wait. */
  #take(
    row: FetchRow,
    sink: BodyReceiver | undefined,
  ): void | Promise<void> {
    const { uid = 0 } = row;
    if (this.consumers.aborted) return;
    if (sink instanceof BodyBuffer) void this.consumers.hand(row, sink.body);
    else if (sink === undefined) {
      const isNil = row.bodies[0]?.form === "nil";
      (isNil ? this.#bodiless : this.#unnamed).add(uid);
    }
    return this.consumers.room();
  }
}
