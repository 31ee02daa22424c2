/** The vices: what a server does that no specification allows, or few do well. */
import type { Profile } from "./profile.ts";

/**
 * When a vice acts. Without any member: at every command that it concerns.
 * Conditions are joined by "and"; commands that do not match are not counted.
 */
export interface ViceWhen {
  /** Name as in the log (`UID FETCH`), or a pattern for it. */
  readonly command?: string | RegExp;
  /** The mailbox that the command names first, else the selected one. */
  readonly mailbox?: string;
  /** Number of the connection, from 1. */
  readonly connection?: number;
  /** Only the n-th matching command since the vice was added, from 1. */
  readonly nth?: number;
  /** From the n-th matching command on. */
  readonly from?: number;
  /** At most so many times. */
  readonly times?: number;
  /** Chance of each matching command, 0 to 1; repeatable by `seed`. */
  readonly probability?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** What each kind of vice does, by kind. */
export interface ViceKinds {
  /** The command is not executed and answered like this; BYE also hangs up. */
  refuse: { reply: "NO" | "BAD" | "BYE"; code?: string; text?: string };
  /** From its first command on, for some time, `NO [THROTTLED]`. */
  throttle: { forMs: number; code?: string };
  /** SELECT (or what `when` says) refers to another server. */
  referral: { url: string };
  /** The command waits so long before it is executed. */
  delay: { ms: number };

  /** The connection ends before the command is executed. */
  cutBefore: Record<never, never>;
  /** The command is executed, then the connection ends without its reply. */
  lostReply: { untaggedSent?: boolean };
  /** The command is executed and answered, then the connection ends. */
  cutAfter: Record<never, never>;
  /** The stream ends (or stalls) after so many bytes from the command's start. */
  cutReply: { afterBytes: number; action?: "cut" | "stall" };
  /** The same, counted from the greeting of each connection. */
  cutStream: { atByte: number; action?: "cut" | "stall" };
  /** The server falls silent for ever, the socket stays open. */
  stall: { at: "before" | "executed" | "after" | "literal" };

  /** Bytes that mean nothing, on a line of their own. */
  garbage: { bytes?: string; at?: "before" | "after" | "middle" };
  /** A line that never ends, until the client hangs up. */
  endlessLine: Record<never, never>;
  /** Raw untagged lines (without CRLF), true or not. */
  unsolicited: { lines: readonly string[]; at?: "before" | "after" | "middle" };
  /** EXPUNGE is announced during FETCH, STORE and SEARCH, too. */
  expungeAnywhere: Record<never, never>;

  /** Rows of these UIDs are left out of FETCH; all without `uids`. */
  dropRows: { uids?: readonly number[] };
  /** Rows come twice. */
  duplicateRows: { uids?: readonly number[] };
  /** Rows come in another order. */
  shuffleRows: { seed?: number };
  /** FLAGS and the body come in rows of their own. */
  splitRows: Record<never, never>;
  /** RFC822.SIZE lies. */
  lieSize: { uids?: readonly number[]; delta?: number; size?: number };
  /** Bodies are shorter or longer than RFC822.SIZE; the literal is well-formed. */
  lieBody: { uids?: readonly number[]; delta: number };
  /** The literal announces another length than follows: the stream derails. */
  lieLiteral: { uids?: readonly number[]; delta: number };
  /** Bodies as quoted strings instead of literals. */
  quotedBodies: Record<never, never>;
  /** Bodies are NIL. */
  nilBodies: { uids?: readonly number[] };

  /** SEARCH leaves these UIDs out; everything without `uids`. */
  searchOmits: { uids?: readonly number[] };
  /** SEARCH and FETCH know nothing, though EXISTS counts. */
  emptyListing: Record<never, never>;
  /** EXISTS 0, nothing listed, STATUS says 0: the whole mailbox seems empty. */
  emptiedView: Record<never, never>;
  /** EXISTS is this much larger than what is there. */
  existsMore: { by: number };
  /** VANISHED (EARLIER) names every UID there could be. */
  vanishAll: Record<never, never>;
  /** VANISHED (EARLIER) says nothing. */
  vanishNone: Record<never, never>;
  /** NOMODSEQ instead of HIGHESTMODSEQ, for all CONDSTORE that is advertised. */
  noModSeq: Record<never, never>;
  /** STATUS values as of the time the vice was first used. */
  staleStatus: Record<never, never>;
  /** These items of STATUS are left out. */
  dropStatusItems: { items: readonly string[] };

