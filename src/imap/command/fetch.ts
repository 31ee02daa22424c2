/** UID FETCH. */
import { BodyDelivery } from "../connection_delivery.ts";
import type { BodyStart } from "../wire/decoder.ts";
import { type FetchRow, mergeRows } from "../wire/fetch_row.ts";
import type { TaggedResponse, UntaggedResponse } from "../wire/response.ts";
import type { ModSeq, Uid } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import { UidSetBuilder } from "../wire/uid_set_builder.ts";
import type { WireError } from "../wire/wire_error.ts";
import type { BodySink, Command } from "./command.ts";
import {
  completeness,
  type FetchItem,
  isWhole,
  sectionOf,
} from "./fetch_items.ts";

/** What is fetched, and who takes it. */
export interface FetchOptions<S extends BodySink = BodySink> {
  /** Split what is too long for a line: `UidSet.split`. */
  readonly uids: UidSet;
  /** UID is always told. */
  readonly items: readonly FetchItem[];
  /** Only messages that changed after this (RFC 7162 §3.1.4). */
  readonly changedSince?: ModSeq;
  /** With `changedSince` and QRESYNC enabled: tell what is gone, too. */
  readonly vanished?: boolean;
  /**
   * Takes a row that has a UID of `uids` and all items. Without bodies a row may
   * come again for a UID: the later one is true. Return a promise only to make
   * the server wait, never one that waits for this connection. What it throws
   * is that message's failure.
   */
  readonly onRow: (row: FetchRow, sink: S | undefined) => void | Promise<void>;
  /**
   * Opens a sink for a whole message (`BODY[]`, `BINARY[]`) of `size` bytes;
   * its UID may not be known yet. `end` is called right before `onRow`.
   * Undefined: skip it. Without this option bodies are kept in the row.
   */
  readonly openBody?: (row: FetchRow, size: number) => S | undefined;
}

/** One message that came and was not taken. */
export interface FetchFailure {
  readonly uid: Uid;
  readonly error: unknown;
}

/** What came of a FETCH. */
export interface FetchResult {
  /** UIDs whose complete row was handed to `onRow`. */
  readonly received: UidSet;
  /**
   * UIDs asked for by number that did not arrive. Empty with `changedSince`;
   * those of an open range (`5:*`) are not counted.
   */
  readonly missing: UidSet;
  /** Arrived, but sink or handler failed. */
  readonly failures: readonly FetchFailure[];
  /** Gone since `changedSince`. */
  readonly vanished: UidSet;
  /** Responses that could not be read; rows among them are in `missing`. */
  readonly malformed: readonly WireError[];
  /** A NO that came after rows: "some messages no longer exist". */
  readonly refusal: TaggedResponse | undefined;
}

/** Split rows that wait for their rest; a sane server has none. */
const MAX_PARTIAL = 10_000;

/**
 * Fetches messages or what is told of them (RFC 9051 §6.4.5, §6.4.9).
 *
 * Never takes the server's OK as proof that all came: look at `missing`.
 * @throws {ResponseError} From `execute`: BAD, or NO before any row.
 */
export function fetch<S extends BodySink = BodySink>(
  options: FetchOptions<S>,
): Command<FetchResult> {
  return new FetchCommand(options);
}

class FetchCommand<S extends BodySink> implements Command<FetchResult> {
  readonly name = "UID FETCH";
  readonly #options: FetchOptions<S>;
  readonly #isComplete: (row: FetchRow) => boolean;
  readonly #sections: ReadonlySet<string>;
  readonly #received = new UidSetBuilder();
  readonly #failures = new Map<Uid, unknown>();
  readonly #malformed: WireError[] = [];
  readonly #partial = new Map<Uid, FetchRow>();
  #vanished = UidSet.EMPTY;

