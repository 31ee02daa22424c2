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

/** A day, without time or zone, as SEARCH compares them. */
export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const DATE_TIME =
  /^([ \d]?\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

/**
 * Reads ` 5-Feb-2026 03:04:05 -0330` (RFC 9051 §9, `date-time` without its
 * quotes); the day may lack its blank, as some servers send it.
 * @returns Undefined when it is no such date, or none of the calendar.
 */
export function parseInternalDate(text: string): InternalDate | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [day, hour, minute, second, zoneHour, zoneMinute] = [1, 4, 5, 6, 8, 9]
    .map((group) => Number(match[group])) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
  const month = monthOf(match[2] ?? "");
  const year = Number(match[3]);
  if (month === undefined || !isDay({ year, month, day })) return undefined;
  // 60 is a leap second; the epoch has none, it becomes the next minute.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  if (zoneHour > 23 || zoneMinute > 59) return undefined;
  const size = zoneHour * 60 + zoneMinute;
  const zoneMinutes = match[7] === "-" && size > 0 ? -size : size;
  return {
    epochMs: utc(year, month, day, hour, minute, second) - zoneMinutes * 60_000,
    zoneMinutes,
  };
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

function monthOf(name: string): number | undefined {
  const lower = name.toLowerCase();
  const index = MONTHS.findIndex((month) => month.toLowerCase() === lower);
  return index < 0 ? undefined : index + 1;
}

function isDay({ year, month, day }: CalendarDate): boolean {
  if (!(year >= 0 && year <= 9999 && day >= 1)) return false;
  const moment = new Date(utc(year, month, day));
  return moment.getUTCMonth() + 1 === month && moment.getUTCDate() === day;
}

/** `Date.UTC` without its rule that the years 0 to 99 mean 1900 to 1999. */
function utc(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second);
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
