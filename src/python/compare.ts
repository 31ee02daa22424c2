/** Equality, order and membership. */
import { charactersOf, codeOf } from "./code_points.ts";
import { Dict, DictView, PySet } from "./collections.ts";
import { rangeKey } from "./hash.ts";
import { isIterable, iterate } from "./iterate.ts";
import { typeError } from "./raised.ts";
import {
  asInteger,
  PyObject,
  Range,
  type Runtime,
  Slice,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** All comparison operators. */
export type CompareOperator =
  | OrderOperator
  | "=="
  | "!="
  | "in"
  | "not in"
  | "is"
  | "is not";

/** The ordering operators. */
export type OrderOperator = "<" | "<=" | ">" | ">=";

/** A value that orders itself, such as those of `functools.cmp_to_key`. */
export abstract class Ordered extends PyObject {
  /** Negative, zero or positive, as `this` is less, equal or more. */
  abstract compareTo(other: Ordered): bigint | number;
}

/** The number that an int, a bool or a float is, else undefined. */
export function asNumber(value: Value): bigint | number | undefined {
  return typeof value === "number" ? value : asInteger(value);
}

/** `left OPERATOR right`. @throws `TypeError` where Python has no such comparison. */
export function holds(
  operator: CompareOperator,
  left: Value,
  right: Value,
  runtime: Runtime,
): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      return contains(right, left, runtime);
    case "not in":
      return !contains(right, left, runtime);
    case "is":
      return Object.is(left, right);
    case "is not":
      return !Object.is(left, right);
  }
  return ordered(operator, left, right);
}

/** `left == right`. */
export function equal(left: Value, right: Value): boolean {
  if (left === right) return true;
  const leftNumber = asNumber(left);
  if (leftNumber !== undefined) {
    const rightNumber = asNumber(right);
    // deno-lint-ignore eqeqeq -- bigint and number compare by value only so
    return rightNumber !== undefined && leftNumber == rightNumber;
  }
  if (left instanceof Uint8Array) {
    return right instanceof Uint8Array && compareBytes(left, right) === 0;
  }
  if (Array.isArray(left)) {
    return Array.isArray(right) && equalItems(left, right);
  }
  if (left instanceof Tuple) {
    return right instanceof Tuple && equalItems(left.items, right.items);
  }
  if (left instanceof Dict) {
    return right instanceof Dict && sameDict(left, right);
  }
  if (left instanceof Range) {
    return right instanceof Range && rangeKey(left) === rangeKey(right);
  }
  if (left instanceof Slice) {
    return right instanceof Slice && equal(left.start, right.start) &&
      equal(left.stop, right.stop) && equal(left.step, right.step);
  }
  if (left instanceof Ordered) {
    return right instanceof Ordered && Number(left.compareTo(right)) === 0;
  }
  const leftSet = asSetLike(left);
  const rightSet = leftSet && asSetLike(right);
  return leftSet !== undefined && rightSet !== undefined &&
    leftSet.size === rightSet.size && isSubset(leftSet, rightSet);
}

function equalItems(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length &&
    left.every((item, index) => {
      const other = right[index];
      return other !== undefined && equal(item, other);
    });
}

