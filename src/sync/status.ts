/**
 * What the engine asks of the status: what both sides agreed on at the last sync.
 * SQLite and memory implement it.
 */
import type { Flags, Pair, PairId, Ref, Side } from "./types.ts";

/**
 * What the status knows about one side of a mailbox: an index of its pairs.
 * Sorted by ref for numbers; stores only look at their own side.
 */
export interface Known {
  readonly size: number;
  /** The pair of `ref`, undefined for an unknown one. */
  find(ref: Ref): Pair | undefined;
  /** The flags of `ref`'s pair, which is not made for it. */
  flagsOf(ref: Ref): Flags | undefined;
  /** What the messages of all pairs are called on this side; their order. */
  refs(): Iterable<Ref>;
  /** All pairs, ascending by a numeric ref. */
  pairs(): Iterable<Pair>;
}

/** What the status knows of a mailbox that was never synchronised. */
export const NOTHING_KNOWN: Known = {
  size: 0,
  find: () => undefined,
  flagsOf: () => undefined,
  refs: () => [],
  pairs: () => [],
};

/** An upload that was begun and whose end is not known. */
export interface Intent {
  /** The message on the side it comes from. */
  readonly ref: Ref;
  /** The side it goes to. */
  readonly to: Side;
  /** Its new ref will be this or above. */
  readonly nextRef: number;
  /** The validity that `nextRef` belongs to. */
  readonly validity: number;
  /** The server accepted it, only its new ref is unknown. */
  readonly sent: boolean;
}

/**
 * A message that a side refused for good, not to be tried on every run; or, with
 * `UNFETCHABLE_CODE` for a reason, one that its own side does not give.
 */
export interface Refusal {
  readonly ref: Ref;
  readonly from: Side;
  readonly reason: string;
}

/** One change of the status. */
export type Mutation =
  | {
    readonly kind: "pair";
    readonly remote: Ref;
    readonly local: Ref;
    readonly flags: Flags;
  }
  | { readonly kind: "flags"; readonly id: PairId; readonly flags: Flags }
  /** The local message has a new ref. Ends a doom. */
  | { readonly kind: "rebind"; readonly id: PairId; readonly local: Ref }
  /** The copy `on` that side is only marked, the other one is gone. */
  | { readonly kind: "doom"; readonly id: PairId; readonly on: Side }
  | { readonly kind: "forget"; readonly id: PairId }
  | { readonly kind: "intend"; readonly intent: Intent }
  | { readonly kind: "settle"; readonly to: Side; readonly ref: Ref }
  | { readonly kind: "refuse"; readonly refusal: Refusal }
  | {
    readonly kind: "done";
    readonly remoteToken: string | undefined;
    readonly localToken: string | undefined;
    /** What shaped the view (filters); other options make the tokens void. */
    readonly options: string;
  }
  | {
    readonly kind: "validity";
    readonly remote: number;
    readonly local: number;
  };

/** What the status holds about one mailbox pair beside its messages. */
export interface MailboxStatus {
  /** UIDVALIDITYs of the last sync; undefined before the first. */
  readonly remoteValidity: number | undefined;
  readonly localValidity: number | undefined;
  readonly remoteToken: string | undefined;
  readonly localToken: string | undefined;
  readonly options: string | undefined;
  /** Number of pairs, without loading them. */
  readonly size: number;
}

/** The agreed state of one mailbox pair, in memory. */
export interface Base {
  /** Without pairs that are doomed on the other side: that copy is gone. */
  readonly remote: Known;
  /** The same of the local side. */
  readonly local: Known;
  /** All pairs. */
  readonly size: number;
}

/** The status of one mailbox pair. Calls are synchronous: it is SQLite. */
export interface MailboxState {
  status(): MailboxStatus;
  load(): Base;
  intents(): readonly Intent[];
  refusals(): readonly Refusal[];
  /**
   * Applies all or nothing, in order, in one transaction that is on disk when
   * this returns (with `fsync`).
   */
  commit(mutations: readonly Mutation[]): void;
}

/** The status of a whole account. */
export interface AccountState {
  /** The status of one pair, made on the first commit. Names are the stores' own. */
  mailbox(remote: string, local: string): MailboxState;
  /** Everything that is known of all pairs but their messages, in one read. */
  statuses(): Iterable<PairStatus>;
}

/** One row of {@link AccountState.statuses}. */
export interface PairStatus extends MailboxStatus {
  readonly remote: string;
  readonly local: string;
  /** Intents that are not settled: the mailbox must be looked at. */
  readonly unsettled: number;
}
