/** Gathers what rows of a mailbox say into changes. */
import { NO_FLAGS } from "../../sync/flags.ts";
import type { Known } from "../../sync/status.ts";
import type { Arrival, Changes, Pair, Reflagged } from "../../sync/types.ts";
import type { GmailLabels } from "./labels.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import type { Uid } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import { UidSetBuilder } from "../wire/uid_set_builder.ts";

/** Rows compared with what the status knows. */
export class Observation {
  readonly #arrived = new Map<Uid, Arrival>();
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
    const pair = this.known.find(uid);
    if (pair === undefined) this.#arrived.set(uid, arrivalOf(uid, row));
    else if (pair.flags !== flags) this.#reflagged.set(uid, { pair, flags });
    else this.#reflagged.delete(uid);
  };

  /** The UIDs of all rows so far. */
  seen(): UidSet {
    return this.#seen.build();
  }

  /** The UIDs of messages that the status does not know. */
  arrivals(): UidSet {
    return UidSet.from(this.#arrived.keys());
  }

  /** Leaves out what went while it was listed. */
  forget(gone: UidSet): void {
    for (const uid of gone) {
      this.#arrived.delete(uid);
      this.#reflagged.delete(uid);
    }
  }

  /** All that was gathered; `isGone` tells it of a UID of the status. */
  changes(
    isGone: (uid: number) => boolean,
    total: number,
    token: string | undefined,
  ): Changes {
    return {
      arrived: [...this.#arrived.values()],
      reflagged: [...this.#reflagged.values()],
      gone: this.#gone(isGone),
      total,
      token,
    };
  }

  #gone(isGone: (uid: number) => boolean): Pair[] {
    const gone: Pair[] = [];
    for (const pair of this.known.pairs()) {
      if (isGone(Number(this.known.refOf(pair)))) gone.push(pair);
    }
    return gone;
  }
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
