/** What a SEARCH looks for, and how that is written. */
import { type CalendarDate, formatSearchDate } from "../wire/date_time.ts";
import type { CommandEncoder } from "../wire/encoder.ts";
import type { ModSeq } from "../wire/types.ts";
import type { UidSet } from "../wire/uid_set.ts";

/** All that is given must hold; nothing given: all messages (RFC 9051 §6.4.4). */
export interface SearchCriteria {
  readonly uids?: UidSet;
  readonly answered?: boolean;
  readonly deleted?: boolean;
  readonly draft?: boolean;
  readonly flagged?: boolean;
  readonly seen?: boolean;
  /** Has all of these keywords. */
  readonly keywords?: readonly string[];
  /** INTERNALDATE's day, as the server's zone has it, is this or later. */
  readonly since?: CalendarDate;
  /** INTERNALDATE's day is earlier. */
  readonly before?: CalendarDate;
  readonly on?: CalendarDate;
  /** As {@link since}, by the Date header. */
  readonly sentSince?: CalendarDate;
  readonly sentBefore?: CalendarDate;
  /** RFC822.SIZE is more than this many bytes. */
  readonly larger?: number;
  readonly smaller?: number;
  /** The header's field holds this text, case-insensitive; "" for: is there. */
  readonly headers?: readonly (readonly [field: string, text: string])[];
  /** Changed at or after this (RFC 7162 §3.1.5). */
  readonly modSeq?: ModSeq;
  /** RFC 8474. */
  readonly emailId?: string;
  readonly gmailMessageId?: string;
  /** Gmail's own search language. */
  readonly gmailRaw?: string;
  /** None of these holds. */
  readonly not?: readonly SearchCriteria[];
  /** One of the two holds. */
  readonly or?: readonly [SearchCriteria, SearchCriteria];
  /** As typed by the user: sent as it is. Printable ASCII. */
  readonly raw?: string;
}

/** Writes the keys of a search, separated by blanks, at least one. */
export function encodeCriteria(
  to: CommandEncoder,
  criteria: SearchCriteria,
): void {
  let first = true;
  for (const write of keysOf(criteria)) {
    if (!first) to.text(" ");
    first = false;
    write(to);
  }
  if (first) to.text("ALL");
}

/** Whether any text needs `CHARSET UTF-8`. */
export function needsCharset(criteria: SearchCriteria): boolean {
  const texts = [
    ...(criteria.headers ?? []).map(([, text]) => text),
    criteria.gmailRaw ?? "",
  ];
  return texts.some((text) => /[^\x00-\x7f]/.test(text)) ||
    [...criteria.not ?? [], ...criteria.or ?? []].some(needsCharset);
}

type Write = (to: CommandEncoder) => void;

function* keysOf(criteria: SearchCriteria): Generator<Write> {
  const { uids, larger, smaller, modSeq } = criteria;
  if (uids !== undefined) yield (to) => to.text("UID ").uids(uids);
  for (const flag of FLAGS) {
    const wanted = criteria[flag];
    if (wanted === undefined) continue;
    yield (to) => to.text((wanted ? "" : "UN") + flag.toUpperCase());
  }
  for (const keyword of criteria.keywords ?? []) {
    yield (to) => to.text("KEYWORD ").astring(keyword);
  }
  for (const [name, key] of DATES) {
    const date = criteria[name];
    if (date !== undefined) {
      yield (to) => to.text(`${key} ${formatSearchDate(date)}`);
    }
  }
  if (larger !== undefined) yield (to) => to.text("LARGER ").number(larger);
  if (smaller !== undefined) yield (to) => to.text("SMALLER ").number(smaller);
  for (const [field, text] of criteria.headers ?? []) {
    yield (to) => to.text("HEADER ").astring(field).text(" ").string(text);
  }
  if (modSeq !== undefined) yield (to) => to.text("MODSEQ ").number(modSeq);
  yield* idsOf(criteria);
  for (const not of criteria.not ?? []) {
    yield (to) => encodeGroup(to.text("NOT "), not);
  }
  const { or, raw } = criteria;
  if (or !== undefined) {
    yield (to) => {
      encodeGroup(to.text("OR "), or[0]);
      encodeGroup(to.text(" "), or[1]);
    };
  }
  if (raw !== undefined) yield (to) => to.text(raw);
}

function* idsOf(criteria: SearchCriteria): Generator<Write> {
  const { emailId, gmailMessageId, gmailRaw } = criteria;
  if (emailId !== undefined) {
    yield (to) => to.text("EMAILID ").astring(emailId);
  }
  if (gmailMessageId !== undefined) {
    yield (to) => to.text("X-GM-MSGID ").astring(gmailMessageId);
  }
  if (gmailRaw !== undefined) {
    yield (to) => to.text("X-GM-RAW ").string(gmailRaw);
  }
}

const FLAGS = ["answered", "deleted", "draft", "flagged", "seen"] as const;

const DATES = [
  ["since", "SINCE"],
  ["before", "BEFORE"],
  ["on", "ON"],
  ["sentSince", "SENTSINCE"],
  ["sentBefore", "SENTBEFORE"],
] as const;

function encodeGroup(to: CommandEncoder, criteria: SearchCriteria): void {
  to.text("(");
  encodeCriteria(to, criteria);
  to.text(")");
}
