/** Values with a unit: days, dates, sizes, shares. */
import { BadValue } from "./bad_value.ts";
import { parseBoolean, parseFloat, parseInteger } from "./numbers.ts";
import { trim } from "./whitespace.ts";

/** An age limit: so many days before now, or a day. */
export type DateOrDays =
  | { readonly kind: "days"; readonly days: number }
  | { readonly kind: "date"; readonly date: string };

/** The year from which on OfflineIMAP takes dates. */
const OLDEST_YEAR = 1900;
const FACTORS = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

/**
 * A day in the form `YYYY-MM-DD` (one-digit months and days are taken too, as
 * Python's `strptime` does), not before 1900 and not after `now`'s local day.
 *
 * @returns The day with two digits each.
 * @throws {BadValue}
 */
export function parseDate(text: string, now: Date): string {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trim(text));
  if (match === null) throw new BadValue("a date YYYY-MM-DD is allowed");
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  // Date rolls an impossible day over into the next month.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new BadValue("there is no such day");
  }
  if (year < OLDEST_YEAR) {
    throw new BadValue(`the year is before ${OLDEST_YEAR}`);
  }
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  if (date.getTime() > today) throw new BadValue("the date is in the future");
  return date.toISOString().slice(0, 10);
}

/**
 * A number of days, 1 or more, or a {@link parseDate date}.
 *
 * @throws {BadValue}
 */
export function parseDateOrDays(text: string, now: Date): DateOrDays {
  if (text.includes("-") && !/^\s*-/.test(text)) {
    return { kind: "date", date: parseDate(text, now) };
  }
  let days: number | undefined;
  try {
    days = parseInteger(text);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
  }
  if (days === undefined || days < 1) {
    throw new BadValue(
      "a number of days (at least 1) or a date YYYY-MM-DD is allowed",
    );
  }
  return { kind: "days", days };
}

/**
 * A number of bytes, with `K`, `M` or `G` for powers of 1024.
 *
 * @throws {BadValue}
 */
export function parseSize(text: string): number {
  const refusal = new BadValue(
    "a number of bytes is allowed, also with K, M or G after it",
  );
  const match = /^(.*?)\s*([kmg]?)$/is.exec(trim(text));
  if (match === null) throw refusal;
  const [, digits = "", unit = ""] = match;
  const letter = unit.toLowerCase();
  if (letter !== "" && letter !== "k" && letter !== "m" && letter !== "g") {
    throw refusal;
  }
  let value: number;
  try {
    value = parseInteger(digits) * FACTORS[letter];
  } catch {
    throw refusal;
  }
  if (value < 0 || !Number.isSafeInteger(value)) throw refusal;
  return value;
}

/**
 * A percentage, `50%` or `50` (or `50%%`, as every `%` of the file is usually
 * doubled), as a fraction of 1; `no` for undefined.
 *
 * @throws {BadValue}
 */
export function parseShare(text: string): number | undefined {
  const refusal = new BadValue('a percentage such as "50%" or "no" is allowed');
  const digits = text.replace(/\s*%%?$/, "");
  if (digits === text && /^[a-z]/i.test(text)) {
    try {
      if (parseBoolean(text)) throw refusal;
    } catch {
      throw refusal;
    }
    return undefined;
  }
  let percent: number;
  try {
    percent = parseFloat(digits);
  } catch {
    throw refusal;
  }
  if (percent < 0 || percent > 100) throw refusal;
  return percent / 100;
}
