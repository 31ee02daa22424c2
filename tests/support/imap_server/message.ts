/** One stored message. */
import type { InternalDate } from "./internal_date.ts";
import { type HeaderField, parseHeader, splitMessage } from "./header.ts";

/** What a message needs at birth. */
export interface MessageFields {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly internalDate: InternalDate;
  readonly source: Uint8Array;
  readonly modSeq: bigint;
  readonly emailId: string;
}

/**
 * A message in one mailbox. Source, UID and date never change; flags and
 * MODSEQ do, through the mailbox alone.
 */
export class Message {
  readonly uid: number;
  readonly internalDate: InternalDate;
  readonly source: Uint8Array;
  readonly emailId: string;
  flags: readonly string[];
  modSeq: bigint;
  /** Expunged, but perhaps still in the view of a session. */
  gone = false;
  #header: readonly HeaderField[] | undefined;

  constructor(fields: MessageFields) {
    this.uid = fields.uid;
    this.flags = fields.flags;
    this.internalDate = fields.internalDate;
    this.source = fields.source;
    this.modSeq = fields.modSeq;
    this.emailId = fields.emailId;
  }

  /** Fields of the header, in order; read once. */
  get header(): readonly HeaderField[] {
    this.#header ??= parseHeader(splitMessage(this.source).header);
    return this.#header;
  }

  /** The first value of a field, unfolded; undefined where there is none. */
  headerValue(name: string): string | undefined {
    const key = name.toLowerCase();
    return this.header.find((field) => field.key === key)?.value;
  }
}
