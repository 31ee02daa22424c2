/** `template % values` of strings. */
import { charactersOf, lengthOf, substring } from "./code_points.ts";
import { Dict } from "./collections.ts";
import { exponentDigits, fixedDigits, generalDigits } from "./float_digits.ts";
import { clampIndex, toFloat } from "./numbers.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { asciiRepr, repr, reprText, toText } from "./repr.ts";
import {
  asInteger,
  Range,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** One `%` item. */
interface Item {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** `template % values`. @throws `TypeError`, `ValueError`, `KeyError` as Python. */
export function formatPercent(
  template: string,
  values: Value,
  runtime: Runtime,
): string {
  const text = new PercentFormatter(values, runtime).format(template);
  runtime.meter.text(text.length);
  return text;
}

const ITEM =
  /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-#0 +]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]?([^])?/gu;

class PercentFormatter {
  readonly #values: Value;
  readonly #runtime: Runtime;
  readonly #list: readonly Value[];
  #used = 0;
  #named = false;

  constructor(values: Value, runtime: Runtime) {
    this.#values = values;
    this.#runtime = runtime;
    this.#list = values instanceof Tuple ? values.items : [values];
  }

  format(template: string): string {
    const result = template.replaceAll(ITEM, (all, ...groups) => {
      this.#runtime.meter.step();
      // Only two in a row are one: "%5%" is an error.
      if (all === "%%") return "%";
      const [key, flags = "", width, precision, type] = groups;
      return this.#item(key, { flags, width, precision, type });
    });
    // What could be a mapping need not be used up.
    const values = this.#values;
    const mapping = values instanceof Dict || Array.isArray(values) ||
      values instanceof Uint8Array || values instanceof Range;
    if (!mapping && this.#used < this.#list.length) {
      throw typeError("not all arguments converted during string formatting");
    }
    return result;
  }

  #item(
    key: string | undefined,
    { flags, width, precision, type }: {
      flags: string;
      width: string;
      precision: string | undefined;
      type: string | undefined;
    },
  ): string {
    const named = key === undefined ? undefined : this.#lookUp(key);
    let realFlags = flags;
    let realWidth = this.#count(width);
    if (realWidth < 0) {
      realFlags += "-";
      realWidth = -realWidth;
    }
    const item = {
      flags: realFlags,
      width: realWidth,
      precision: precision === undefined
        ? undefined
        : Math.max(this.#count(precision), 0),
      type: type ?? "",
    };
    this.#runtime.meter.text(item.width + (item.precision ?? 0));
    if (type === undefined) throw valueError("incomplete format");
    if (!"srdiuoxXeEfFgGca".includes(type)) {
      throw valueError(`unsupported format character '${type}'`);
    }
    // Digits of floats are computed with integers of that size.
    if (/[efg]/i.test(type)) {
      this.#runtime.meter.integer((item.precision ?? 0) * 4);
    }
    return this.#convert(named === undefined ? this.#next() : named, item);
  }

  #lookUp(key: string): Value {
    if (!(this.#values instanceof Dict)) {
      throw typeError("format requires a mapping");
    }
    this.#named = true;
    const value = this.#values.get(key);
    if (value === undefined) throw new Raised("KeyError", reprText(key));
    return value;
  }

  #next(): Value {
    const value = this.#named ? undefined : this.#list[this.#used];
    if (value === undefined) {
      throw typeError("not enough arguments for format string");
    }
    this.#used += 1;
    return value;
  }

  /** A width or precision: digits, or the next value for `*`. */
  #count(text: string): number {
    if (text !== "*") return Number(text);
    const integer = asInteger(this.#next());
    if (integer === undefined) throw typeError("* wants int");
    return clampIndex(integer);
  }

  #convert(value: Value, item: Item): string {
    switch (item.type) {
      case "s":
        return padText(toText(value), item);
      case "r":
        return padText(repr(value), item);
      case "a":
        return padText(asciiRepr(value), item);
      case "c":
        return padText(characterOf(value), { ...item, precision: undefined });
      case "d":
      case "i":
      case "u":
      case "o":
      case "x":
      case "X":
        return formatInteger(value, item);
      default:
        return formatFloat(value, item);
    }
  }
}

function characterOf(value: Value): string {
  if (typeof value === "string" && lengthOf(value) === 1) return value;
  const integer = asInteger(value);
  if (integer === undefined) throw typeError("%c requires int or char");
  if (integer < 0n || integer > 0x10ffffn) {
    throw new Raised("OverflowError", "%c arg not in range(0x110000)");
  }
  return String.fromCodePoint(Number(integer));
}

function padText(text: string, item: Item): string {
  const { precision } = item;
  const cut = precision !== undefined && precision < lengthOf(text)
    ? substring(text, 0, precision)
    : text;
  const missing = " ".repeat(
    Math.max(item.width - charactersOf(cut).length, 0),
  );
  return item.flags.includes("-") ? cut + missing : missing + cut;
}

/** Sign, prefix and digits, filled to the width. */
function padNumber(sign: string, digits: string, item: Item): string {
  const missing = Math.max(item.width - sign.length - digits.length, 0);
  if (item.flags.includes("-")) return sign + digits + " ".repeat(missing);
  return item.flags.includes("0")
    ? sign + "0".repeat(missing) + digits
    : " ".repeat(missing) + sign + digits;
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

function formatInteger(value: Value, item: Item): string {
  const { type, flags } = item;
  const decimal = "diu".includes(type);
  let integer = asInteger(value);
  if (integer === undefined && decimal && typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw Number.isNaN(value)
        ? valueError("cannot convert float NaN to integer")
        : new Raised(
          "OverflowError",
          "cannot convert float infinity to integer",
        );
    }
    integer = BigInt(Math.trunc(value));
  }
  if (integer === undefined) {
    const wanted = decimal ? "a real number" : "an integer";
    throw typeError(
      `%${type} format: ${wanted} is required, not ${typeName(value)}`,
    );
  }
  const radix = decimal ? 10 : type === "o" ? 8 : 16;
  const magnitude = integer < 0n ? -integer : integer;
  const digits = magnitude.toString(radix).padStart(item.precision ?? 0, "0");
  const prefix = flags.includes("#") && !decimal ? `0${type}` : "";
  return padNumber(
    signOf(integer < 0n, flags) + prefix,
    type === "X" ? digits.toUpperCase() : digits,
    item,
  );
}

function formatFloat(value: Value, item: Item): string {
  const integer = asInteger(value);
  const float = typeof value === "number"
    ? value
    : integer === undefined
    ? undefined
    : toFloat(integer);
  if (float === undefined) {
    throw typeError(`must be real number, not ${typeName(value)}`);
  }
  const digits = floatDigits(Math.abs(float), item);
  const negative = float < 0 || Object.is(float, -0);
  return padNumber(
    signOf(negative, item.flags),
    item.type === item.type.toUpperCase() ? digits.toUpperCase() : digits,
    item,
  );
}

function floatDigits(magnitude: number, item: Item): string {
  if (Number.isNaN(magnitude)) return "nan";
  if (!Number.isFinite(magnitude)) return "inf";
  const precision = item.precision ?? 6;
  const alternate = item.flags.includes("#");
  switch (item.type.toLowerCase()) {
    case "f": {
      const text = fixedDigits(magnitude, precision);
      return alternate && precision === 0 ? `${text}.` : text;
    }
    case "e": {
      const text = exponentDigits(magnitude, precision);
      return alternate && precision === 0 ? text.replace("e", ".e") : text;
    }
    default:
      return generalDigits(magnitude, precision, alternate);
  }
}
