/** One open mailbox of an IMAP server, as the engine sees it. */
import type {
  Failure,
  FetchOptions,
  FlagChange,
  Mailbox,
  Message,
  Removed,
} from "../../sync/ports.ts";
import type { Known } from "../../sync/status.ts";
import type { Changes, Identity, Ref } from "../../sync/types.ts";
import { isLabel } from "../../sync/labels.ts";
import { noop } from "../command/noop.ts";
import { search } from "../command/search.ts";
import { calendarDateOf } from "../wire/date_time.ts";
import { UidSet } from "../wire/uid_set.ts";
import { isFlag } from "../wire/encoder.ts";
import { canMove, changeFlags, couldMove, moveMessages } from "./change.ts";
import { type Trash, trashMessages } from "./trash.ts";
import { describe, hasGmailIds } from "./describe.ts";
import { fetchMessages } from "./download.ts";
import { identify } from "./identify.ts";
import { type HiddenFields, withoutFields } from "./hidden_fields.ts";
import type { GmailLabels } from "./labels.ts";
import { observe } from "./observe.ts";
import { absentOf } from "./presence.ts";
import { removeMessages } from "./removal.ts";
import type { SelectedMailbox } from "./selected.ts";
import { uidsOf } from "./uids_of.ts";
import { Uploads } from "./upload.ts";

/** What a mailbox needs to know of its store. */
export interface MailboxRules {
  /** Size and date of new messages are asked for: a limit needs them. */
  readonly details: boolean;
  /** `expunge = no` only marks. */
  readonly expunge: boolean;
  /** Where deleted messages go (Gmail). @default they are expunged */
  readonly trash?: Trash | undefined;
  /** Messages are asked for the names that Gmail has for them. */
  readonly gmail?: boolean;
  /** Labels are synchronised as flags are. */
  readonly labels?: GmailLabels | undefined;
  /** Fields that messages leave this server without. @default none */
  readonly hidden?: HiddenFields | undefined;
  /** The name on the wire of a mailbox of this store. */
  readonly wireName: (name: string) => string;
}

/** A mailbox on a connection of its own until it is disposed of. */
export class ImapMailbox implements Mailbox {
  readonly name: string;
  readonly validity: number;
  readonly nextRef: number;
  readonly refBound: number | undefined;
  readonly readOnly: boolean;
  readonly move: Mailbox["move"];
  readonly couldMove: boolean;
  readonly describe: Mailbox["describe"];
  readonly #permanent: ReadonlySet<string> | undefined;
  readonly #uploads: Uploads;

  constructor(
    readonly selected: SelectedMailbox,
    readonly rules: MailboxRules,
  ) {
    const { request, result } = selected;
    this.name = request.name;
    this.validity = selected.validity;
    this.nextRef = selected.uidNext;
    this.refBound = result.uidNext;
    this.readOnly = result.readOnly;
    this.#permanent = permanentFlags(selected);
    this.#uploads = new Uploads(selected);
    this.describe = rules.gmail === true && hasGmailIds(selected)
      ? (refs) => describe(selected, refs, rules.labels)
      : undefined;
    this.couldMove = couldMove(selected);
    this.move = canMove(selected)
      ? (refs, to) => moveMessages(selected, refs, rules.wireName(to))
      : undefined;
  }

  /**
   * RFC 9051 §7.1: what is not in PERMANENTFLAGS is gone with the session. What
   * is no atom cannot even be sent.
   */
  canHold(flag: string): boolean {
    if (isLabel(flag)) return this.rules.labels?.canHold(flag) === true;
    const permanent = this.#permanent;
    if (permanent === undefined) return isFlag(flag);
    if (permanent.has(flag.toLowerCase())) return true;
    return !flag.startsWith("\\") && permanent.has("\\*") && isFlag(flag);
  }

  observe(
    known: Known,
    since: string | undefined,
    signal?: AbortSignal,
  ): Promise<Changes> {
    const { details, labels } = this.rules;
    return observe(this.selected, known, since, { details, labels, signal });
  }

  async confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>> {
    const absent = await absentOf(this.selected, uidsOf(refs));
    return new Set(
      refs.filter((ref) => typeof ref !== "number" || absent.has(ref)),
    );
  }

  async refsFrom(next: number): Promise<Ref[]> {
    const { connection } = this.selected;
    // What others brought, or another connection of ours, is seen after this.
    await connection.execute(noop());
    const { uids } = await connection.execute(
      search({ uids: UidSet.since(Math.max(1, next)) }),
    );
    // `n:*` means the last message even when it is below n.
    return [...uids ?? []].filter((uid) => uid >= next);
  }

  /** By the day in the zone that the server keeps with each message (SINCE). */
  async firstSince(dateMs: number): Promise<number | undefined> {
    const since = calendarDateOf(dateMs);
    const wanted = { return: ["MIN"] } as const;
    const { connection } = this.selected;
    return (await connection.execute(search({ since }, wanted))).min;
  }

  identify(refs: readonly Ref[]): AsyncIterable<Identity> {
    return identify(this.selected, refs, this.rules.hidden);
  }

  fetch(
    refs: readonly Ref[],
    consume: (message: Message) => Promise<void>,
    options: FetchOptions,
  ): Promise<Failure[]> {
    const { labels, hidden } = this.rules;
    const take = hidden === undefined ? consume : async (message: Message) => {
      const body = await withoutFields(message.body, hidden);
      await consume({ ...message, body });
    };
    return fetchMessages(this.selected, refs, take, options, labels);
  }

  append(message: Message): Promise<Ref | undefined> {
    return this.#uploads.append(message);
  }

  changeFlags(
    changes: readonly FlagChange[],
  ): Promise<Failure[]> {
    return changeFlags(this.selected, changes);
  }

  remove(refs: readonly Ref[]): Promise<Removed> {
    const { expunge, trash } = this.rules;
    return trash === undefined
      ? removeMessages(this.selected, refs, expunge)
      : trashMessages(this.selected, refs, trash);
  }

  /** The server has what it said OK to. */
  async flush(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    this.selected[Symbol.dispose]();
    return Promise.resolve();
  }
}

/**
 * In lower case; undefined: everything can be kept, or nothing will be stored
 * here, and then the other side decides.
 */
function permanentFlags(
  { result }: SelectedMailbox,
): ReadonlySet<string> | undefined {
  if (result.readOnly || result.permanentFlags === undefined) return undefined;
  return new Set(result.permanentFlags.map((flag) => flag.toLowerCase()));
}
