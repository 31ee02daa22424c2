/** Booleans and numbers as Python's `configparser` reads them. */
import { BadValue } from "./bad_value.ts";
import { trim } from "./whitespace.ts";

const BOOLEANS = new Map([
  ["1", true],
  ["yes", true],
  ["true", true],
  ["on", true],
  ["0", false],
  ["no", false],
  ["false", false],
  ["off", false],
]);

// Python allows one underscore between two digits, nowhere else.
const DIGITS = "\\d+(?:_\\d+)*";
const INTEGER = new RegExp(`^[+-]?${DIGITS}$`);
const FLOAT = new RegExp(
  `^[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
  "i",
);

/**
 * `getboolean()`: `1 yes true on` or `0 no false off` in any case.
 *
 * @throws {BadValue} For anything else, blanks round the word included.
 */
export function parseBoolean(text: string): boolean {
  const value = BOOLEANS.get(text.toLowerCase());
  if (value === undefined) throw new BadValue('"yes" or "no" is allowed');
  return value;
}

/**
 * `int()`: decimal digits with an optional sign, blanks round it and single
 * underscores between digits. Digits of other scripts are refused.
 *
 * @throws {BadValue} For anything else, and beyond ±2⁵³.
 */
export function parseInteger(text: string): number {
  const digits = trim(text);
  if (!INTEGER.test(digits)) throw new BadValue("a whole number is allowed");
  const value = Number(digits.replaceAll("_", ""));
  if (!Number.isSafeInteger(value)) throw new BadValue("it is too large");
  // "-0" is 0 in Python.
  return value === 0 ? 0 : value;
}

/**
 * `float()` without its `inf` and `nan`, which no option can mean.
 *
 * @throws {BadValue} For anything else.
 */
export function parseFloat(text: string): number {
  const digits = trim(text);
  if (!FLOAT.test(digits)) throw new BadValue("a number is allowed");
  const value = Number(digits.replaceAll("_", ""));
  if (!Number.isFinite(value)) throw new BadValue("it is too large");
  return value;
}
