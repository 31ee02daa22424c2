/** The values that travel on the wire. */
import type { Flags, Uid } from "../../sync/types.ts";

export type { Flags, Uid };

/** The validity value of a mailbox's UIDs (RFC 9051 §2.3.1.1), 1 to 2^32-1. */
export type UidValidity = number & { readonly __brand: "UidValidity" };

/** A mod-sequence: 63 bits, hence a bigint (RFC 7162 §7, `mod-sequence-value`). */
export type ModSeq = bigint;

/** The largest UID: 2^32-1. */
export const MAX_UID = 0xffffffff;

/** INTERNALDATE: a moment, and the zone that the server wrote it in. */
export interface InternalDate {
  /** Milliseconds since the epoch, whole seconds. */
  readonly epochMs: number;
  /** East of Greenwich, -1439 to 1439. */
  readonly zoneMinutes: number;
}

/** One mailbox of a LIST, LSUB or XLIST response (RFC 9051 §7.3.1). */
export interface ListResponse {
  readonly kind: "list";
  readonly command: "LIST" | "LSUB" | "XLIST";
  /** As sent: `\HasNoChildren`, `\Noselect`, `\Sent` ... */
  readonly attributes: readonly string[];
  /** Hierarchy delimiter; undefined (NIL) on a flat server. */
  readonly delimiter: string | undefined;
  /** The name on the wire, see `decodeText`; not decoded from UTF-7. */
  readonly name: string;
  /** RFC 9051 §6.3.9.7 `OLDNAME`: the name before a RENAME. */
  readonly oldName: string | undefined;
  /** RFC 5258 `CHILDINFO`: `SUBSCRIBED` ... */
  readonly childInfo: readonly string[];
}

/** The numbers of a STATUS response (RFC 9051 §7.3.4); absent ones undefined. */
export interface MailboxStatusResponse {
  readonly kind: "mailbox-status";
  /** The name on the wire. */
  readonly name: string;
  readonly messages: number | undefined;
  readonly recent: number | undefined;
  readonly unseen: number | undefined;
  readonly deleted: number | undefined;
  readonly uidNext: number | undefined;
  readonly uidValidity: UidValidity | undefined;
  /** RFC 7162 §3.1.7; 0 means that the mailbox keeps none. */
  readonly highestModSeq: ModSeq | undefined;
  /** Sum of RFC822.SIZE in bytes. */
  readonly sizeBytes: number | undefined;
  /** RFC 7889; undefined when absent or NIL. */
  readonly appendLimit: number | undefined;
  /** RFC 8474. */
  readonly mailboxId: string | undefined;
}

/** One namespace (RFC 2342). */
export interface Namespace {
  readonly prefix: string;
  readonly delimiter: string | undefined;
}
