/** Bodies from the server, streamed to whoever takes them. */
import { MailError } from "../../errors.ts";
import type { Failure, FetchOptions, Message } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import { fetch, type FetchOptions as Request } from "../command/fetch.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { type FetchRow, mergeRows } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import { BodyBuffer, type BodyReceiver, BodyStream } from "./body_sink.ts";
import { Consumers } from "./consumers.ts";
import { stillThere } from "./presence.ts";
import type { SelectedMailbox } from "./selected.ts";
import { uidsOf } from "./uids_of.ts";
import { withGrace } from "./with_grace.ts";

/** Bodies up to this size are taken in memory and written in one go. */
const IN_MEMORY_BYTES = 1024 * 1024;

/** What a message is beside its bytes. */
const DETAILS: readonly FetchItem[] = ["FLAGS", "INTERNALDATE"];

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
): Promise<Failure[]> {
  const transfer = new Transfer(mailbox, new Consumers(consume, options));
  const run = () => transfer.run(uidsOf(refs));
  await withGrace(mailbox.connection, options.signal, run);
  return transfer.consumers.failures();
}

class Transfer {
  /** Large bodies that came before it was known whose they are. */
  readonly #unnamed = new Set<number>();

  constructor(
    readonly mailbox: SelectedMailbox,
    readonly consumers: Consumers,
  ) {}

  /** Fetches `uids`, and looks after what did not come. */
  async run(uids: UidSet): Promise<void> {
    const missing = await this.#fetchAll(uids);
    const doubtful = missing.union(UidSet.from(this.#unnamed));
    if (doubtful.isEmpty || this.consumers.aborted) return;
    const there = await stillThere(this.mailbox, doubtful);
    for (const uid of doubtful.difference(there)) {
      this.consumers.fail(
        uid,
        this.#error(uid, "is not there any more", "gone"),
      );
    }
    const unnamed = UidSet.from(this.#unnamed).intersection(there);
    const again = await this.#fetchAll(there.difference(unnamed));
    const lost = again.union(await this.#fetchSingly(unnamed));
    if (this.consumers.aborted) return;
    for (const uid of lost) {
      const what = "is listed by the server and not sent";
      this.consumers.fail(uid, this.#error(uid, what, "unfetchable"));
    }
  }

  /** Returns what did not come. */
  async #fetchAll(uids: UidSet): Promise<UidSet> {
    return await this.#fetch(uids, {
      items: [...DETAILS, "BODY.PEEK[]"],
      openBody: (row, size) => this.#open(row, size),
      onRow: (row, sink) => this.#take(row, sink),
    });
  }

  /** One by one, so that it is known beforehand whose body it is. */
  async #fetchSingly(uids: UidSet): Promise<UidSet> {
    const rows = new Map<number, FetchRow>();
    let missing = await this.#fetch(uids, {
      items: DETAILS,
      onRow: (row) => void rows.set(row.uid ?? 0, row),
    });
    for (const [uid, details] of rows) {
      const rest = await this.#fetch(UidSet.of(uid), {
        items: ["BODY.PEEK[]"],
        openBody: (row, size) => this.#open(mergeRows(details, row), size),
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
    try {
      for (const part of uids.split()) {
        if (this.consumers.aborted) break;
        const result = await this.mailbox.connection.execute(
          fetch({ ...request, uids: part }),
        );
        missing = missing.union(result.missing);
        for (const { uid, error } of result.failures) {
          this.consumers.fail(uid, error);
        }
      }
    } finally {
      await this.consumers.settled();
    }
    return missing;
  }

  #open(row: FetchRow, size: number): BodyReceiver | undefined {
    // After an abort the rest of the answer is read over.
    if (this.consumers.aborted) return undefined;
    if (size <= IN_MEMORY_BYTES) return new BodyBuffer(size);
    const { uid, flags, internalDate } = row;
    if (
      uid === undefined || flags === undefined || internalDate === undefined
    ) {
      return undefined;
    }
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
      const size = row.bodies[0]?.size ?? 0;
      if (size <= IN_MEMORY_BYTES) {
        throw this.#error(uid, "came without its bytes", "unfetchable");
      }
      this.#unnamed.add(uid);
    }
    return this.consumers.room();
  }

  #error(uid: number, what: string, code: string): MailError {
    return new MailError(`Message ${uid} of "${this.mailbox.title}" ${what}`, {
      code: `imap.${code}`,
      scope: "message",
      retry: "later",
    });
  }
}
