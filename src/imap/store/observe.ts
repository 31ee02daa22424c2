/** What changed in a mailbox on the server since the last sync. */
import type { Known } from "../../sync/status.ts";
import { type Changes, noChanges } from "../../sync/types.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import type { ExecuteOptions } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import type { ModSeq } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { GmailLabels } from "./labels.ts";
import { Observation } from "./observation.ts";
import { allUids, contradiction, isCount, stillThereNow } from "./presence.ts";
import type { SelectedMailbox } from "./selected.ts";
import { type MailboxMark, parseToken } from "./token.ts";
import { type FetchAttempt, tryFetch } from "./try_fetch.ts";

/** What a listing must tell of messages that the status does not know. */
export interface ObserveOptions {
  /** Size and date too: some limit asks for them. */
  readonly details: boolean;
  /** Labels too. */
  readonly labels?: GmailLabels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What changed against `known`: from `since` where the server keeps MODSEQs
 * (CONDSTORE, RFC 7162), else by listing the flags of everything.
 *
 * No listing is believed that contradicts EXISTS, or UIDNEXT.
 * @throws {MailError} `imap.listing`, scope mailbox.
 */
export async function observe(
  mailbox: SelectedMailbox,
  known: Known,
  since: string | undefined,
  options: ObserveOptions,
): Promise<Changes> {
  const { token, exists, disturbed } = mailbox;
  const mark = parseToken(since);
  const modSeq = usableModSeq(mailbox, mark);
  if (mark !== undefined && modSeq !== undefined) {
    if (since === token && !disturbed) return noChanges(exists, token);
    const listing = new Listing(mailbox, known, options);
    const changes = await listing.since(mark, modSeq);
    if (changes !== undefined) return changes;
  }
  return await new Listing(mailbox, known, options).all();
}

/**
 * The MODSEQ to ask from; undefined where all must be listed. Numbers that went
 * back (a server restored from its backup) stand for another history.
 */
function usableModSeq(
  { validity, uidNext, highestModSeq }: SelectedMailbox,
  mark: MailboxMark | undefined,
): ModSeq | undefined {
  const modSeq = mark?.highestModSeq;
  if (modSeq === undefined || highestModSeq === undefined) return undefined;
  return mark?.uidValidity === validity && mark.uidNext <= uidNext &&
      modSeq <= highestModSeq
    ? modSeq
    : undefined;
}

/** One look at a mailbox. */
class Listing {
  readonly #observation: Observation;
  readonly #items: readonly FetchItem[];
  readonly #execute: ExecuteOptions;

  constructor(
    readonly mailbox: SelectedMailbox,
    known: Known,
    readonly options: ObserveOptions,
  ) {
    const { details, labels, signal } = options;
    this.#observation = new Observation(known, labels);
    this.#items = [
      "FLAGS",
      ...details ? ["INTERNALDATE", "RFC822.SIZE"] as const : [],
      ...labels === undefined ? [] : ["X-GM-LABELS"] as const,
    ];
    this.#execute = signal === undefined ? {} : { signal };
  }

