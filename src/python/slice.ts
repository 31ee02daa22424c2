/** Indexing and slicing of sequences. */
import { charactersOf, isBasic, lengthOf } from "./code_points.ts";
import { Dict } from "./collections.ts";
import { clampIndex } from "./numbers.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { Match } from "./re/match_object.ts";
import { repr } from "./repr.ts";
import {
  asInteger,
  Range,
  Slice,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** Bounds of a slice within a sequence: what `slice.indices` gives. */
export interface Bounds {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** The integer of one bound, undefined for None. */
function boundOf(value: Value): number | undefined {
  if (value === null) return undefined;
  const integer = asInteger(value);
  if (integer === undefined) {
    throw typeError(
      "slice indices must be integers or None or have an __index__ method",
    );
  }
  return clampIndex(integer);
}

/** `slice.indices(length)`. */
export function boundsOf(slice: Slice, length: number): Bounds {
  const step = boundOf(slice.step) ?? 1;
  if (step === 0) throw valueError("slice step cannot be zero");
  const lowest = step < 0 ? -1 : 0;
  const highest = step < 0 ? length - 1 : length;
  const place = (bound: number | undefined, otherwise: number): number => {
    if (bound === undefined) return otherwise;
    const index = bound < 0 ? bound + length : bound;
    return Math.min(Math.max(index, lowest), highest);
  };
  return {
    step,
    start: place(boundOf(slice.start), step < 0 ? highest : lowest),
    stop: place(boundOf(slice.stop), step < 0 ? lowest : highest),
  };
}

/** The items of `items` that `slice` picks. */
function pick<T>(items: ArrayLike<T>, slice: Slice): T[] {
  const { start, stop, step } = boundsOf(slice, items.length);
  const picked: T[] = [];
  for (
    let index = start;
    step > 0 ? index < stop : index > stop;
    index += step
  ) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

/** The index that `value` means in a sequence, counted from its start. */
function indexIn(value: Value, length: number, kind: string): number {
  const integer = asInteger(value);
  if (integer === undefined) {
    const wanted = kind === "string" ? "string indices" : `${kind} indices`;
    throw typeError(
      kind === "bytes"
        ? `byte indices must be integers or slices, not ${typeName(value)}`
        : `${wanted} must be integers or slices, not ${typeName(value)}`,
    );
  }
  const index = clampIndex(integer);
  const place = index < 0 ? index + length : index;
  if (place < 0 || place >= length) {
    throw new Raised(
      "IndexError",
      kind === "bytes" ? "index out of range" : `${kind} index out of range`,
    );
  }
  return place;
}

/** `container[index]`. @throws `KeyError`, `IndexError`, `TypeError` as Python. */
export function itemOf(container: Value, index: Value): Value {
  if (typeof container === "string") return textItem(container, index);
  if (container instanceof Uint8Array) {
    if (index instanceof Slice) return Uint8Array.from(pick(container, index));
    const place = indexIn(index, container.length, "bytes");
    return BigInt(container[place] ?? 0);
  }
  if (Array.isArray(container)) {
    if (index instanceof Slice) return pick(container, index);
    return container[indexIn(index, container.length, "list")] ?? null;
  }
  if (container instanceof Tuple) {
    const { items } = container;
    if (index instanceof Slice) return new Tuple(pick(items, index));
    return items[indexIn(index, items.length, "tuple")] ?? null;
  }
  if (container instanceof Dict) {
    const value = container.get(index);
    if (value === undefined) throw new Raised("KeyError", repr(index));
    return value;
  }
  if (container instanceof Range) return rangeItem(container, index);
  if (container instanceof Match) return container.groupAt(index);
  throw typeError(`'${typeName(container)}' object is not subscriptable`);
}

function textItem(text: string, index: Value): string {
  if (index instanceof Slice) {
    const { start, stop, step } = boundsOf(index, lengthOf(text));
    if (step === 1 && isBasic(text)) {
      return start < stop ? text.slice(start, stop) : "";
    }
    return pick(charactersOf(text), index).join("");
  }
  const place = indexIn(index, lengthOf(text), "string");
  return isBasic(text) ? text.charAt(place) : charactersOf(text)[place] ?? "";
}

function rangeItem(range: Range, index: Value): Value {
  if (!(index instanceof Slice)) {
    return range.at(indexIn(index, range.length, "range object"));
  }
  const { start, stop, step } = boundsOf(index, range.length);
  return new Range(range.at(start), range.at(stop), range.step * BigInt(step));
}
