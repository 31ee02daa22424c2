/** Python's key equality: what is one key of a dict or one member of a set. */
import { typeError } from "./raised.ts";
import {
  PyObject,
  Range,
  Slice,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";
import { Dict, PySet } from "./collections.ts";

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A number that no other object has. */
function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    identity = lastIdentity += 1;
    identities.set(object, identity);
  }
  return identity;
}

/** Two numbers that are equal have one text: `1`, `1.0` and `True`. */
function numberKey(value: number): string {
  return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
}

/**
 * A text that is the same for two values exactly when Python takes them for the
 * same key.
 *
 * @throws `TypeError` for a value that Python cannot hash, such as a list.
 */
export function keyOf(value: Value): string {
  if (value === null) return "N";
  switch (typeof value) {
    case "boolean":
      return value ? "n1" : "n0";
    case "bigint":
      return `n${value}`;
    case "number":
      return numberKey(value);
    case "string":
      return `s${value}`;
  }
  if (value instanceof Uint8Array) return `b${value.join(",")}`;
  if (value instanceof Tuple) return listKey("t", value.items.map(keyOf));
  if (value instanceof PySet && value.frozen) {
    return listKey("f", [...value.keys()].sort());
  }
  if (value instanceof Range) return rangeKey(value);
  if (
    !(value instanceof PyObject) || value instanceof Dict ||
    value instanceof PySet || value instanceof Slice
  ) {
    throw typeError(`unhashable type: '${typeName(value)}'`);
  }
  return `o${identityOf(value)}`;
}

/** Keys with their lengths, so that no two lists of keys give one text. */
function listKey(kind: string, keys: readonly string[]): string {
  return kind + keys.map((key) => `${key.length}:${key}`).join("");
}

/** Ranges are equal when they hold the same numbers. */
export function rangeKey(range: Range): string {
  if (range.length === 0) return "r";
  if (range.length === 1) return `r${range.start}`;
  return `r${range.start},${range.length},${range.step}`;
}