  /** APPENDUID and COPYUID are missing, wrong, or come with the next command. */
  appendUid: { how: "missing" | "wrong" | "late" };
  /** APPEND is refused for what holds the marker or is larger. */
  refuseAppend: { marker?: string; overBytes?: number; code?: string };
  /** APPEND says OK and stores nothing. */
  forgetAppend: Record<never, never>;

  /** Each new connection finds every mailbox with another UIDVALIDITY. */
  newUidValidity: { keepUids?: boolean };
  /** After login the server can do other things than it said before. */
  profileAfterLogin: { profile: Partial<Profile> };
  /** Capability names told or concealed, whatever is true. */
  advertise: { add?: readonly string[]; remove?: readonly string[] };

  /** Raw rows added to LIST (without CRLF). */
  listRows: { rows: readonly string[] };
  /** LIST leaves these out; all without `mailboxes`. */
  listOmits: { mailboxes?: readonly string[] };
  /** LIST gives NIL as the separator. */
  nilSeparator: Record<never, never>;
  /** LIST marks the mailbox. */
  listMarks: { mailbox: string; attributes: readonly string[] };
  /** SELECT, EXAMINE and STATUS of the mailbox are refused. */
  refuseSelect: { mailbox: string; code?: string };
}

/** A kind of vice. */
export type ViceKind = keyof ViceKinds;

/** One vice with its members and when it acts. */
export type Vice = {
  [K in ViceKind]:
    & { readonly kind: K; readonly when?: ViceWhen }
    & Readonly<
      ViceKinds[K]
    >;
}[ViceKind];

/** A vice of one kind. */
export type ViceOf<K extends ViceKind> = Extract<Vice, { kind: K }>;

/**
 * The commands that each kind concerns, where `when` names none; undefined for
 * every command. Kinds that are no matter of commands never look here.
 */
export const NATURAL_COMMANDS: {
  readonly [K in ViceKind]: RegExp | undefined;
} = {
  refuse: undefined,
  throttle: undefined,
  referral: /^(SELECT|EXAMINE)$/,
  delay: undefined,
  cutBefore: undefined,
  lostReply: undefined,
  cutAfter: undefined,
  cutReply: undefined,
  cutStream: undefined,
  stall: undefined,
  garbage: undefined,
  endlessLine: undefined,
  unsolicited: undefined,
  expungeAnywhere: undefined,
  dropRows: /FETCH$/,
  duplicateRows: /FETCH$/,
  shuffleRows: /FETCH$/,
  splitRows: /FETCH$/,
  lieSize: /FETCH$/,
  lieBody: /FETCH$/,
  lieLiteral: /FETCH$/,
  quotedBodies: /FETCH$/,
  nilBodies: /FETCH$/,
  searchOmits: /SEARCH$/,
  emptyListing: /(FETCH|SEARCH)$/,
  emptiedView: /^(SELECT|EXAMINE|STATUS|LIST)$/,
  existsMore: /^(SELECT|EXAMINE)$/,
  vanishAll: /^(SELECT|EXAMINE|UID FETCH)$/,
  vanishNone: /^(SELECT|EXAMINE|UID FETCH)$/,
  noModSeq: /^(SELECT|EXAMINE|STATUS|LIST)$/,
  staleStatus: /^(STATUS|LIST)$/,
  dropStatusItems: /^(STATUS|LIST)$/,
  appendUid: /^APPEND$|(COPY|MOVE)$/,
  refuseAppend: /^APPEND$/,
  forgetAppend: /^APPEND$/,
  newUidValidity: undefined,
  profileAfterLogin: undefined,
  advertise: undefined,
  listRows: /^(LIST|LSUB)$/,
  listOmits: /^(LIST|LSUB)$/,
  nilSeparator: /^(LIST|LSUB|NAMESPACE)$/,
  listMarks: /^LIST$/,
  refuseSelect: /^(SELECT|EXAMINE|STATUS|LIST)$/,
};
