/** Names that are visible in every expression. */
import { charactersOf, codeOf } from "./code_points.ts";
import { asNumber, ordered } from "./compare.ts";
import { attributeOf } from "./attributes.ts";
import { SEQUENCE_BUILTINS } from "./builtins_sequence.ts";
import { roundFloat } from "./float_digits.ts";
import { formatValue } from "./format_spec.ts";
import { importModule } from "./modules.ts";
import { builtin } from "./native.ts";
import { clampIndex, floorDivide, floorModulo } from "./numbers.ts";
import { openFile } from "./open_file.ts";
import { applyBinary } from "./operators.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { asciiRepr, repr } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import { isInstance, truncate, TYPES } from "./types.ts";
import {
  asInteger,
  Callable,
  Tuple,
  Type,
  typeName,
  type Value,
} from "./values.ts";

/** `bin`, `oct` and `hex`. */
function radixText(name: string, radix: number, prefix: string): Callable {
  return builtin(name, "number, /", (args) => {
    const integer = args.integer(0);
    const digits = (integer < 0n ? -integer : integer).toString(radix);
    return `${integer < 0n ? "-" : ""}${prefix}${digits}`;
  });
}

function chr(args: Arguments): string {
  const code = args.integer(0);
  if (code < 0n || code > 0x10ffffn) {
    throw valueError("chr() arg not in range(0x110000)");
  }
  return String.fromCodePoint(Number(code));
}

function ord(args: Arguments): bigint {
  const value = args.at(0);
  if (typeof value !== "string" && !(value instanceof Uint8Array)) {
    throw typeError(
      `ord() expected string of length 1, but ${typeName(value)} found`,
    );
  }
  const codes = typeof value === "string"
    ? charactersOf(value).map(codeOf)
    : [...value];
  const [code] = codes;
  if (code === undefined || codes.length !== 1) {
    throw typeError(
      `ord() expected a character, but string of length ${codes.length} found`,
    );
  }
  return BigInt(code);
}

function round(args: Arguments): Value {
  const value = args.at(0);
  const integer = asInteger(value);
  const places = args.at(1) === null ? undefined : clampIndex(args.integer(1));
  if (integer !== undefined) {
    if (places === undefined || places >= 0) return integer;
    if (places < -10_000) return 0n;
    const unit = 10n ** BigInt(-places);
    const quotient = floorDivide(integer, unit);
    const twice = floorModulo(integer, unit) * 2n;
    const up = twice > unit || twice === unit && quotient % 2n !== 0n;
    return (up ? quotient + 1n : quotient) * unit;
  }
  if (typeof value !== "number") {
    throw typeError(
      `type ${typeName(value)} doesn't define __round__ method`,
    );
  }
  return places === undefined
    ? truncate(roundFloat(value, 0))
    : roundFloat(value, places);
}

function absolute(args: Arguments): Value {
  const number = asNumber(args.at(0));
  if (number === undefined) {
    throw typeError(`bad operand type for abs(): '${typeName(args.at(0))}'`);
  }
  if (typeof number === "number") return Math.abs(number);
  return number < 0n ? -number : number;
}

/** `isinstance(value, wanted)`; `wanted` may be a tuple of tuples of types. */
function matchesType(value: Value, wanted: Value): boolean {
  if (wanted instanceof Type) return isInstance(value, wanted);
  if (wanted instanceof Tuple) {
    return wanted.items.some((item) => matchesType(value, item));
  }
  throw typeError(
    "isinstance() arg 2 must be a type, a tuple of types, or a union",
  );
}

/** Python 2's `cmp`, which old foldersort options use: -1, 0 or 1. */
function compare(args: Arguments): bigint {
  const left = args.at(0);
  const right = args.at(1);
  if (ordered("<", left, right)) return -1n;
  return ordered(">", left, right) ? 1n : 0n;
}

/** `value.name`, or undefined where Python raises `AttributeError`. */
function attributeOrNothing(value: Value, name: string): Value | undefined {
  try {
    return attributeOf(value, name);
  } catch (error) {
    if (error instanceof Raised && error.exception === "AttributeError") {
      return undefined;
    }
    throw error;
  }
}

