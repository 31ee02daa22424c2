/** Truth, length, iteration: the protocols that every container has. */
import { lengthOf } from "./code_points.ts";
import { Dict, DictView, PySet } from "./collections.ts";
import { typeError } from "./raised.ts";
import {
  Iter,
  Range,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** Whether `value` counts as true. */
export function isTrue(value: Value): boolean {
  if (value === null || value === false) return false;
  switch (typeof value) {
    case "bigint":
      return value !== 0n;
    case "number":
      return value !== 0;
    case "string":
      return value !== "";
  }
  const size = sizeOf(value);
  return size === undefined || size > 0;
}

/** `len(value)`, or undefined where Python has none. */
export function sizeOf(value: Value): number | undefined {
  if (typeof value === "string") return lengthOf(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Dict || value instanceof PySet) return value.size;
  if (value instanceof DictView) return value.dict.size;
  if (value instanceof Range) return value.length;
  return undefined;
}

/** The items of a view of a dict. */
function* viewItems(view: DictView): Generator<Value, undefined> {
  for (const [key, value] of view.dict.entries()) {
    if (view.kind === "keys") yield key;
    else if (view.kind === "values") yield value;
    else yield new Tuple([key, value]);
  }
}

function* rangeItems(range: Range): Generator<Value, undefined> {
  for (let index = 0; index < range.length; index += 1) yield range.at(index);
}

function* byteItems(bytes: Uint8Array): Generator<Value, undefined> {
  for (const byte of bytes) yield BigInt(byte);
}

/** The iterator of a value that has one. */
function sourceOf(value: Value): Iterator<Value, unknown> | undefined {
  // Array iteration is live, as Python's: an item appended is an item visited.
  if (Array.isArray(value)) return value[Symbol.iterator]();
  if (typeof value === "string") return value[Symbol.iterator]();
  if (value instanceof Iter) return value.source;
  if (value instanceof Tuple) return value.items[Symbol.iterator]();
  if (value instanceof Dict) return viewItems(new DictView(value, "keys"));
  if (value instanceof DictView) return viewItems(value);
  if (value instanceof PySet) return value.members();
  if (value instanceof Range) return rangeItems(value);
  if (value instanceof Uint8Array) return byteItems(value);
  return undefined;
}

/** True when `for x in value` works. */
export function isIterable(value: Value): boolean {
  return sourceOf(value) !== undefined;
}

/**
 * The items of `value`, each accounted for as a step.
 *
 * Leaving the loop early leaves an iterator where it stands, as in Python.
 *
 * @throws `TypeError` when it has none.
 */
export function* iterate(
  value: Value,
  runtime: Runtime,
): Generator<Value, undefined> {
  const source = sourceOf(value);
  if (source === undefined) {
    throw typeError(`'${typeName(value)}' object is not iterable`);
  }
  for (;;) {
    runtime.meter.step();
    const next = source.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** All items of `value`. */
export function listOf(value: Value, runtime: Runtime): Value[] {
  return [...iterate(value, runtime)];
}
