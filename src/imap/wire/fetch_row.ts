/** One row of a FETCH response. */
import type { Flags, InternalDate, ModSeq, Uid } from "./types.ts";

/** A body, a part of one, or some of its header. */
export interface BodyItem {
  /** Normalised, without origin: `BODY[]`, `BODY[HEADER.FIELDS (DATE)]`, `RFC822`. */
  readonly section: string;
  /** First octet, for a partial fetch. */
  readonly origin: number | undefined;
  /** `nil`: no such part. A body that did not come as a literal is suspect. */
  readonly form: "atom" | "quoted" | "literal" | "nil";
  readonly size: number;
  /** The bytes, unless they were streamed, not wanted, or NIL. */
  readonly bytes: Uint8Array | undefined;
  /** Who got the bytes that were streamed. */
  readonly receiver: unknown;
}

/**
 * What a server said of one message (RFC 9051 §7.5.2, `msg-att`). What it did
 * not say is undefined. A row may be news that nobody asked for.
 */
export interface FetchRow {
  readonly kind: "fetch";
  readonly seq: number;
  readonly uid: Uid | undefined;
  /** Canonical; equal lists are the same string. `\Recent` is left out. */
  readonly flags: Flags | undefined;
  readonly modSeq: ModSeq | undefined;
  readonly internalDate: InternalDate | undefined;
  /** RFC822.SIZE in bytes. */
  readonly sizeBytes: number | undefined;
  /** RFC 8474. */
  readonly emailId: string | undefined;
  /** RFC 8474. */
  readonly threadId: string | undefined;
  /** X-GM-MSGID, a decimal number of 64 bits. */
  readonly gmailMessageId: string | undefined;
  /** X-GM-THRID, a decimal number of 64 bits. */
  readonly gmailThreadId: string | undefined;
  /** X-GM-LABELS as on the wire: `\Inbox`, `Work`, names in modified UTF-7. */
  readonly gmailLabels: readonly string[] | undefined;
  readonly bodies: readonly BodyItem[];
  /** Names of items that we do not read, and of ones with senseless values. */
  readonly others: readonly string[];
}

const NONE: readonly never[] = Object.freeze([]);

/** A row while it is read. All fields are there from the start: it is faster. */
export class FetchRowDraft implements FetchRow {
  readonly kind = "fetch";
  readonly seq: number;
  uid: Uid | undefined = undefined;
  flags: Flags | undefined = undefined;
  modSeq: ModSeq | undefined = undefined;
  internalDate: InternalDate | undefined = undefined;
  sizeBytes: number | undefined = undefined;
  emailId: string | undefined = undefined;
  threadId: string | undefined = undefined;
  gmailMessageId: string | undefined = undefined;
  gmailThreadId: string | undefined = undefined;
  gmailLabels: readonly string[] | undefined = undefined;
  bodies: readonly BodyItem[] = NONE;
  others: readonly string[] = NONE;

  constructor(seq: number) {
    this.seq = seq;
  }
}

/** One row of two about the same message: what `b` says, else what `a` said. */
export function mergeRows(a: FetchRow, b: FetchRow): FetchRow {
  const row = new FetchRowDraft(b.seq);
  row.uid = b.uid ?? a.uid;
  row.flags = b.flags ?? a.flags;
  row.modSeq = b.modSeq ?? a.modSeq;
  row.internalDate = b.internalDate ?? a.internalDate;
  row.sizeBytes = b.sizeBytes ?? a.sizeBytes;
  row.emailId = b.emailId ?? a.emailId;
  row.threadId = b.threadId ?? a.threadId;
  row.gmailMessageId = b.gmailMessageId ?? a.gmailMessageId;
  row.gmailThreadId = b.gmailThreadId ?? a.gmailThreadId;
  row.gmailLabels = b.gmailLabels ?? a.gmailLabels;
  row.bodies = [...a.bodies, ...b.bodies];
  row.others = [...a.others, ...b.others];
  return row;
}
