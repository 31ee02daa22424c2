/** Gathers what rows of a mailbox say into changes. */
import { ArrivalList } from "../../sync/arrival_list.ts";
import { NO_FLAGS } from "../../sync/flags.ts";
import type { Known } from "../../sync/status.ts";
import type {
  Arrival,
  Changes,
  Flags,
  Pair,
  Reflagged,
} from "../../sync/types.ts";
import type { GmailLabels } from "./labels.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import type { Uid } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import { UidSetBuilder } from "../wire/uid_set_builder.ts";

/** Rows compared with what the status knows. */
export class Observation {
  #arrived = new ArrivalList();
  /** The greatest UID of these, as long as they come in order. */
  #last = 0;
  #inOrder = true;
  readonly #reflagged = new Map<Uid, Reflagged>();
  readonly #seen = new UidSetBuilder();

  /** @param labels Rows count only with their labels. */
  constructor(readonly known: Known, readonly labels?: GmailLabels) {}

  /** Takes a row. One may come twice: the later one is true. */
  readonly add = (told: FetchRow): void => {
    const row = this.labels === undefined ? told : this.labels.join(told);
    if (row === undefined) return;
    const { uid, flags = NO_FLAGS } = row;
    if (uid === undefined) return;
    this.#seen.add(uid);
    const agreed = this.known.flagsOf(uid);
    if (agreed === undefined) this.#arrive(uid, row);
    else if (agreed === flags) this.#reflagged.delete(uid);
    else this.#reflag(uid, flags);
  };

  /** The UIDs of all rows so far. */
  seen(): UidSet {
    return this.#seen.build();
  }

  /** The UIDs of messages that the status does not know. */
  arrivals(): UidSet {
    return UidSet.from(this.#arrived.map(({ ref }) => Number(ref)));
  }

  /** Leaves out what went while it was listed. */
  forget(gone: UidSet): void {
    if (gone.isEmpty) return;
    for (const uid of gone) this.#reflagged.delete(uid);
    this.#settle();
    this.#arrived = listOf(
      this.#arrived.filter(({ ref }) => !gone.has(Number(ref))),
    );
  }

  #reflag(uid: Uid, flags: Flags): void {
    const pair = this.known.find(uid);
    if (pair !== undefined) this.#reflagged.set(uid, { pair, flags });
  }

  #arrive(uid: Uid, row: FetchRow): void {
    this.#inOrder &&= uid > this.#last;
    this.#last = uid;
    this.#arrived.add(arrivalOf(uid, row));
  }

  /** Leaves the later one of two rows about one message. */
  #settle(): void {
    if (this.#inOrder) return;
    const latest = new Map(this.#arrived.map((one) => [one.ref, one]));
    this.#arrived = listOf(latest.values());
  }

  /** All that was gathered; `isGone` tells it of a UID of the status. */
  changes(
    isGone: (uid: number) => boolean,
    total: number,
    token: string | undefined,
  ): Changes {
    this.#settle();
    return {
      arrived: this.#arrived,
      reflagged: [...this.#reflagged.values()],
      gone: this.#gone(isGone),
      total,
      token,
    };
  }

  #gone(isGone: (uid: number) => boolean): Pair[] {
    const gone: Pair[] = [];
    for (const ref of this.known.refs()) {
      if (!isGone(Number(ref))) continue;
      const pair = this.known.find(ref);
      if (pair !== undefined) gone.push(pair);
    }
    return gone;
  }
}

function listOf(arrivals: Iterable<Arrival>): ArrivalList {
  const list = new ArrivalList();
  for (const arrival of arrivals) list.add(arrival);
  return list;
}

function arrivalOf(uid: Uid, row: FetchRow): Arrival {
  const { flags = NO_FLAGS, sizeBytes, internalDate } = row;
  return {
    ref: uid,
    flags,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(internalDate === undefined
      ? {}
      : { internalDate: internalDate.epochMs }),
  };
}