function sameDict(left: Dict, right: Dict): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left.entries()) {
    const other = right.get(key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}

/** A set, or a dict's keys or items, which compare like one; else undefined. */
export function asSetLike(value: Value): PySet | undefined {
  if (value instanceof PySet) return value;
  if (!(value instanceof DictView) || value.kind === "values") return undefined;
  const members: Value[] = [];
  for (const [key, item] of value.dict.entries()) {
    members.push(value.kind === "keys" ? key : new Tuple([key, item]));
  }
  return new PySet(members);
}

/** `left <= right` of sets. */
export function isSubset(left: PySet, right: PySet): boolean {
  if (left.size > right.size) return false;
  for (const member of left.members()) if (!right.has(member)) return false;
  return true;
}

/** Order by code points; UTF-16 order differs above U+FFFF. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const others = charactersOf(right);
  const characters = charactersOf(left);
  const shared = Math.min(characters.length, others.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = codeOf(characters[index] ?? "") -
      codeOf(others[index] ?? "");
    if (difference !== 0) return difference;
  }
  return characters.length - others.length;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** `left OPERATOR right`. @throws `TypeError` where Python has no order. */
export function ordered(
  operator: OrderOperator,
  left: Value,
  right: Value,
): boolean {
  const leftNumber = asNumber(left);
  const rightNumber = asNumber(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return compareNumbers(operator, leftNumber, rightNumber);
  }
  if (typeof left === "string" && typeof right === "string") {
    return fits(operator, compareText(left, right));
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return fits(operator, compareBytes(left, right));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return orderedItems(operator, left, right);
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    return orderedItems(operator, left.items, right.items);
  }
  if (left instanceof Ordered && right instanceof Ordered) {
    return fits(operator, Number(left.compareTo(right)));
  }
  const leftSet = asSetLike(left);
  const rightSet = asSetLike(right);
  if (leftSet === undefined || rightSet === undefined) {
    throw typeError(
      `'${operator}' not supported between instances of ` +
        `'${typeName(left)}' and '${typeName(right)}'`,
    );
  }
  switch (operator) {
    case "<":
      return leftSet.size < rightSet.size && isSubset(leftSet, rightSet);
    case "<=":
      return isSubset(leftSet, rightSet);
    case ">":
      return rightSet.size < leftSet.size && isSubset(rightSet, leftSet);
    case ">=":
      return isSubset(rightSet, leftSet);
  }
}

/** Apart from {@link holds}, since a NaN is neither less nor more nor equal. */
function compareNumbers(
  operator: OrderOperator,
  left: bigint | number,
  right: bigint | number,
): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function fits(operator: OrderOperator, difference: number): boolean {
  return compareNumbers(operator, difference, 0);
}

/** The first pair that differs decides, else the lengths. */
function orderedItems(
  operator: OrderOperator,
  left: readonly Value[],
  right: readonly Value[],
): boolean {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const a = left[index];
    const b = right[index];
    if (a === undefined || b === undefined || equal(a, b)) continue;
    return ordered(operator, a, b);
  }
  return fits(operator, left.length - right.length);
}

/** For sorting: only asks `<`, as Python does. */
export function sortOrder(left: Value, right: Value): number {
  if (ordered("<", left, right)) return -1;
  return ordered("<", right, left) ? 1 : 0;
}

/** `item in container`. */
function contains(
  container: Value,
  item: Value,
  runtime: Runtime,
): boolean {
  if (typeof container === "string") {
    if (typeof item !== "string") {
      throw typeError(
        `'in <string>' requires string as left operand, not ${typeName(item)}`,
      );
    }
    runtime.meter.text(container.length);
    return container.includes(item);
  }
  if (container instanceof Uint8Array) return containsBytes(container, item);
  if (container instanceof Dict || container instanceof PySet) {
    return container.has(item);
  }
  if (container instanceof DictView && container.kind === "keys") {
    return container.dict.has(item);
  }
  if (!isIterable(container)) {
    throw typeError(
      `argument of type '${typeName(container)}' is not iterable`,
    );
  }
  for (const candidate of iterate(container, runtime)) {
    if (equal(candidate, item)) return true;
  }
  return false;
}

function containsBytes(container: Uint8Array, item: Value): boolean {
  const byte = asInteger(item);
  if (byte !== undefined) return container.includes(Number(byte));
  if (!(item instanceof Uint8Array)) {
    throw typeError(
      `a bytes-like object is required, not '${typeName(item)}'`,
    );
  }
  return indexOfBytes(container, item) >= 0;
}

/** Where `needle` first starts at or after `from`, or -1. */
export function indexOfBytes(
  haystack: Uint8Array,
  needle: Uint8Array,
  from = 0,
): number {
  const last = haystack.length - needle.length;
  for (let start = from; start <= last; start += 1) {
    let index = 0;
    while (index < needle.length && haystack[start + index] === needle[index]) {
      index += 1;
    }
    if (index === needle.length) return start;
  }
  return -1;
}
