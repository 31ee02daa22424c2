/** Integers and floats: arithmetic, parsing and printing as Python does them. */
import type { Meter } from "./meter.ts";
import { Raised, Unsupported, valueError } from "./raised.ts";
import { stripSpace } from "./unicode.ts";

/** An int or a float; a bool has become one of the first. */
export type Numeric = bigint | number;

/** `float(value)`. @throws `OverflowError` past the range of a float. */
export function toFloat(value: Numeric): number {
  if (typeof value === "number") return value;
  const float = Number(value);
  if (Number.isFinite(float)) return float;
  throw new Raised("OverflowError", "int too large to convert to float");
}

/** An integer cut to what a number can index. */
export function clampIndex(value: bigint): number {
  const limit = 2n ** 52n;
  if (value > limit) return Number(limit);
  return value < -limit ? -Number(limit) : Number(value);
}

/** How many bits the magnitude of `value` takes, to within four. */
export function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}

/** `left // right` of integers: rounds down. */
export function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && (left < 0n) !== (right < 0n)
    ? quotient - 1n
    : quotient;
}

/** `left % right` of integers: has the sign of `right`. */
export function floorModulo(left: bigint, right: bigint): bigint {
  return left - floorDivide(left, right) * right;
}

/** `left % right` of floats: has the sign of `right`. */
function floatModulo(left: number, right: number): number {
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return (rest < 0) !== (right < 0) ? rest + right : rest;
}

/** `left // right` of floats; see `_float_div_mod` in CPython. */
function floatFloorDivide(left: number, right: number): number {
  const rest = left % right;
  const correction = rest !== 0 && (rest < 0) !== (right < 0) ? 1 : 0;
  const quotient = (left - rest) / right - correction;
  // A quotient of nothing still has the sign of the exact one.
  if (quotient === 0) return 0 * Math.sign(left / right);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** The arithmetic operators on numbers. */
export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** `left OPERATOR right`. */
export function arithmetic(
  operator: Arithmetic,
  left: Numeric,
  right: Numeric,
  meter: Meter,
): Numeric {
  if (typeof left === "bigint" && typeof right === "bigint") {
    return integerArithmetic(operator, left, right, meter);
  }
  const a = toFloat(left);
  const b = toFloat(right);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "**":
      return floatPower(a, b);
  }
  if (b === 0) {
    const what = {
      "/": "float division by zero",
      "//": "float floor division by zero",
      "%": "float modulo",
    };
    throw new Raised("ZeroDivisionError", what[operator]);
  }
  if (operator === "/") return a / b;
  return operator === "%" ? floatModulo(a, b) : floatFloorDivide(a, b);
}

function integerArithmetic(
  operator: Arithmetic,
  left: bigint,
  right: bigint,
  meter: Meter,
): Numeric {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      meter.integer(bitsOf(left) + bitsOf(right));
      return left * right;
    case "**":
      if (right < 0n) {
        if (left === 0n) {
          throw new Raised(
            "ZeroDivisionError",
            "0.0 cannot be raised to a negative power",
          );
        }
        return floatPower(toFloat(left), toFloat(right));
      }
      if (left < -1n || left > 1n) {
        meter.integer(bitsOf(left) * Number(right));
      }
      return left ** right;
  }
  if (right === 0n) {
    throw new Raised(
      "ZeroDivisionError",
      operator === "/"
        ? "division by zero"
        : "integer division or modulo by zero",
    );
  }
  if (operator === "/") return divideExactly(left, right);
  return operator === "//"
    ? floorDivide(left, right)
    : floorModulo(left, right);
}

/** True division; the operands may be past the range of a float. */
function divideExactly(left: bigint, right: bigint): number {
  const a = Number(left);
  const b = Number(right);
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a / b;
  if (Number.isFinite(a) && Number.isFinite(b)) return a / b;
  throw new Raised(
    "OverflowError",
    "integer division result too large for a float",
  );
}

function floatPower(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) {
    throw new Raised(
      "ZeroDivisionError",
      "0.0 cannot be raised to a negative power",
    );
  }
  if (base < 0 && Number.isFinite(base) && !Number.isInteger(exponent)) {
    throw new Unsupported("complex numbers are not supported");
  }
  // Python: 1 ** anything is 1; JavaScript says NaN for infinities.
  const power = base === 1 ? 1 : base ** exponent;
  if (
    !Number.isFinite(power) && Number.isFinite(base) &&
    Number.isFinite(exponent)
  ) {
    throw new Raised("OverflowError", "(34, 'Numerical result out of range')");
  }
  return power;
}

/** `repr(value)` of a float: the shortest text that reads back the same. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${formatExponent(exponent)}`;
  }
  const sign = value < 0 ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** `+05`: a sign and at least two digits. */
export function formatExponent(exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return (exponent < 0 ? "-" : "+") + digits;
}

/** The value of a Unicode decimal digit, or undefined. */
function digitValue(character: string): number | undefined {
  if (character >= "0" && character <= "9" && character.length === 1) {
    return character.charCodeAt(0) - 48;
  }
  if (!/^\p{Nd}$/u.test(character)) return undefined;
  // Unicode keeps the ten digits of a script in a row, so the zero is where the
  // row starts; rows may touch, but never by less than ten.
  const code = character.codePointAt(0) ?? 0;
  let start = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(start - 1))) start -= 1;
  return (code - start) % 10;
}

/** Unicode digits as ASCII ones, blanks round them cut, as `int()` reads text. */
function plainDigits(text: string): string {
  return stripSpace(text, "both").replace(
    /[^\p{ASCII}]/gu,
    (character) => String(digitValue(character) ?? character),
  );
}

/** `int(text, base)`; `shown` is how the message spells the argument. */
export function parseInteger(
  text: string,
  base: number,
  shown: string,
): bigint {
  const fail = () =>
    valueError(`invalid literal for int() with base ${base}: ${shown}`);
  const match = /^([+-]?)(0[xXoObB])?([0-9a-zA-Z_]+)$/.exec(plainDigits(text));
  if (match === null) throw fail();
  const [, sign, prefix = "", rest = ""] = match;
  const marked = { x: 16, o: 8, b: 2 }[prefix.slice(1).toLowerCase()];
  let digits = rest;
  let radix = base === 0 ? marked ?? 10 : base;
  if (marked === undefined || marked !== radix) digits = prefix + rest;
  else digits = digits.replace(/^_/, "");
  if (base === 0 && marked === undefined && /^0[0-9_]*[1-9]/.test(digits)) {
    throw fail();
  }
  if (!/^[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*$/.test(digits)) throw fail();
  radix = radix === 0 ? 10 : radix;
  let value = 0n;
  for (const character of digits.replaceAll("_", "")) {
    const digit = parseInt(character, 36);
    if (digit >= radix) throw fail();
    value = value * BigInt(radix) + BigInt(digit);
  }
  return sign === "-" ? -value : value;
}

/** `float(text)`; `shown` is how the message spells the argument. */
export function parseFloat(text: string, shown: string): number {
  const plain = plainDigits(text);
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(plain);
  if (word !== null) {
    if (word[2]?.toLowerCase() === "nan") return NaN;
    return word[1] === "-" ? -Infinity : Infinity;
  }
  const digits = String.raw`\d+(?:_\d+)*`;
  const shape = new RegExp(
    `^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:e[+-]?${digits})?$`,
    "i",
  );
  if (!shape.test(plain)) {
    throw valueError(`could not convert string to float: ${shown}`);
  }
  return Number(plain.replaceAll("_", ""));
}