  /** Everything. */
  async all(): Promise<Changes> {
    const { mailbox } = this;
    const before = mailbox.exists;
    // On an empty mailbox `1:*` is an error to some servers.
    if (before > 0) await this.#fetch(UidSet.ALL);
    let present = this.#observation.seen();
    // That a mailbox is empty now, of which we know messages, SEARCH must say.
    const doubtful = present.isEmpty &&
      (mailbox.disturbed || this.#observation.known.size > 0);
    if (doubtful || !isCount(mailbox, present.size, before)) {
      present = await this.#complete(present, 1);
    }
    return this.#changes((uid) => !present.has(uid));
  }

  /** What changed after `modSeq`; undefined: it cannot be told from there. */
  async since(
    mark: MailboxMark,
    modSeq: ModSeq,
  ): Promise<Changes | undefined> {
    const { mailbox } = this;
    const { result } = mailbox;
    // SELECT told it all (QRESYNC), if nothing happened since.
    // It knows nothing of labels.
    const told = mailbox.resyncedFrom === modSeq && !mailbox.disturbed &&
      this.options.labels === undefined;
    const before = mailbox.exists;
    if (told) result.changed.forEach(this.#observation.add);
    else if (mailbox.exists > 0) {
      const attempt = await this.#fetch(UidSet.ALL, modSeq);
      if (attempt instanceof ResponseError) return undefined;
      const { malformed, refusal } = attempt;
      if (malformed.length > 0 || refusal !== undefined) return undefined;
    }
    const seen = this.#observation.seen();
    const next = Math.max(mark.uidNext, mailbox.uidNext);
    const allCame = next === mark.uidNext ||
      seen.includes(UidSet.range(mark.uidNext, next - 1));
    // By the numbers of SELECT, since these are the next look's mark: what went
    // before it must be found now.
    const went = mark.messages + next - mark.uidNext - result.exists;
    const fresh = seen.intersection(UidSet.since(mark.uidNext)).size;
    const steady = isCount(mailbox, mark.messages + fresh, before);
    if (allCame && went === 0 && steady) return await this.#told(UidSet.EMPTY);
    if (allCame && told) {
      const vanished = result.vanished.difference(UidSet.since(mark.uidNext));
      if (vanished.size === went) return await this.#told(vanished);
    }
    // The numbers do not add up, or it was not told what went.
    const present = await this.#complete(seen, mark.uidNext);
    await this.#describe();
    return this.#changes((uid) => !present.has(uid));
  }

  /** The rows are complete, and these messages went. */
  async #told(vanished: UidSet): Promise<Changes> {
    this.#observation.forget(this.#observation.seen().intersection(vanished));
    await this.#describe();
    return this.#changes((uid) => vanished.has(uid));
  }

  /**
   * Asks SEARCH what there is, and FETCH for what of it, from the UID `from` up,
   * has not come. Returns what there is.
   */
  async #complete(seen: UidSet, from: number): Promise<UidSet> {
    const present = await allUids(this.mailbox, this.#execute);
    this.#observation.forget(seen.difference(present));
    const lacking = present.difference(seen)
      .intersection(UidSet.since(from));
    return present.difference(await this.#list(lacking));
  }

  /** QRESYNC and CHANGEDSINCE tell flags; a limit needs more of new messages. */
  async #describe(): Promise<void> {
    if (!this.options.details || this.mailbox.resyncedFrom === undefined) {
      return;
    }
    await this.#list(this.#observation.arrivals());
  }

  /** Fetches rows that must come. Returns those that went meanwhile. */
  async #list(uids: UidSet): Promise<UidSet> {
    let missing = UidSet.EMPTY;
    let refusal: ResponseError | undefined;
    for (const part of uids.split()) {
      const attempt = await this.#fetch(part);
      if (attempt instanceof ResponseError) refusal = attempt;
      const left = attempt instanceof ResponseError ? part : attempt.missing;
      missing = missing.union(left);
    }
    if (missing.isEmpty) return missing;
    const { mailbox } = this;
    const there = await stillThereNow(mailbox, missing, this.#execute);
    if (!there.isEmpty) {
      throw refusal ?? contradiction(
        mailbox,
        `the server has ${there.size} messages that it does not list`,
      );
    }
    this.#observation.forget(missing);
    return missing;
  }

  #fetch(uids: UidSet, changedSince?: ModSeq): Promise<FetchAttempt> {
    return tryFetch(this.mailbox.connection, {
      uids,
      items: this.#items,
      onRow: this.#observation.add,
      ...(changedSince === undefined ? {} : { changedSince }),
    }, this.#execute);
  }

  #changes(isGone: (uid: number) => boolean): Changes {
    const { exists, token } = this.mailbox;
    return this.#observation.changes(isGone, exists, token);
  }
}
