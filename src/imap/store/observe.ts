/** What changed in a mailbox on the server since the last sync. */
import { MailError } from "../../errors.ts";
import { flagsOf } from "../../sync/flags.ts";
import type { Known } from "../../sync/ports.ts";
import {
  type Arrival,
  type Changes,
  noChanges,
  type Pair,
  type Reflagged,
} from "../../sync/types.ts";
import { fetch } from "../command/fetch.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { search } from "../command/search.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import type { ModSeq, Uid } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import { UidSetBuilder } from "../wire/uid_set_builder.ts";
import { hasModSeq } from "./listing.ts";
import type { SelectedMailbox } from "./selected.ts";
import { type MailboxMark, parseToken } from "./token.ts";

/** What a listing must tell of messages that the status does not know. */
export interface ObserveOptions {
  /** Size and date too: some limit asks for them. */
  readonly details: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What changed against `known`: from `since` where the server keeps MODSEQs
 * (CONDSTORE, RFC 7162), else by listing the flags of everything.
 *
 * No listing is believed that contradicts EXISTS.
 * @throws {MailError} `imap.listing`, scope mailbox.
 */
export async function observe(
  mailbox: SelectedMailbox,
  known: Known,
  since: string | undefined,
  options: ObserveOptions,
): Promise<Changes> {
  const mark = parseToken(since);
  const { result, token } = mailbox;
  if (
    mark?.highestModSeq === undefined || result.highestModSeq === undefined ||
    mark.uidValidity !== mailbox.validity || !hasModSeq(mailbox.connection)
  ) return await observeAll(mailbox, known, options);
  if (since === token && !mailbox.disturbed) {
    return noChanges(mailbox.exists, token);
  }
  return await observeSince(mailbox, known, mark, mark.highestModSeq, options);
}

/** Collects rows into changes. */
class Observation {
  readonly arrived = new Map<Uid, Arrival>();
  readonly reflagged = new Map<Uid, Reflagged>();
  readonly seen = new UidSetBuilder();

  constructor(readonly known: Known) {}

  /** A row may come twice; the later one is true. */
  readonly add = (row: FetchRow): void => {
    const { uid } = row;
    if (uid === undefined) return;
    this.seen.add(uid);
    const flags = row.flags ?? flagsOf([]);
    const pair = this.known.find(uid);
    if (pair === undefined) {
      this.arrived.set(uid, {
        ref: uid,
        flags,
        ...(row.sizeBytes === undefined ? {} : { sizeBytes: row.sizeBytes }),
        ...(row.internalDate === undefined
          ? {}
          : { internalDate: row.internalDate.epochMs }),
      });
    } else if (pair.flags !== flags) this.reflagged.set(uid, { pair, flags });
    else this.reflagged.delete(uid);
  };

  /** Leaves out what went while it was listed. */
  forget(gone: UidSet): void {
    for (const uid of this.arrived.keys()) {
      if (gone.has(uid)) this.arrived.delete(uid);
    }
    for (const uid of this.reflagged.keys()) {
      if (gone.has(uid)) this.reflagged.delete(uid);
    }
  }

