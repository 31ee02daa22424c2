/** The binary and unary operators. */
import { Dict } from "./collections.ts";
import { asNumber, asSetLike } from "./compare.ts";
import { formatPercent } from "./format_percent.ts";
import { keep, symmetricDifference, union } from "./methods_set.ts";
import { type Arithmetic, arithmetic, bitsOf, clampIndex } from "./numbers.ts";
import { type Raised, typeError, Unsupported, valueError } from "./raised.ts";
import {
  asInteger,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** The operators of two operands that are neither comparisons nor boolean. */
export type BinaryOperator = Arithmetic | "@" | "<<" | ">>" | "&" | "|" | "^";

/** The operators of one operand. */
export type UnaryOperator = "-" | "+" | "~" | "not";

/** `left OPERATOR right`. @throws `TypeError` and others as Python. */
export function applyBinary(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  runtime: Runtime,
): Value {
  switch (operator) {
    case "&":
    case "|":
    case "^":
      return applyBits(operator, left, right);
    case "<<":
    case ">>":
      return shift(operator, left, right, runtime);
    case "@":
      throw mismatch(operator, left, right);
  }
  const a = asNumber(left);
  const b = asNumber(right);
  if (a !== undefined && b !== undefined) {
    return arithmetic(operator, a, b, runtime.meter);
  }
  const result = applyToContainers(operator, left, right, runtime);
  if (result === undefined) throw mismatch(operator, left, right);
  return result;
}

function mismatch(operator: string, left: Value, right: Value): Raised {
  const shown = operator === "**" ? "** or pow()" : operator;
  return typeError(
    `unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${
      typeName(right)
    }'`,
  );
}

function applyToContainers(
  operator: Arithmetic,
  left: Value,
  right: Value,
  runtime: Runtime,
): Value | undefined {
  switch (operator) {
    case "+":
      return concatenate(left, right, runtime);
    case "-": {
      const a = asSetLike(left);
      const b = asSetLike(right);
      return a && b && keep(a, b, false);
    }
    case "*":
      return repeated(left, right, runtime) ?? repeated(right, left, runtime);
    case "%":
      if (typeof left === "string") return formatPercent(left, right, runtime);
      if (left instanceof Uint8Array) {
        throw new Unsupported("% formatting of bytes is not supported");
      }
  }
  return undefined;
}

function concatenate(
  left: Value,
  right: Value,
  { meter }: Runtime,
): Value | undefined {
  if (typeof left === "string") {
    if (typeof right === "string") {
      meter.text(left.length + right.length);
      return left + right;
    }
    throw typeError(
      `can only concatenate str (not "${typeName(right)}") to str`,
    );
  }
  if (Array.isArray(left)) {
    if (!Array.isArray(right)) return undefined;
    meter.step(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    meter.step(left.items.length + right.items.length);
    return new Tuple([...left.items, ...right.items]);
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    meter.text(left.length + right.length);
    return Uint8Array.of(...left, ...right);
  }
  return undefined;
}

/** `sequence * count`. */
function repeated(
  sequence: Value,
  times: Value,
  { meter }: Runtime,
): Value | undefined {
  const integer = asInteger(times);
  if (integer === undefined) return undefined;
  const count = Math.max(clampIndex(integer), 0);
  if (typeof sequence === "string") {
    meter.text(sequence.length * count);
    return sequence.repeat(sequence === "" ? 0 : count);
  }
  if (sequence instanceof Uint8Array) {
    meter.text(sequence.length * count);
    const bytes = new Uint8Array(sequence.length * count);
    if (sequence.length === 0) return bytes;
    for (let at = 0; at < bytes.length; at += sequence.length) {
      bytes.set(sequence, at);
    }
    return bytes;
  }
  const items = Array.isArray(sequence)
    ? sequence
    : sequence instanceof Tuple
    ? sequence.items
    : undefined;
  if (items === undefined) return undefined;
  meter.step(items.length * count);
  const all = items.length === 0
    ? []
    : Array.from({ length: count }, () => items).flat(1);
  return Array.isArray(sequence) ? all : new Tuple(all);
}

function applyBits(
  operator: "&" | "|" | "^",
  left: Value,
  right: Value,
): Value {
  const a = asInteger(left);
  const b = asInteger(right);
  if (a !== undefined && b !== undefined) {
    const bits = operator === "&" ? a & b : operator === "|" ? a | b : a ^ b;
    // Two bools stay a bool.
    return typeof left === "boolean" && typeof right === "boolean"
      ? bits !== 0n
      : bits;
  }
  if (left instanceof Dict && right instanceof Dict && operator === "|") {
    return new Dict([...left.entries(), ...right.entries()]);
  }
  const first = asSetLike(left);
  const second = asSetLike(right);
  if (first === undefined || second === undefined) {
    throw mismatch(operator, left, right);
  }
  switch (operator) {
    case "&":
      return keep(first, second, true);
    case "|":
      return union(first, second);
    case "^":
      return symmetricDifference(first, second);
  }
}

function shift(
  operator: "<<" | ">>",
  left: Value,
  right: Value,
  { meter }: Runtime,
): bigint {
  const value = asInteger(left);
  const count = asInteger(right);
  if (value === undefined || count === undefined) {
    throw mismatch(operator, left, right);
  }
  if (count < 0n) throw valueError("negative shift count");
  if (operator === ">>") return value >> count;
  if (value !== 0n) meter.integer(bitsOf(value) + clampIndex(count));
  return value === 0n ? 0n : value << count;
}

/** `-value`, `+value` or `~value`. */
export function applyUnary(
  operator: Exclude<UnaryOperator, "not">,
  value: Value,
): Value {
  const integer = asInteger(value);
  if (integer !== undefined) {
    if (operator === "~") return ~integer;
    return operator === "-" ? -integer : integer;
  }
  if (typeof value === "number" && operator !== "~") {
    return operator === "-" ? -value : value;
  }
  throw typeError(
    `bad operand type for unary ${operator}: '${typeName(value)}'`,
  );
}
