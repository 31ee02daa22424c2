/** Floats as decimal digits: exact, and halves to even, as Python rounds. */
import { formatExponent, formatFloat } from "./numbers.ts";

/** `value` as `mantissa * 2 ** exponent`; it is finite and not negative. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & ((1n << 52n) - 1n);
  const biased = Number(bits >> 52n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** `value * 10 ** places` as an integer, rounded half to even. */
function scaled(value: number, places: number): bigint {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator ||
    twice === denominator && quotient % 2n === 1n;
  return up ? quotient + 1n : quotient;
}

/** `'%.{places}f'`; `value` is finite and not negative. */
export function fixedDigits(value: number, places: number): string {
  const digits = scaled(value, places).toString().padStart(places + 1, "0");
  if (places === 0) return digits;
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `round(value, places)` with places given. */
export function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 330) return value;
  if (places < -330) return value < 0 ? -0 : 0;
  const magnitude = Math.abs(value);
  const rounded = places >= 0
    ? Number(fixedDigits(magnitude, places))
    : Number(scaled(magnitude, places) * 10n ** BigInt(-places));
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** `count` significant digits and the power of ten of the first of them. */
function significant(
  value: number,
  count: number,
): { digits: string; power: number } {
  if (value === 0) return { digits: "0".repeat(count), power: 0 };
  let power = Number(value.toExponential().split("e")[1]);
  let digits = scaled(value, count - 1 - power).toString();
  if (digits.length > count) {
    // Rounding carried into a new digit: 9.99 became 10.0.
    power += 1;
    digits = digits.slice(0, count);
  } else if (digits.length < count) {
    // The shortest text of a tiny number may be above it: 1e-323 is 9.88e-324.
    power -= 1;
    digits = scaled(value, count - 1 - power).toString();
  }
  return { digits, power };
}

/** `'%.{places}e'`; `value` is finite and not negative. */
export function exponentDigits(value: number, places: number): string {
  const { digits, power } = significant(value, places + 1);
  const tail = places > 0 ? `.${digits.slice(1)}` : "";
  return `${digits.slice(0, 1)}${tail}e${formatExponent(power)}`;
}

/** `'%.{precision}g'`; `alternate` keeps trailing zeros. */
export function generalDigits(
  value: number,
  precision: number,
  alternate: boolean,
): string {
  const count = Math.max(precision, 1);
  return chooseForm(value, count, count, alternate);
}

/** Fixed digits, or with an exponent when the first digit is at `limit` or above. */
function chooseForm(
  value: number,
  count: number,
  limit: number,
  alternate: boolean,
): string {
  const { power } = significant(value, count);
  const text = power < -4 || power >= limit
    ? exponentDigits(value, count - 1)
    : fixedDigits(value, count - 1 - power);
  if (alternate) return withPoint(text);
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".")
    ? mantissa.replace(/\.?0+$/, "")
    : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

/**
 * `format(value, '.{precision}')`: general, but with a point at the least.
 * `alternate` keeps trailing zeros.
 */
export function plainDigits(
  value: number,
  precision: number | undefined,
  alternate: boolean,
): string {
  if (precision === undefined) {
    const text = formatFloat(value);
    return alternate ? withPoint(text) : text;
  }
  const count = Math.max(precision, 1);
  const text = chooseForm(value, count, count - 1, alternate);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** `text` with a decimal point. */
function withPoint(text: string): string {
  return text.includes(".") ? text : text.replace(/(?=e|$)/, ".");
}
