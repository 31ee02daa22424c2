/** The words of the sync engine. They import nothing. */

/** The two sides of an account: an IMAP server and what mirrors it. */
export type Side = "remote" | "local";

/** Both sides, in the order in which they are asked and opened. */
export const SIDES: readonly Side[] = ["remote", "local"];

/** The side across. */
export function otherSide(side: Side): Side {
  return side === "remote" ? "local" : "remote";
}

/** A unique identifier of an IMAP message (RFC 9051 §2.3.1.1), 1 to 2^32-1. */
export type Uid = number & { readonly __brand: "Uid" };

/**
 * What a store calls one of its messages in one mailbox: a UID on IMAP, the
 * unique name (the file name before its info part) in a Maildir.
 */
export type Ref = string | number;

/** The row of a pair in the status. */
export type PairId = number & { readonly __brand: "PairId" };

/**
 * A set of IMAP flags and keywords in canonical form: sorted, joined by blanks,
 * `\Recent` left out. Two sets are equal when their texts are equal.
 */
export type Flags = string & { readonly __brand: "Flags" };

/** A message that both sides had when they last agreed. */
export interface Pair {
  readonly id: PairId;
  readonly remote: Ref;
  readonly local: Ref;
  /** The flags both agreed on: only such as both sides can hold. */
  readonly flags: Flags;
  /**
   * The side whose copy could only be marked `\Deleted`, not expunged, while the
   * other copy is gone: it must not come back. False: both are there.
   */
  readonly doomed: Side | false;
}

/** What a Maildir file's name says about where it came from. A hint, no proof. */
export interface Hint {
  /** The `U=` of the name. */
  readonly uid: number;
  /** True if the name says that it belongs to this very mailbox. */
  readonly here: boolean;
  /** The mailbox's mark in the name (`FMD5=`), lower-case hexadecimal. */
  readonly origin: string;
}

/** A message that one side has and the status does not know. */
export interface Arrival {
  readonly ref: Ref;
  readonly flags: Flags;
  /** Size with CRLF line ends as far as the store knows it cheaply. */
  readonly sizeBytes?: number;
  /** When the message was received, milliseconds since the epoch. */
  readonly internalDate?: number;
  readonly hint?: Hint;
}

/** A list of arrivals: an array, or what takes less memory. */
export interface Arrivals extends Iterable<Arrival> {
  readonly length: number;
  map<T>(convert: (arrival: Arrival) => T): T[];
  filter(keep: (arrival: Arrival) => boolean): Arrival[];
  some(is: (arrival: Arrival) => boolean): boolean;
}

/** A message that the status knows, with flags that differ from the agreed ones. */
export interface Reflagged {
  readonly pair: Pair;
  /** All flags that the side holds now. */
  readonly flags: Flags;
}

/** What one side of one mailbox did since the status was written. */
export interface Changes {
  readonly arrived: Arrivals;
  readonly reflagged: readonly Reflagged[];
  /** Pairs whose message was not seen. One proof, not two. */
  readonly gone: readonly Pair[];
  /** Number of messages that the side holds now. */
  readonly total: number;
  /**
   * Stands for this state of the side; equal tokens mean that nothing changed.
   * Undefined when the state is too young, or the server too old, to be trusted.
   */
  readonly token: string | undefined;
}

/** Nothing changed. */
export function noChanges(total: number, token: string | undefined): Changes {
  return { arrived: [], reflagged: [], gone: [], total, token };
}

/** What tells a message from another without its UID. */
export interface Identity {
  readonly ref: Ref;
  /**
   * The Message-ID without surrounding blanks, else a digest of the header
   * (prefixed by `sha256:`).
   */
  readonly key: string;
  /** Size with CRLF line ends. */
  readonly sizeBytes: number;
  /** Milliseconds since the epoch, if known. */
  readonly internalDate?: number;
}
