/** INTERNALDATE: a moment together with the zone that it is written in. */

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY_MS = 86_400_000;

/** A moment and how far east of UTC it is written. */
export interface InternalDate {
  /** Milliseconds since 1970; whole seconds. */
  readonly epochMs: number;
  /** Minutes east of UTC. */
  readonly zoneMinutes: number;
}

/** A date of the present moment in UTC, or of the given one. */
export function internalDateOf(date: Date = new Date()): InternalDate {
  return {
    epochMs: Math.floor(date.getTime() / 1000) * 1000,
    zoneMinutes: 0,
  };
}

/** `date-time` of RFC 3501 §9, without quotes: ` 7-Feb-1994 21:52:25 -0800`. */
export function parseInternalDate(text: string): InternalDate | undefined {
  const match =
    /^([ \d]\d|\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/
      .exec(text);
  if (match === null) return undefined;
  const month = monthIndex(match[2] ?? "");
  if (month < 0) return undefined;
  const zone = Number(match[8]) * 60 + Number(match[9]);
  const zoneMinutes = match[7] === "-" ? -zone : zone;
  const local = Date.UTC(
    Number(match[3]),
    month,
    Number(match[1]),
    Number(match[4]),
    Number(match[5]),
    Number(match[6]),
  );
  return { epochMs: local - zoneMinutes * 60_000, zoneMinutes };
}

/** The same form, the day padded with a blank. */
export function formatInternalDate(date: InternalDate): string {
  const local = new Date(date.epochMs + date.zoneMinutes * 60_000);
  const zone = Math.abs(date.zoneMinutes);
  const sign = date.zoneMinutes < 0 ? "-" : "+";
  return `${String(local.getUTCDate()).padStart(2)}-` +
    `${MONTHS[local.getUTCMonth()]}-` +
    `${String(local.getUTCFullYear()).padStart(4, "0")} ` +
    `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:` +
    `${two(local.getUTCSeconds())} ` +
    `${sign}${two(Math.floor(zone / 60))}${two(zone % 60)}`;
}

/** `date-text` of a SEARCH key as a day number since 1970. */
export function parseSearchDay(text: string): number | undefined {
  const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  if (match === null) return undefined;
  const month = monthIndex(match[2] ?? "");
  if (month < 0) return undefined;
  return Date.UTC(Number(match[3]), month, Number(match[1])) / DAY_MS;
}

/** The day of a date in its own zone: SEARCH ignores time and zone. */
export function dayOf(date: InternalDate): number {
  return Math.floor((date.epochMs + date.zoneMinutes * 60_000) / DAY_MS);
}

/** The day of a `Date:` header in its own zone, or undefined. */
export function dayOfHeaderDate(value: string): number | undefined {
  const match = /(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})/.exec(value);
  return match === null
    ? undefined
    : parseSearchDay(`${match[1]}-${match[2]}-${match[3]}`);
}

function monthIndex(name: string): number {
  return MONTHS.findIndex((m) => m.toLowerCase() === name.toLowerCase());
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
