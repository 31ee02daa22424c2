/** Dates of the protocol: INTERNALDATE and the days of a SEARCH. */
import type { InternalDate } from "./types.ts";

const MONTHS = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];

const MONTH_NUMBERS: ReadonlyMap<string, number> = new Map(
  MONTHS.map((name, at) => [name, at + 1]),
);

/** A day, without time or zone, as SEARCH compares them. */
export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/**
 * Reads ` 5-Feb-2026 03:04:05 -0330` (RFC 9051 §9, `date-time` without its
 * quotes); the day may lack its blank, as some servers send it.
 *
 * By position, without a pattern or a `Date`: a listing has one in every row,
 * and this takes a tenth of the time.
 * @returns Undefined when it is no such date, or none of the calendar.
 */
export function parseInternalDate(text: string): InternalDate | undefined {
  const dash = text.charCodeAt(1) === HYPHEN ? 1 : 2;
  if (text.length !== dash + 24 || !hasMarks(text, dash)) return undefined;
  const day = dash === 2 && text.charCodeAt(0) === BLANK
    ? digits(text, 1, 2)
    : digits(text, 0, dash);
  const month = monthOf(text.slice(dash + 1, dash + 4));
  const year = digits(text, dash + 5, dash + 9);
  const hour = digits(text, dash + 10, dash + 12);
  const minute = digits(text, dash + 13, dash + 15);
  const second = digits(text, dash + 16, dash + 18);
  const zoneHour = digits(text, dash + 20, dash + 22);
  const zoneMinute = digits(text, dash + 22, dash + 24);
  // 60 is a leap second; the epoch has none, it becomes the next minute.
  // A NaN fails each of these.
  const isTime = hour <= 23 && minute <= 59 && second <= 60 &&
    zoneHour <= 23 && zoneMinute <= 59;
  if (!isTime || !isDay({ year, month, day })) return undefined;
  const size = zoneHour * 60 + zoneMinute;
  const west = text.charCodeAt(dash + 19) === HYPHEN && size > 0;
  const zoneMinutes = west ? -size : size;
  const minutes = (daysTo(year, month, day) * 24 + hour) * 60 + minute;
  return {
    epochMs: ((minutes - zoneMinutes) * 60 + second) * 1000,
    zoneMinutes,
  };
}

const BLANK = 0x20;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const COLON = 0x3a;

/** Whether all that is neither digit nor letter is where it belongs. */
function hasMarks(text: string, dash: number): boolean {
  const sign = text.charCodeAt(dash + 19);
  return text.charCodeAt(dash) === HYPHEN &&
    text.charCodeAt(dash + 4) === HYPHEN &&
    text.charCodeAt(dash + 9) === BLANK &&
    text.charCodeAt(dash + 12) === COLON &&
    text.charCodeAt(dash + 15) === COLON &&
    text.charCodeAt(dash + 18) === BLANK &&
    (sign === PLUS || sign === HYPHEN);
}

/** The number that the digits of `text[start, end)` are; NaN if others are there. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Writes a `date-time` without quotes; the day is padded with a blank. Parts of
 * a second are cut off.
 * @throws {RangeError} When the year does not have four digits.
 */
export function formatInternalDate(
  { epochMs, zoneMinutes }: InternalDate,
): string {
  const local = new Date(
    Math.floor(epochMs / 1000) * 1000 + zoneMinutes * 60_000,
  );
  const year = local.getUTCFullYear();
  // A NaN fails this test too.
  if (!(year >= 0 && year <= 9999) || !(Math.abs(zoneMinutes) < 1440)) {
    throw new RangeError(
      `Cannot write date: ${epochMs} ms, ${zoneMinutes} min`,
    );
  }
  const zone = Math.abs(zoneMinutes);
  return `${String(local.getUTCDate()).padStart(2, " ")}-${
    MONTHS[local.getUTCMonth()]
  }-${pad(year, 4)} ${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${
    pad(local.getUTCSeconds())
  } ${zoneMinutes < 0 ? "-" : "+"}${pad(Math.floor(zone / 60))}${
    pad(zone % 60)
  }`;
}

/**
 * Writes the `date` of a SEARCH key: `1-Feb-2026` (RFC 9051 §9, `date-text`).
 * @throws {RangeError} When there is no such day.
 */
export function formatSearchDate(date: CalendarDate): string {
  if (!isDay(date)) {
    throw new RangeError(
      `Cannot write date: ${date.year}-${date.month}-${date.day}`,
    );
  }
  return `${date.day}-${MONTHS[date.month - 1]}-${pad(date.year, 4)}`;
}

/** The day of a moment in UTC. */
export function calendarDateOf(epochMs: number): CalendarDate {
  const date = new Date(epochMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

/** 1 to 12; NaN for what is no month. */
function monthOf(name: string): number {
  return MONTH_NUMBERS.get(name) ??
    MONTH_NUMBERS.get(
      name.charAt(0).toUpperCase() + name.slice(1).toLowerCase(),
    ) ?? NaN;
}

function isDay({ year, month, day }: CalendarDate): boolean {
  if (!(year >= 0 && year <= 9999 && month >= 1 && month <= 12)) return false;
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) &&
    (month !== 2 || day <= 28 || isLeap(year));
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from the epoch to a day of the Gregorian calendar. */
function daysTo(year: number, month: number, day: number): number {
  // Counted in years that begin in March, so that the leap day is the last.
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const century = Math.floor(marchYear / 100);
  const leapDays = Math.floor(marchYear / 4) - century +
    Math.floor(century / 4);
  const daysBefore = Math.floor((153 * marchMonth + 2) / 5);
  return marchYear * 365 + leapDays + daysBefore + day - 719_469;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
