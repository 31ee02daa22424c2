/** The builtin types: conversions and what belongs to the types themselves. */
import { charactersOf, codeOf } from "./code_points.ts";
import { decode, encode } from "./codecs.ts";
import { Dict, PySet } from "./collections.ts";
import { isTrue, listOf } from "./iterate.ts";
import { updateDict } from "./methods_dict.ts";
import { builtin, type FunctionBody } from "./native.ts";
import { parseFloat, parseInteger, toFloat } from "./numbers.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { repr, reprBytes, toText } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import {
  asInteger,
  Range,
  type Runtime,
  Slice,
  Tuple,
  Type,
  typeName,
  type Value,
} from "./values.ts";

/** A type whose constructor takes what `signature` says. */
function type(
  name: string,
  signature: string,
  construct: FunctionBody,
  statics: ReadonlyMap<string, Value> = new Map(),
): Type {
  return new Type(name, builtin(name, signature, construct).invoke, statics);
}

function makeInt(args: Arguments): bigint {
  const value = args.at(0);
  if (!args.has(0)) return 0n;
  const base = args.has(1) ? Number(args.integer(1)) : 10;
  if (base !== 0 && (base < 2 || base > 36)) {
    throw valueError("int() base must be >= 2 and <= 36, or 0");
  }
  if (typeof value === "string") return parseInteger(value, base, repr(value));
  if (value instanceof Uint8Array) {
    const text = decode(value, "latin-1", "strict");
    return parseInteger(text, base, reprBytes(value));
  }
  if (args.has(1)) {
    throw typeError("int() can't convert non-string with explicit base");
  }
  if (typeof value === "number") return truncate(value);
  const integer = asInteger(value);
  if (integer !== undefined) return integer;
  throw typeError(
    `int() argument must be a string, a bytes-like object or a real number, ` +
      `not '${typeName(value)}'`,
  );
}

/** `int(value)` of a float. */
export function truncate(value: number): bigint {
  if (Number.isNaN(value)) {
    throw valueError("cannot convert float NaN to integer");
  }
  if (!Number.isFinite(value)) {
    throw new Raised(
      "OverflowError",
      "cannot convert float infinity to integer",
    );
  }
  return BigInt(Math.trunc(value));
}

function makeFloat(args: Arguments): number {
  const value = args.at(0);
  if (!args.has(0)) return 0;
  if (typeof value === "string") return parseFloat(value, repr(value));
  if (value instanceof Uint8Array) {
    return parseFloat(decode(value, "latin-1", "strict"), reprBytes(value));
  }
  if (typeof value === "number") return value;
  const integer = asInteger(value);
  if (integer !== undefined) return toFloat(integer);
  throw typeError(
    `float() argument must be a string or a real number, not '${
      typeName(value)
    }'`,
  );
}

function makeText(args: Arguments): string {
  if (!args.has(0)) return "";
  if (!args.has(1) && !args.has(2)) return toText(args.at(0));
  const bytes = args.at(0);
  if (!(bytes instanceof Uint8Array)) {
    throw typeError(
      typeof bytes === "string"
        ? "decoding str is not supported"
        : `decoding to str: need a bytes-like object, ${typeName(bytes)} found`,
    );
  }
  return decode(bytes, args.textOr(1, "utf-8"), args.textOr(2, "strict"));
}

function makeBytes(args: Arguments, runtime: Runtime): Uint8Array {
  if (!args.has(0)) return new Uint8Array();
  const source = args.at(0);
  if (typeof source === "string") {
    if (!args.has(1)) throw typeError("string argument without an encoding");
    return encode(source, args.text(1), args.textOr(2, "strict"));
  }
  if (args.has(1)) throw typeError("encoding without a string argument");
  if (source instanceof Uint8Array) return source;
  const length = asInteger(source);
  if (length !== undefined) {
    if (length < 0n) throw valueError("negative count");
    runtime.meter.text(Number(length));
    return new Uint8Array(Number(length));
  }
  return Uint8Array.from(listOf(source, runtime), (item) => {
    const byte = asInteger(item);
    if (byte === undefined) {
      throw typeError(
        `'${typeName(item)}' object cannot be interpreted as an integer`,
      );
    }
    if (byte < 0n || byte > 255n) {
      throw valueError("bytes must be in range(0, 256)");
    }
    return Number(byte);
  });
}

