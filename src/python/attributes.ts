/**
 * `value.name`: looked up in explicit tables by the value's kind and nowhere
 * else, so that no property of a JavaScript object can be reached.
 */
import { attributeHint } from "./legacy.ts";
import { BYTES_METHODS } from "./methods_bytes.ts";
import { DICT_METHODS } from "./methods_dict.ts";
import { LIST_METHODS, RANGE_METHODS, TUPLE_METHODS } from "./methods_list.ts";
import { FROZENSET_METHODS, SET_METHODS } from "./methods_set.ts";
import { TEXT_METHODS } from "./methods_str.ts";
import { FLOAT_METHODS, INT_METHODS } from "./methods_number.ts";
import type { MethodTable } from "./native.ts";
import { FILE_METHODS } from "./open_file.ts";
import { Raised, Unsupported } from "./raised.ts";
import { Match } from "./re/match_object.ts";
import {
  MATCH_METHODS,
  matchAttribute,
  PATTERN_METHODS,
  patternAttribute,
} from "./re/methods.ts";
import { Pattern } from "./re/pattern.ts";
import {
  asInteger,
  Callable,
  Module,
  Range,
  Slice,
  Type,
  typeName,
  type Value,
} from "./values.ts";

const TABLES: ReadonlyMap<string, MethodTable> = new Map(
  [
    BYTES_METHODS,
    DICT_METHODS,
    FILE_METHODS,
    FLOAT_METHODS,
    FROZENSET_METHODS,
    INT_METHODS,
    LIST_METHODS,
    MATCH_METHODS,
    PATTERN_METHODS,
    RANGE_METHODS,
    SET_METHODS,
    TEXT_METHODS,
    TUPLE_METHODS,
  ].map((table) => [table.typeName, table]),
);

/** The methods of `bool` are those of `int`. */
function tableOf(type: string): MethodTable | undefined {
  return TABLES.get(type === "bool" ? "int" : type);
}

/** `value.name`, undefined when there is none. */
function findAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Type) {
    if (name === "__name__") return value.name;
    return value.statics.get(name) ?? tableOf(value.name)?.unbound(name);
  }
  if (value instanceof Module) return value.members.get(name);
  if (value instanceof Callable && name === "__name__") return value.name;
  const data = dataAttribute(value, name);
  return data === undefined
    ? tableOf(typeName(value))?.bound(value, name)
    : data;
}

function dataAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Match) return matchAttribute(value, name);
  if (value instanceof Pattern) return patternAttribute(value, name);
  if (typeof value === "number" || asInteger(value) !== undefined) {
    return numberAttribute(value, name);
  }
  if (value instanceof Range || value instanceof Slice) {
    switch (name) {
      case "start":
        return value.start;
      case "stop":
        return value.stop;
      case "step":
        return value.step;
    }
  }
  return undefined;
}

/** The parts that complex numbers and fractions have too. */
function numberAttribute(value: Value, name: string): Value | undefined {
  const integer = asInteger(value);
  switch (name) {
    case "real":
      return integer ?? value;
    case "imag":
      return integer === undefined ? 0 : 0n;
    case "numerator":
      return integer;
    case "denominator":
      return integer === undefined ? undefined : 1n;
  }
  return undefined;
}

/** `value.name`. @throws `AttributeError`, or {@link Unsupported}. */
export function attributeOf(value: Value, name: string): Value {
  const attribute = findAttribute(value, name);
  if (attribute !== undefined) return attribute;
  if (value instanceof Module) {
    throw new Unsupported(
      `${value.name}.${name} is not supported`,
      "Put it into a function of the pythonfile",
    );
  }
  // Special methods exist in Python, but only operators and builtins here.
  if (/^__\w+__$/.test(name)) {
    throw new Unsupported(`the attribute '${name}' is not supported`);
  }
  const owner = value instanceof Type ? value.name : typeName(value);
  if (isInPython(owner, name)) {
    throw new Unsupported(`${owner}.${name} is not supported`);
  }
  throw new Raised(
    "AttributeError",
    `${owner} has no method '${name}'`,
    attributeHint(name),
  );
}

/** Attributes that Python has on these types and this evaluator has not. */
const MISSING: ReadonlyMap<string, RegExp> = new Map([
  [
    "bytes",
    /^(capitalize|center|count|expandtabs|fromhex|index|isalnum|isalpha|isascii|isdigit|islower|isspace|istitle|isupper|ljust|maketrans|removeprefix|removesuffix|rfind|rindex|rjust|rpartition|rsplit|swapcase|title|translate|zfill)$/,
  ],
  ["int", /^(as_integer_ratio|from_bytes|to_bytes)$/],
  ["bool", /^(as_integer_ratio|from_bytes|to_bytes)$/],
  ["float", /^(as_integer_ratio|fromhex|hex)$/],
  ["generator", /^(send|throw|close|gi_\w+)$/],
  ["slice", /^indices$/],
  ["set", /^symmetric_difference_update$/],
  ["dict_keys", /^(isdisjoint|mapping)$/],
  ["dict_items", /^(isdisjoint|mapping)$/],
  ["dict_values", /^mapping$/],
  ["re.Match", /^regs$/],
  ["re.Pattern", /^scanner$/],
  ["functools.partial", /^(func|args|keywords)$/],
]);

function isInPython(type: string, name: string): boolean {
  return MISSING.get(type)?.test(name) ?? false;
}