  changes(
    gone: readonly Pair[],
    total: number,
    token: string | undefined,
  ): Changes {
    return {
      arrived: [...this.arrived.values()],
      reflagged: [...this.reflagged.values()],
      gone,
      total,
      token,
    };
  }
}

function items({ details }: ObserveOptions): FetchItem[] {
  return details ? ["FLAGS", "INTERNALDATE", "RFC822.SIZE"] : ["FLAGS"];
}

async function observeAll(
  mailbox: SelectedMailbox,
  known: Known,
  options: ObserveOptions,
): Promise<Changes> {
  const observation = new Observation(known);
  const { token } = mailbox;
  if (mailbox.exists > 0) {
    await mailbox.connection.execute(
      fetch({
        uids: UidSet.ALL,
        items: items(options),
        onRow: observation.add,
      }),
      signalOf(options),
    );
  }
  const seen = await complete(mailbox, observation, options);
  return observation.changes(goneFrom(known, seen), mailbox.exists, token);
}

/** The listing against EXISTS, and what was left out asked for again. */
async function complete(
  mailbox: SelectedMailbox,
  observation: Observation,
  options: ObserveOptions,
): Promise<UidSet> {
  const seen = observation.seen.build();
  if (seen.size === mailbox.exists) return seen;
  const present = await allUids(mailbox);
  observation.forget(seen.difference(present));
  for (const uids of present.difference(seen).split()) {
    await mailbox.connection.execute(
      fetch({ uids, items: items(options), onRow: observation.add }),
      signalOf(options),
    );
  }
  const rest = present.difference(observation.seen.build());
  if (rest.isEmpty) return present;
  // Some may have gone in between; what is still there is kept from us.
  const still = await stillThere(mailbox, rest);
  if (still.isEmpty) return present.difference(rest);
  throw contradiction(
    mailbox,
    `the server does not list ${still.size} of its ${mailbox.exists} messages`,
  );
}

async function observeSince(
  mailbox: SelectedMailbox,
  known: Known,
  mark: MailboxMark,
  modSeq: ModSeq,
  options: ObserveOptions,
): Promise<Changes> {
  const observation = new Observation(known);
  const { result, token } = mailbox;
  const told = usedQresync(mailbox, mark);
  for (const row of result.changed) observation.add(row);
  // QRESYNC told the changes with SELECT; what came since then it did not.
  if (!told || options.details || mailbox.disturbed) {
    if (mailbox.exists > 0) {
      await mailbox.connection.execute(
        fetch({
          uids: UidSet.ALL,
          items: items(options),
          changedSince: modSeq,
          onRow: observation.add,
        }),
        signalOf(options),
      );
    }
  }
  const gone = await goneSince(mailbox, observation, mark, told);
  return observation.changes(
    gone === undefined ? [] : goneFrom(known, gone.present, gone.vanished),
    mailbox.exists,
    token,
  );
}

function usedQresync(
  { connection, request }: SelectedMailbox,
  mark: MailboxMark,
) {
  return connection.enabled.has("QRESYNC") &&
    parseToken(request.since)?.highestModSeq === mark.highestModSeq;
}

/**
 * Which messages went since `mark`; undefined: none. VANISHED is believed when
 * the numbers add up; where they do not, everything is searched for.
 */
async function goneSince(
  mailbox: SelectedMailbox,
  { seen }: Observation,
  mark: MailboxMark,
  told: boolean,
): Promise<{ present?: UidSet; vanished?: UidSet } | undefined> {
  const fresh = seen.build().intersection(UidSet.since(mark.uidNext)).size;
  const lost = mark.messages + fresh - mailbox.exists;
  if (lost === 0) return undefined;
  if (told && mark.uidNext > 1) {
    const old = UidSet.range(1, mark.uidNext - 1);
    const vanished = mailbox.result.vanished.intersection(old);
    if (vanished.size === lost) return { vanished };
  }
  return { present: await allUids(mailbox) };
}

/** The pairs whose UID is not in `present`, or is in `vanished`. */
function goneFrom(
  known: Known,
  present: UidSet | undefined,
  vanished?: UidSet,
): Pair[] {
  const gone: Pair[] = [];
  for (const pair of known.pairs()) {
    const uid = Number(pair.remote);
    const isGone = present === undefined
      ? vanished?.has(uid) === true
      : !present.has(uid);
    if (isGone) gone.push(pair);
  }
  return gone;
}

/**
 * Every UID of the mailbox, by SEARCH. Asked once more if messages came or went
 * meanwhile.
 */
async function allUids(mailbox: SelectedMailbox): Promise<UidSet> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const { uids } = await mailbox.connection.execute(search());
    if (uids?.size === mailbox.exists) return uids;
  }
  throw contradiction(
    mailbox,
    `the server counts ${mailbox.exists} messages and lists another number`,
  );
}

/** Those of `uids` that a SEARCH finds. */
export async function stillThere(
  mailbox: SelectedMailbox,
  uids: UidSet,
): Promise<UidSet> {
  let found = UidSet.EMPTY;
  const parts = uids.split();
  const answers = await mailbox.connection.executeAll(
    parts.map((part) => search({ uids: part })),
  );
  for (const { uids: present } of answers) {
    if (present === undefined) {
      throw contradiction(mailbox, "the server did not answer a search");
    }
    found = found.union(present);
  }
  return found;
}

function contradiction(mailbox: SelectedMailbox, what: string): MailError {
  return new MailError(
    `The listing of "${mailbox.title}" contradicts itself: ${what}`,
    {
      code: "imap.listing",
      scope: "mailbox",
      retry: "later",
      hint: "Nothing was concluded from it; the next run looks again",
    },
  );
}

function signalOf({ signal }: ObserveOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