/** The items of the optional iterable argument. */
function itemsOf(args: Arguments, runtime: Runtime): Value[] {
  return args.has(0) ? listOf(args.at(0), runtime) : [];
}

/** Start, stop and step as `range` and `slice` take them. */
function threeParts(args: Arguments): [Value, Value, Value] {
  return args.has(1)
    ? [args.at(0), args.at(1), args.at(2)]
    : [null, args.at(0), null];
}

function makeRange(args: Arguments): Range {
  for (let index = 0; index < 3; index += 1) {
    if (args.has(index)) args.integer(index);
  }
  const [start, stop, step] = threeParts(args).map((part) => asInteger(part));
  if (step === 0n) throw valueError("range() arg 3 must not be zero");
  return new Range(start ?? 0n, stop ?? 0n, step ?? 1n);
}

/** `str.maketrans`. */
const makeTranslation = builtin("maketrans", "x, y?, z?, /", (args) => {
  const first = args.at(0);
  const table = new Dict();
  const code = (text: string) => BigInt(codeOf(text));
  if (!args.has(1)) {
    if (!(first instanceof Dict)) {
      throw typeError(
        "if you give only one argument to maketrans it must be a dict",
      );
    }
    for (const [key, value] of first.entries()) {
      if (typeof key === "string" && charactersOf(key).length !== 1) {
        throw valueError(
          "string keys in translate table must be of length 1",
        );
      }
      table.set(typeof key === "string" ? code(key) : key, value);
    }
    return table;
  }
  const from = charactersOf(args.text(0));
  const to = charactersOf(args.text(1));
  if (from.length !== to.length) {
    throw valueError(
      "the first two maketrans arguments must have equal length",
    );
  }
  from.forEach((key, index) => table.set(code(key), code(to[index] ?? "")));
  for (const key of charactersOf(args.textOr(2, ""))) {
    table.set(code(key), null);
  }
  return table;
});

/** `dict.fromkeys`. */
const fromKeys = builtin(
  "fromkeys",
  "iterable, value?, /",
  (args, runtime) =>
    new Dict(
      listOf(args.at(0), runtime).map((key) => [key, args.at(1)] as const),
    ),
);

const object = type("object", "", () => {
  throw typeError("object() is not supported");
});

/** The types by name. */
export const TYPES: ReadonlyMap<string, Type> = new Map(
  [
    type("bool", "x?, /", (args) => isTrue(args.at(0))),
    type("bytes", "source?, encoding?, errors?", makeBytes),
    type(
      "dict",
      "source?, /, **named",
      (args, runtime) => {
        const dict = new Dict();
        updateDict(dict, args.optional(0), args.named, runtime);
        return dict;
      },
      new Map([["fromkeys", fromKeys]]),
    ),
    type("float", "x?, /", makeFloat),
    type(
      "frozenset",
      "iterable?, /",
      (args, runtime) => new PySet(itemsOf(args, runtime), true),
    ),
    type("int", "x?, /, base?", makeInt),
    type("list", "iterable?, /", itemsOf),
    object,
    type("range", "start, stop?, step?, /", makeRange),
    type(
      "set",
      "iterable?, /",
      (args, runtime) => new PySet(itemsOf(args, runtime)),
    ),
    type(
      "slice",
      "start, stop?, step?, /",
      (args) => new Slice(...threeParts(args)),
    ),
    type(
      "str",
      "object?, encoding?, errors?",
      makeText,
      new Map([["maketrans", makeTranslation]]),
    ),
    type(
      "tuple",
      "iterable?, /",
      (args, runtime) => new Tuple(itemsOf(args, runtime)),
    ),
    type("type", "object, /", (args) => typeOf(args.at(0))),
  ].map((item) => [item.name, item]),
);

/** Types that cannot be made but asked for: `type(None)`. */
const OTHER_TYPES = new Map<string, Type>();

/** `type(value)`. */
export function typeOf(value: Value): Type {
  const name = typeName(value);
  const known = TYPES.get(name) ?? OTHER_TYPES.get(name);
  if (known !== undefined) return known;
  const made = type(name, "*args", () => {
    throw typeError(`cannot create '${name}' instances`);
  });
  OTHER_TYPES.set(name, made);
  return made;
}

/** `isinstance(value, type)` of one type. */
export function isInstance(value: Value, wanted: Type): boolean {
  const name = typeName(value);
  return wanted === object || name === wanted.name ||
    name === "bool" && wanted.name === "int";
}
