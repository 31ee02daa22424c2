/** The methods of `list`, `tuple` and `range`. */
import { equal } from "./compare.ts";
import { iterate, listOf } from "./iterate.ts";
import { methodTable } from "./native.ts";
import { clampIndex } from "./numbers.ts";
import { Raised, valueError } from "./raised.ts";
import { repr } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import { boundsOf } from "./slice.ts";
import { sortItems } from "./sorting.ts";
import { Range, Slice, Tuple, type Value } from "./values.ts";

function count(items: Iterable<Value>, wanted: Value): bigint {
  let found = 0n;
  for (const item of items) if (equal(item, wanted)) found += 1n;
  return found;
}

function indexOf(items: readonly Value[], args: Arguments): bigint {
  const wanted = args.at(0);
  const slice = new Slice(args.at(1), args.at(2), null);
  const { start, stop } = boundsOf(slice, items.length);
  for (let index = start; index < stop; index += 1) {
    if (equal(items[index] ?? null, wanted)) return BigInt(index);
  }
  throw valueError(`${repr(wanted)} is not in list`);
}

function pop(items: Value[], args: Arguments): Value {
  if (items.length === 0) throw new Raised("IndexError", "pop from empty list");
  const index = clampIndex(args.integerOr(0, -1n));
  const at = index < 0 ? index + items.length : index;
  const [item] = at < 0 ? [] : items.splice(at, 1);
  if (item === undefined) {
    throw new Raised("IndexError", "pop index out of range");
  }
  return item;
}

/** `list.x`. */
export const LIST_METHODS = methodTable<Value[]>(
  "list",
  (value) => Array.isArray(value) ? value : undefined,
  {
    append: ["object, /", (items, args) => {
      items.push(args.at(0));
      return null;
    }],
    clear: ["", (items) => {
      items.length = 0;
      return null;
    }],
    copy: ["", (items) => [...items]],
    count: ["value, /", (items, args) => count(items, args.at(0))],
    extend: ["iterable, /", (items, args, runtime) => {
      for (const item of iterate(args.at(0), runtime)) items.push(item);
      return null;
    }],
    index: ["value, start?, stop?, /", indexOf],
    insert: ["index, object, /", (items, args) => {
      items.splice(clampIndex(args.integer(0)), 0, args.at(1));
      return null;
    }],
    pop: ["index?, /", pop],
    remove: ["value, /", (items, args) => {
      const at = items.findIndex((item) => equal(item, args.at(0)));
      if (at < 0) throw valueError("list.remove(x): x not in list");
      items.splice(at, 1);
      return null;
    }],
    reverse: ["", (items) => {
      items.reverse();
      return null;
    }],
    sort: ["*, key?, reverse?", (items, args, runtime) => {
      const reverse = args.integerOr(1, 0n) !== 0n;
      const options = { key: args.at(0), reverse };
      items.splice(0, items.length, ...sortItems(items, options, runtime));
      return null;
    }],
  },
);

/** `tuple.x`. */
export const TUPLE_METHODS = methodTable<Tuple>(
  "tuple",
  (value) => value instanceof Tuple ? value : undefined,
  {
    count: ["value, /", ({ items }, args) => count(items, args.at(0))],
    index: [
      "value, start?, stop?, /",
      ({ items }, args) => indexOf(items, args),
    ],
  },
);

/** `range.x`. */
export const RANGE_METHODS = methodTable<Range>(
  "range",
  (value) => value instanceof Range ? value : undefined,
  {
    count: [
      "value, /",
      (range, args, runtime) => count(iterate(range, runtime), args.at(0)),
    ],
    index: [
      "value, /",
      (range, args, runtime) => indexOf(listOf(range, runtime), args),
    ],
  },
);
