/** Which messages are synchronised: maxage, startdate, maxsize. */
import type { AccountConfig, DateOrDays } from "../config/config.ts";
import type { AgeLimit } from "../sync/age_floor.ts";
import type { Arrival, Side } from "../sync/types.ts";

/** What decides about a message. */
export interface Limits {
  /** Messages received before this are left alone; ms since the epoch. */
  readonly oldest: number | undefined;
  /** `oldest` is a maxage: files that were just put there count, whatever their age. */
  readonly takesNewFiles: boolean;
  /** Largest size in bytes, with CRLF line ends. */
  readonly largest: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * The limits of an account at a time.
 *
 * They are about copying and deleting: beyond them a message that one side lost
 * stays on the other. OfflineIMAP decided anew on each side and took what only
 * one of them hid for deleted on the other; here a pair is seen whole. Flags of a
 * message that both sides have stay in step, whatever its age and size.
 */
export function limitsOf(account: AccountConfig, nowMs: number): Limits {
  const dates = [
    account.maxAge === undefined ? undefined : cutoff(account.maxAge, nowMs),
    dateMs(account.remote.startDate),
    dateMs(account.local.startDate),
  ].filter((date) => date !== undefined);
  return {
    oldest: dates.length === 0 ? undefined : Math.max(...dates),
    takesNewFiles: account.maxAge !== undefined,
    largest: account.maxSizeBytes,
  };
}

/** The first day whose messages count: OfflineIMAP's `SINCE`, in UTC. */
function cutoff(age: DateOrDays, nowMs: number): number | undefined {
  if (age.kind === "date") return dateMs(age.date);
  const first = nowMs - (age.days - 1) * DAY_MS;
  return Math.floor(first / DAY_MS) * DAY_MS;
}

function dateMs(date: string | undefined): number | undefined {
  return date === undefined ? undefined : Date.parse(`${date}T00:00:00Z`);
}

/** The age limit; undefined: there is none. @param startUid See `startUid()`. */
export function ageLimit(
  { oldest }: Limits,
  startUid: number | undefined,
): AgeLimit | undefined {
  if (oldest === undefined) return undefined;
  return {
    oldest,
    ...(startUid === undefined ? {} : { first: { remote: startUid } }),
  };
}

/** Whether there are limits, for which size and date must be known. */
export function needDetails({ oldest, largest }: Limits): boolean {
  return oldest !== undefined || largest !== undefined;
}

/**
 * Whether a message that only `side` has is copied. As in OfflineIMAP, maxage does
 * not keep back a file that bears no UID of its mailbox: somebody has just put it
 * there, whatever its date says. startdate does, or the first run would send what
 * is to be left alone.
 */
export function isCopied(
  limits: Limits,
  side: Side,
  arrival: Arrival,
): boolean {
  const isNew = limits.takesNewFiles && side === "local" &&
    typeof arrival.ref === "string" &&
    arrival.hint?.here !== true;
  return isWithin(
    isNew ? { ...limits, oldest: undefined } : limits,
    side,
    arrival,
  );
}

/** Whether a message on `side` is synchronised. What is not known is no reason. */
export function isWithin(
  { oldest, largest }: Limits,
  side: Side,
  { sizeBytes, internalDate }: Arrival,
): boolean {
  if (oldest !== undefined && internalDate !== undefined) {
    if (internalDate < oldest) return false;
  }
  if (largest === undefined || sizeBytes === undefined) return true;
  // OfflineIMAP: SMALLER on the server, "not larger" in the Maildir.
  return side === "remote" ? sizeBytes < largest : sizeBytes <= largest;
}
