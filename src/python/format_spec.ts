/** `format(value, spec)`: the small language after the colon of `{x:>5}`. */
import { charactersOf, lengthOf, substring } from "./code_points.ts";
import {
  exponentDigits,
  fixedDigits,
  generalDigits,
  plainDigits,
} from "./float_digits.ts";
import type { Meter } from "./meter.ts";
import { toFloat } from "./numbers.ts";
import { typeError, valueError } from "./raised.ts";
import { toText } from "./repr.ts";
import { asInteger, typeName, type Value } from "./values.ts";

/** A parsed specification. */
interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC =
  /^(?:([^])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** `format(value, spec)`. @throws `ValueError` for what does not fit the type. */
export function formatValue(value: Value, spec: string, meter: Meter): string {
  if (spec === "") return toText(value);
  const integer = asInteger(value);
  const isText = typeof value === "string";
  if (!isText && integer === undefined && typeof value !== "number") {
    throw typeError(
      `unsupported format string passed to ${typeName(value)}.__format__`,
    );
  }
  const parsed = parseSpec(spec, isText ? "<" : ">", value);
  meter.text(parsed.width + (parsed.precision ?? 0));
  if (isText) return formatText(value, parsed);
  // Digits of floats are computed with integers of that size, and separators
  // are put in again for each digit that fills up.
  meter.integer(
    (parsed.precision ?? 0) * 4 + (parsed.grouping === "" ? 0 : parsed.width),
  );
  if (integer !== undefined && !isFloatType(parsed.type)) {
    return formatInteger(integer, parsed, value);
  }
  const float = toFloat(integer ?? Number(value));
  return formatFloatAs(float, parsed, value);
}

function isFloatType(type: string): boolean {
  return type !== "" && "eEfFgG%".includes(type);
}

function parseSpec(text: string, alignment: string, value: Value): Spec {
  const match = SPEC.exec(text);
  if (match === null || match[4] !== undefined) {
    throw valueError(
      `Invalid format specifier '${text}' for object of type '${
        typeName(value)
      }'`,
    );
  }
  const [, fill, align, sign, , hash, zero] = match;
  const width = Number(match[7] ?? 0);
  const precision = match[9] === undefined ? undefined : Number(match[9]);
  // A zero before the width fills between sign and digits.
  if (match[8] !== undefined && match[10] === "n") {
    throw valueError(`Cannot specify '${match[8]}' with 'n'.`);
  }
  const padsZero = zero !== undefined;
  const zeroAlign = alignment === "<" ? "<" : "=";
  return {
    fill: fill ?? (padsZero ? "0" : " "),
    align: align ?? (padsZero ? zeroAlign : alignment),
    sign: sign ?? "",
    alternate: hash !== undefined,
    width,
    grouping: match[8] ?? "",
    precision,
    type: match[10] ?? "",
  };
}

/** Fills `body` to the width; `sign` stays in front of filling by `=`. */
function pad(sign: string, body: string, spec: Spec): string {
  const missing = Math.max(spec.width - lengthOf(sign + body), 0);
  const filling = (count: number) => spec.fill.repeat(count);
  switch (spec.align) {
    case "<":
      return sign + body + filling(missing);
    case "^":
      return filling(Math.floor(missing / 2)) + sign + body +
        filling(Math.ceil(missing / 2));
    case "=":
      return sign + filling(missing) + body;
    default:
      return filling(missing) + sign + body;
  }
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== "" && spec.type !== "s") throw unknownType(spec, text);
  if (spec.sign !== "") {
    throw valueError("Sign not allowed in string format specifier");
  }
  if (spec.align === "=") {
    throw valueError("'=' alignment not allowed in string format specifier");
  }
  if (spec.alternate) {
    throw valueError(
      "Alternate form (#) not allowed in string format specifier",
    );
  }
  if (spec.grouping !== "") {
    throw valueError(`Cannot specify '${spec.grouping}' with 's'.`);
  }
  const cut = spec.precision !== undefined && spec.precision < lengthOf(text)
    ? substring(text, 0, spec.precision)
    : text;
  return pad("", cut, spec);
}

function unknownType(spec: Spec, value: Value): Error {
  return valueError(
    `Unknown format code '${spec.type}' for object of type '${
      typeName(value)
    }'`,
  );
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return "-";
  return spec.sign === "-" ? "" : spec.sign;
}

