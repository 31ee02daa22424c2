/** The builtins that work on iterables. */
import { isIterable, isTrue, iterate, listOf, sizeOf } from "./iterate.ts";
import { builtin } from "./native.ts";
import { applyBinary } from "./operators.ts";
import { Raised, typeError, Unsupported, valueError } from "./raised.ts";
import type { Arguments } from "./signature.ts";
import { itemOf } from "./slice.ts";
import { extreme, sortItems } from "./sorting.ts";
import { Dict, PySet } from "./collections.ts";
import {
  type Callable,
  Iter,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** `min` and `max`: of one iterable, or of the arguments. */
function minMax(name: "min" | "max"): Callable {
  const want = name === "min" ? "<" : ">";
  return builtin(name, "*args, key?, default?", (args, runtime) => {
    const [first, ...others] = args.rest;
    if (first === undefined) {
      throw typeError(`${name} expected at least 1 argument, got 0`);
    }
    if (others.length > 0 && args.has(1)) {
      throw typeError(
        `Cannot specify a default for ${name}() with multiple positional arguments`,
      );
    }
    const items = others.length > 0 ? args.rest : iterate(first, runtime);
    const best = extreme(items, want, args.at(0), runtime);
    if (best !== undefined) return best;
    if (args.has(1)) return args.at(1);
    throw valueError(`${name}() arg is an empty sequence`);
  });
}

function* zipItems(
  iterables: readonly Value[],
  strict: boolean,
  runtime: Runtime,
): Generator<Value, undefined> {
  const sources = iterables.map((iterable) => iterate(iterable, runtime));
  if (sources.length === 0) return;
  for (;;) {
    const items: Value[] = [];
    for (const source of sources) {
      const next = source.next();
      if (next.done === true) {
        if (!strict) return;
        const even = items.length === 0 &&
          sources.slice(1).every((other) => other.next().done === true);
        if (even) return;
        throw valueError("zip() arguments have different lengths");
      }
      items.push(next.value);
    }
    yield new Tuple(items);
  }
}

function* mapItems(
  callee: Value,
  iterables: readonly Value[],
  runtime: Runtime,
): Generator<Value, undefined> {
  for (const items of zipItems(iterables, false, runtime)) {
    if (items instanceof Tuple) yield runtime.call(callee, items.items);
  }
}

function* filterItems(
  test: Value,
  items: Iterable<Value>,
  runtime: Runtime,
): Generator<Value, undefined> {
  for (const item of items) {
    if (isTrue(test === null ? item : runtime.call(test, [item]))) yield item;
  }
}

function* enumerated(
  items: Iterable<Value>,
  start: bigint,
): Generator<Value, undefined> {
  let index = start;
  for (const item of items) {
    yield new Tuple([index, item]);
    index += 1n;
  }
}

function* reversedItems(value: Value): Generator<Value, undefined> {
  for (let index = (sizeOf(value) ?? 0) - 1; index >= 0; index -= 1) {
    yield itemOf(value, BigInt(index));
  }
}

function reversed(args: Arguments, runtime: Runtime): Value {
  const value = args.at(0);
  if (value instanceof Dict) {
    return new Iter(
      "dict_reversekeyiterator",
      listOf(value, runtime).reverse()[Symbol.iterator](),
    );
  }
  if (sizeOf(value) === undefined || value instanceof PySet) {
    throw typeError(`'${typeName(value)}' object is not reversible`);
  }
  // Views of a dict can be reversed too, but have no items by number.
  const isView = typeName(value).startsWith("dict_");
  return new Iter(
    "reversed",
    isView
      ? listOf(value, runtime).reverse()[Symbol.iterator]()
      : reversedItems(value),
  );
}

/** Refuses what cannot be iterated now rather than at the first item. */
function checked(value: Value, runtime: Runtime): Generator<Value, undefined> {
  if (isIterable(value)) return iterate(value, runtime);
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

function sum(args: Arguments, runtime: Runtime): Value {
  let total = args.has(1) ? args.at(1) : 0n;
  if (typeof total === "string") {
    throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  }
  if (total instanceof Uint8Array) {
    throw typeError("sum() can't sum bytes [use b''.join(seq) instead]");
  }
  for (const item of iterate(args.at(0), runtime)) {
    total = applyBinary("+", total, item, runtime);
  }
  return total;
}

function next(args: Arguments): Value {
  const iterator = args.at(0);
  if (!(iterator instanceof Iter)) {
    throw typeError(`'${typeName(iterator)}' object is not an iterator`);
  }
  const item = iterator.source.next();
  if (item.done !== true) return item.value;
  const otherwise = args.optional(1);
  if (otherwise !== undefined) return otherwise;
  throw new Raised("StopIteration", "");
}

/** The builtins by name. */
export const SEQUENCE_BUILTINS: readonly Callable[] = [
  builtin("all", "iterable, /", (args, runtime) => {
    for (const item of iterate(args.at(0), runtime)) {
      if (!isTrue(item)) return false;
    }
    return true;
  }),
  builtin("any", "iterable, /", (args, runtime) => {
    for (const item of iterate(args.at(0), runtime)) {
      if (isTrue(item)) return true;
    }
    return false;
  }),
  builtin("enumerate", "iterable, start?", (args, runtime) =>
    new Iter(
      "enumerate",
      enumerated(checked(args.at(0), runtime), args.integerOr(1, 0n)),
    )),
  builtin("filter", "function, iterable, /", (args, runtime) =>
    new Iter(
      "filter",
      filterItems(args.at(0), checked(args.at(1), runtime), runtime),
    )),
  builtin("iter", "iterable, sentinel?, /", (args, runtime) => {
    if (args.has(1)) throw new Unsupported("iter() with a sentinel");
    const value = args.at(0);
    if (value instanceof Iter) return value;
    return new Iter("iterator", checked(value, runtime));
  }),
  builtin("len", "obj, /", (args) => {
    const size = sizeOf(args.at(0));
    if (size !== undefined) return BigInt(size);
    throw typeError(`object of type '${typeName(args.at(0))}' has no len()`);
  }),
  builtin("map", "function, *iterables", (args, runtime) => {
    if (args.rest.length === 0) {
      throw typeError("map() must have at least two arguments.");
    }
    for (const iterable of args.rest) checked(iterable, runtime);
    return new Iter("map", mapItems(args.at(0), args.rest, runtime));
  }),
  minMax("max"),
  minMax("min"),
  builtin("next", "iterator, default?, /", next),
  builtin("reversed", "sequence, /", reversed),
  builtin(
    "sorted",
    "iterable, /, *, key?, reverse?",
    (args, runtime) =>
      sortItems(
        listOf(args.at(0), runtime),
        { key: args.at(1), reverse: args.integerOr(2, 0n) !== 0n },
        runtime,
      ),
  ),
  builtin("sum", "iterable, /, start?", sum),
  builtin("zip", "*iterables, strict?", (args, runtime) => {
    for (const iterable of args.rest) checked(iterable, runtime);
    return new Iter("zip", zipItems(args.rest, isTrue(args.at(0)), runtime));
  }),
];