function getAttribute(args: Arguments): Value {
  const [value, name] = [args.at(0), args.text(1)];
  if (!args.has(2)) return attributeOf(value, name);
  const attribute = attributeOrNothing(value, name);
  return attribute === undefined ? args.at(2) : attribute;
}

const FUNCTIONS: readonly Callable[] = [
  ...SEQUENCE_BUILTINS,
  builtin(
    "__import__",
    "name, *rest",
    (args, { host }) => importModule(args.text(0), host),
  ),
  builtin("abs", "number, /", absolute),
  builtin("ascii", "obj, /", (args) => asciiRepr(args.at(0))),
  radixText("bin", 2, "0b"),
  builtin(
    "callable",
    "obj, /",
    (args) => args.at(0) instanceof Callable || args.at(0) instanceof Type,
  ),
  builtin("chr", "i, /", chr),
  builtin("cmp", "x, y, /", compare),
  builtin("divmod", "x, y, /", (args, runtime) => {
    const [x, y] = [args.at(0), args.at(1)];
    return new Tuple([
      applyBinary("//", x, y, runtime),
      applyBinary("%", x, y, runtime),
    ]);
  }),
  builtin(
    "format",
    "value, format_spec?, /",
    (args, { meter }) => formatValue(args.at(0), args.textOr(1, ""), meter),
  ),
  builtin("getattr", "object, name, default?, /", getAttribute),
  builtin(
    "hasattr",
    "object, name, /",
    (args) => attributeOrNothing(args.at(0), args.text(1)) !== undefined,
  ),
  radixText("hex", 16, "0x"),
  builtin(
    "isinstance",
    "obj, class_or_tuple, /",
    (args) => matchesType(args.at(0), args.at(1)),
  ),
  radixText("oct", 8, "0o"),
  builtin("open", "file, mode?, buffering?, encoding?, errors?", openFile),
  builtin("ord", "c, /", ord),
  builtin("pow", "base, exp, mod?", (args, runtime) => {
    const power = (): Value =>
      applyBinary("**", args.at(0), args.at(1), runtime);
    if (args.at(2) === null) return power();
    return powerModulo(args, runtime.meter.step.bind(runtime.meter));
  }),
  builtin("repr", "obj, /", (args) => repr(args.at(0))),
  builtin("round", "number, ndigits?", round),
];

/** `pow(base, exponent, modulus)` of integers that are not negative. */
function powerModulo(args: Arguments, step: () => void): bigint {
  const modulus = args.integer(2);
  let exponent = args.integer(1);
  if (modulus === 0n) throw valueError("pow() 3rd argument cannot be 0");
  if (exponent < 0n) {
    throw valueError("base is not invertible for the given modulus");
  }
  let base = floorModulo(args.integer(0), modulus);
  let result = floorModulo(1n, modulus);
  while (exponent > 0n) {
    step();
    if (exponent % 2n === 1n) result = floorModulo(result * base, modulus);
    base = floorModulo(base * base, modulus);
    exponent /= 2n;
  }
  return result;
}

/** All builtins by name. */
export const BUILTINS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...TYPES,
  ...FUNCTIONS.map((item): [string, Value] => [item.name, item]),
]);

/** Builtins of Python that this evaluator does not have. */
export const MISSING_BUILTINS: ReadonlySet<string> = new Set([
  "__build_class__",
  "__debug__",
  "aiter",
  "anext",
  "breakpoint",
  "bytearray",
  "classmethod",
  "compile",
  "complex",
  "copyright",
  "credits",
  "delattr",
  "dir",
  "eval",
  "exec",
  "exit",
  "globals",
  "hash",
  "help",
  "id",
  "input",
  "issubclass",
  "license",
  "locals",
  "memoryview",
  "NotImplemented",
  "print",
  "property",
  "quit",
  "setattr",
  "staticmethod",
  "super",
  "vars",
]);