  constructor(options: FetchOptions<S>) {
    this.#options = options;
    this.#isComplete = completeness(options.items);
    this.#sections = new Set(
      options.items.map(sectionOf).filter((section) => section !== undefined),
    );
  }

  encode(to: Parameters<Command<FetchResult>["encode"]>[0]): void {
    const { uids, items, changedSince, vanished } = this.#options;
    to.text("UID FETCH ").uids(uids).text(` (${["UID", ...items].join(" ")})`);
    if (changedSince === undefined) return;
    if (vanished === true && !to.isEnabled("QRESYNC")) {
      throw new RangeError("QRESYNC is not enabled");
    }
    to.text(" (CHANGEDSINCE ").number(changedSince)
      .text(vanished === true ? " VANISHED)" : ")");
  }

  body({ row, section, origin, size }: BodyStart): S | "hold" | undefined {
    if (origin !== undefined || !this.#sections.has(section)) return undefined;
    const { uid } = row;
    if (uid !== undefined) {
      if (!this.#options.uids.has(uid) || this.#received.has(uid)) {
        return undefined;
      }
    }
    const { openBody } = this.#options;
    return openBody === undefined || !isWhole(section)
      ? "hold"
      : openBody(row, size);
  }

  untagged(response: UntaggedResponse): boolean | Promise<boolean> {
    if (response.kind === "fetch") return this.#row(response);
    if (
      response.kind === "vanished" && response.earlier &&
      this.#options.vanished === true
    ) {
      this.#vanished = this.#vanished.union(response.uids);
      return true;
    }
    return false;
  }

  malformed(error: WireError): boolean {
    this.#malformed.push(error);
    return true;
  }

  #row(news: FetchRow): boolean | Promise<boolean> {
    const { uid } = news;
    if (uid === undefined || !this.#options.uids.has(uid)) return false;
    // A body sent twice was read over; as news it has nothing to give.
    if (this.#sections.size > 0 && this.#received.has(uid)) return false;
    const before = this.#partial.size > 0 ? this.#partial.get(uid) : undefined;
    const row = before === undefined ? news : mergeRows(before, news);
    if (!this.#isComplete(row)) return this.#wait(uid, row, news);
    if (before !== undefined) this.#partial.delete(uid);
    const taken = this.#take(uid, row);
    return taken === undefined ? true : taken.then(() => true);
  }

  /**
   * Keeps a row for its rest, which may come in another response. Without a
   * body it may as well be news, so others are told as well.
   */
  #wait(uid: Uid, row: FetchRow, news: FetchRow): boolean {
    if (this.#partial.size >= MAX_PARTIAL && !this.#partial.has(uid)) {
      return false;
    }
    this.#partial.set(uid, row);
    for (const { receiver } of news.bodies) {
      if (receiver instanceof BodyDelivery) receiver.kept = true;
    }
    return news.bodies.length > 0;
  }

  /** Ends the body, then hands the row over. */
  #take(uid: Uid, row: FetchRow): void | Promise<void> {
    if (this.#sections.size === 0 || this.#options.openBody === undefined) {
      return this.#hand(uid, row, undefined);
    }
    const whole = row.bodies.find((body) => isWhole(body.section));
    if (whole === undefined) return this.#hand(uid, row, undefined);
    if (whole.receiver instanceof BodyDelivery) {
      return this.#finishBody(uid, row, whole.receiver);
    }
    // Yahoo and others send short bodies quoted; NIL is no message at all.
    if (whole.bytes === undefined) return this.#hand(uid, row, undefined);
    const sink = this.#options.openBody(row, whole.size);
    if (sink === undefined) return this.#hand(uid, row, undefined);
    const delivery = new BodyDelivery(sink);
    const wait = delivery.write(whole.bytes);
    return wait === undefined
      ? this.#finishBody(uid, row, delivery)
      : wait.then(() => this.#finishBody(uid, row, delivery));
  }

  #finishBody(
    uid: Uid,
    row: FetchRow,
    delivery: BodyDelivery,
  ): void | Promise<void> {
    const hand = () => {
      if (delivery.failed) return this.#fail(uid, delivery.error);
      // Sinks of this command come from its own `openBody` alone.
      return this.#hand(uid, row, delivery.sink as S);
    };
    const wait = delivery.end();
    return wait === undefined ? hand() : wait.then(hand);
  }

  #hand(uid: Uid, row: FetchRow, sink: S | undefined): void | Promise<void> {
    this.#received.add(uid);
    try {
      const wait = this.#options.onRow(row, sink);
      return wait?.catch((error: unknown) => this.#fail(uid, error));
    } catch (error) {
      this.#fail(uid, error);
    }
  }

  #fail(uid: Uid, error: unknown): void {
    this.#received.add(uid);
    this.#failures.set(uid, error);
  }

  lost(): void {
    for (const row of this.#partial.values()) {
      for (const { receiver } of row.bodies) {
        if (receiver instanceof BodyDelivery) void receiver.abort();
      }
    }
    this.#partial.clear();
  }

  finish(tagged: TaggedResponse): FetchResult {
    this.lost();
    const arrived = this.#received.build();
    const failed = UidSet.from(this.#failures.keys());
    return {
      received: arrived.difference(failed),
      missing: this.#missing(arrived),
      failures: Array.from(
        this.#failures,
        ([uid, error]) => ({ uid, error }),
      ),
      vanished: this.#vanished,
      malformed: this.#malformed,
      refusal: tagged.status === "OK" ? undefined : tagged,
    };
  }

  refused(tagged: TaggedResponse): FetchResult | undefined {
    return this.#received.size > 0 ? this.finish(tagged) : undefined;
  }

  #missing(arrived: UidSet): UidSet {
    const { uids, changedSince } = this.#options;
    if (changedSince !== undefined) return UidSet.EMPTY;
    return uids.bounded().difference(arrived);
  }
}
