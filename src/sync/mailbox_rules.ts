/** By which rules a mailbox is synchronised. */
import type { AgeLimit } from "./age_floor.ts";
import type { Accepts } from "./limited.ts";
import type { Ref, Side } from "./types.ts";

/** The rules for one mailbox, as the configuration sets them. */
export interface MailboxRules {
  readonly readOnly: Readonly<Record<Side, boolean>>;
  readonly syncDeletes: Readonly<Record<Side, boolean>>;
  /** maxage, startdate and maxsize. @default everything is synchronised */
  readonly accepts?: Accepts;
  /** The same for messages that only one side has. @default `accepts` */
  readonly copies?: Accepts;
  /** maxage or startdate, for what lies beyond by date and not by UID. */
  readonly age?: AgeLimit;
  /** Never copied from a side (copy_ignore_eval). @default none */
  readonly ignored?: Readonly<Record<Side, ReadonlySet<Ref>>>;
  /**
   * Told how many messages are gone locally, and stay on the server since
   * `syncDeletes` says so.
   */
  readonly kept?: (count: number) => void;
  readonly restore: boolean;
  readonly dryRun: boolean;
  /** Go on after a new UIDVALIDITY although little was found again. */
  readonly acceptValidity: boolean;
  /** What shapes the view; other options make the tokens void. */
  readonly options: string;
}