const RADIX: Readonly<Record<string, number>> = {
  b: 2,
  o: 8,
  x: 16,
  X: 16,
  d: 10,
  n: 10,
  "": 10,
};

function formatInteger(integer: bigint, spec: Spec, value: Value): string {
  if (spec.precision !== undefined) {
    throw valueError("Precision not allowed in integer format specifier");
  }
  if (spec.type === "c") {
    if (spec.sign !== "") {
      throw valueError("Sign not allowed with integer format specifier 'c'");
    }
    if (spec.grouping !== "") {
      throw valueError(`Cannot specify '${spec.grouping}' with 'c'.`);
    }
    if (spec.alternate) {
      throw valueError(
        "Alternate form (#) not allowed with integer format specifier 'c'",
      );
    }
    if (integer < 0n || integer > 0x10ffffn) {
      throw typeError("%c arg not in range(0x110000)");
    }
    return pad("", String.fromCodePoint(Number(integer)), spec);
  }
  const radix = RADIX[spec.type];
  if (radix === undefined) throw unknownType(spec, value);
  if (spec.grouping === "," && radix !== 10) {
    throw valueError(`Cannot specify ',' with '${spec.type}'.`);
  }
  const negative = integer < 0n;
  let digits = (negative ? -integer : integer).toString(radix);
  if (spec.type === "X") digits = digits.toUpperCase();
  const prefix = spec.alternate && radix !== 10 ? `0${spec.type}` : "";
  const sign = signOf(negative, spec) + prefix;
  return pad(sign, group(digits, "", sign, spec, radix === 10 ? 3 : 4), spec);
}

function formatFloatAs(float: number, spec: Spec, value: Value): string {
  const type = spec.type;
  if (type !== "" && !"eEfFgGn%".includes(type)) throw unknownType(spec, value);
  const negative = float < 0 || Object.is(float, -0);
  const magnitude = Math.abs(float) * (type === "%" ? 100 : 1);
  let digits = floatBody(magnitude, spec);
  if (type === "E" || type === "G" || type === "F") {
    digits = digits.toUpperCase();
  }
  const percent = type === "%" ? "%" : "";
  const sign = signOf(negative, spec);
  const [, whole = digits, rest = ""] = /^(\d+)(.*)$/.exec(digits) ?? [];
  return pad(sign, group(whole, rest + percent, sign, spec, 3), spec);
}

/** Digits of a magnitude in the form that the type asks for. */
function floatBody(magnitude: number, spec: Spec): string {
  if (Number.isNaN(magnitude)) return "nan";
  if (!Number.isFinite(magnitude)) return "inf";
  const precision = spec.precision ?? 6;
  switch (spec.type.toLowerCase()) {
    case "f":
    case "%": {
      const text = fixedDigits(magnitude, precision);
      return spec.alternate && precision === 0 ? `${text}.` : text;
    }
    case "e": {
      const text = exponentDigits(magnitude, precision);
      return spec.alternate && precision === 0 ? text.replace("e", ".e") : text;
    }
    case "g":
    case "n":
      return generalDigits(magnitude, precision, spec.alternate);
    default:
      return plainDigits(magnitude, spec.precision, spec.alternate);
  }
}

/**
 * Puts separators into `whole`. Where zeros fill up to a width they are
 * separated too, as in `format(1, '08,')`, which is `0,000,001`.
 */
function group(
  whole: string,
  rest: string,
  sign: string,
  spec: Spec,
  size: number,
): string {
  if (spec.grouping === "" || !/^[0-9a-fA-F]+$/.test(whole)) {
    return whole + rest;
  }
  let digits = whole;
  let text = separate(digits, spec.grouping, size);
  if (spec.fill === "0" && spec.align === "=") {
    while (sign.length + text.length + rest.length < spec.width) {
      digits = `0${digits}`;
      text = separate(digits, spec.grouping, size);
    }
  }
  return text + rest;
}

function separate(digits: string, separator: string, size: number): string {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= size) {
    groups.unshift(digits.slice(Math.max(end - size, 0), end));
  }
  return groups.join(separator);
}

/** `text` padded to `width` characters: `ljust`, `rjust`, `center`, `zfill`. */
export function justify(
  text: string,
  width: number,
  fill: string,
  side: "left" | "right" | "center",
): string {
  const missing = width - charactersOf(text).length;
  if (missing <= 0) return text;
  if (side === "left") return text + fill.repeat(missing);
  if (side === "right") return fill.repeat(missing) + text;
  // Python puts the odd one on the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
