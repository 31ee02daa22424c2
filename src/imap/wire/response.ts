/** What a server can say, as one union of plain values. */
import type { FetchRow } from "./fetch_row.ts";
import type {
  ListResponse,
  MailboxStatusResponse,
  ModSeq,
  Namespace,
  Uid,
  UidValidity,
} from "./types.ts";
import type { UidSet } from "./uid_set.ts";

/** Response codes that are a word alone (RFC 9051 §7.1, RFC 5530, others). */
export const WORD_CODES = [
  "ALERT",
  "ALREADYEXISTS",
  "AUTHENTICATIONFAILED",
  "AUTHORIZATIONFAILED",
  "CANNOT",
  "CLIENTBUG",
  "CLOSED",
  "COMPRESSIONACTIVE",
  "CONTACTADMIN",
  "CORRUPTION",
  "EXPIRED",
  "EXPUNGEISSUED",
  "HASCHILDREN",
  "INUSE",
  "LIMIT",
  "NOMODSEQ",
  "NONEXISTENT",
  "NOPERM",
  "NOTIFICATIONOVERFLOW",
  "OVERQUOTA",
  "PARSE",
  "PRIVACYREQUIRED",
  "READ-ONLY",
  "READ-WRITE",
  "SERVERBUG",
  "THROTTLED",
  "TOOBIG",
  "TRYCREATE",
  "UIDNOTSTICKY",
  "UNAVAILABLE",
  "UNKNOWN-CTE",
] as const;

/** One of {@link WORD_CODES}. */
export type WordCode = typeof WORD_CODES[number];

/** `resp-text-code` (RFC 9051 §7.1). */
export type ResponseCode =
  /** `text` is what followed the word in the brackets, mostly nothing. */
  | { readonly name: WordCode; readonly text: string }
  | { readonly name: "UIDVALIDITY"; readonly uidValidity: UidValidity }
  | { readonly name: "UIDNEXT"; readonly uidNext: Uid }
  | { readonly name: "UNSEEN"; readonly seq: number }
  | { readonly name: "HIGHESTMODSEQ"; readonly modSeq: ModSeq }
  | { readonly name: "PERMANENTFLAGS"; readonly flags: readonly string[] }
  /** RFC 4315 §3; several UIDs after MULTIAPPEND. */
  | {
    readonly name: "APPENDUID";
    readonly uidValidity: UidValidity;
    readonly uids: UidSet;
  }
  | ({ readonly name: "COPYUID" } & CopyUid)
  /** RFC 7162 §3.1.3: UIDs (we only use UID commands) that STORE left alone. */
  | { readonly name: "MODIFIED"; readonly uids: UidSet }
  | { readonly name: "CAPABILITY"; readonly capabilities: readonly string[] }
  | { readonly name: "BADCHARSET"; readonly charsets: readonly string[] }
  /** RFC 8474 §4. */
  | { readonly name: "MAILBOXID"; readonly mailboxId: string }
  /** Any other, or a known one with arguments that make no sense. */
  | { readonly name: "OTHER"; readonly atom: string; readonly text: string };

/**
 * Where copies went (RFC 4315 §3). Both lists hold first and last of ranges in
 * turn, in the order that the server gave them, and the n-th UID of one belongs
 * to the n-th of the other; see `pairCopyUid`.
 */
export interface CopyUid {
  readonly uidValidity: UidValidity;
  readonly source: readonly number[];
  readonly destination: readonly number[];
}

/** `response-tagged`: the end of a command. */
export interface TaggedResponse {
  readonly kind: "tagged";
  readonly tag: string;
  readonly status: "OK" | "NO" | "BAD";
  readonly code: ResponseCode | undefined;
  /** For humans, without the code. */
  readonly text: string;
}

/** `resp-cond-state` and the like: an untagged OK, NO, BAD, BYE or PREAUTH. */
export interface StatusResponse {
  readonly kind: "status";
  readonly status: "OK" | "NO" | "BAD" | "BYE" | "PREAUTH";
  readonly code: ResponseCode | undefined;
  readonly text: string;
}

/** `continue-req`: go on with a literal, or a SASL challenge. */
export interface ContinuationResponse {
  readonly kind: "continuation";
  readonly text: string;
}

/** `SEARCH` (RFC 9051 appendix, RFC 7162 §3.1.5). UIDs, as we only ask for those. */
export interface SearchResponse {
  readonly kind: "search";
  readonly uids: UidSet;
  readonly modSeq: ModSeq | undefined;
}

/** `ESEARCH` (RFC 9051 §7.3.4, RFC 4731). */
export interface EsearchResponse {
  readonly kind: "esearch";
  /** The tag of the command it answers. */
  readonly tag: string | undefined;
  /** Whether the numbers are UIDs. */
  readonly isUid: boolean;
  readonly all: UidSet | undefined;
  readonly count: number | undefined;
  readonly min: Uid | undefined;
  readonly max: Uid | undefined;
  readonly modSeq: ModSeq | undefined;
}

/** `VANISHED` (RFC 7162 §3.2.10). */
export interface VanishedResponse {
  readonly kind: "vanished";
  /** An answer to QRESYNC or a FETCH, not news: sequence numbers do not shift. */
  readonly earlier: boolean;
  readonly uids: UidSet;
}

/** `NAMESPACE` (RFC 2342 §5). */
export interface NamespaceResponse {
  readonly kind: "namespace";
  readonly personal: readonly Namespace[];
  readonly others: readonly Namespace[];
  readonly shared: readonly Namespace[];
}

/** Any response without a tag but `+`. */
export type UntaggedResponse =
  | StatusResponse
  | FetchRow
  | ListResponse
  | MailboxStatusResponse
  | SearchResponse
  | EsearchResponse
  | VanishedResponse
  | NamespaceResponse
  | { readonly kind: "capability"; readonly capabilities: readonly string[] }
  | { readonly kind: "enabled"; readonly capabilities: readonly string[] }
  | { readonly kind: "flags"; readonly flags: readonly string[] }
  | { readonly kind: "exists"; readonly count: number }
  | { readonly kind: "recent"; readonly count: number }
  | { readonly kind: "expunge"; readonly seq: number }
  /** RFC 2971; undefined for NIL. Names in lower case. */
  | {
    readonly kind: "id";
    readonly fields: ReadonlyMap<string, string | undefined>;
  }
  /** A response of an extension that we do not use; well framed, not read. */
  | { readonly kind: "other"; readonly name: string; readonly text: string };

/** `response`: all that a server sends. */
export type Response = TaggedResponse | ContinuationResponse | UntaggedResponse;
