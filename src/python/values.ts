/**
 * The values that expressions compute with.
 *
 * What JavaScript has is used as it is: `None` is null, bool is boolean, int is
 * bigint and float is number (so `1` and `1.0` stay apart), str is string
 * (counted by code points, see `code_points.ts`), bytes is `Uint8Array`, list is
 * an array. The rest are the classes below. None is ever reached by property
 * name from an expression: attributes come from explicit tables only.
 */
import type { PythonHost } from "./host.ts";
import type { Meter } from "./meter.ts";

/** Any value of an expression. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Value[]
  | PyObject;

/** A value without a counterpart in JavaScript. */
export abstract class PyObject {
  /** What `type(x).__name__` says. */
  abstract readonly typeName: string;
}

/** What natives may use of the evaluation that they run in. */
export interface Runtime {
  readonly meter: Meter;
  /** The outside, where permitted. */
  readonly host: PythonHost | undefined;
  /** Calls any callable value. */
  call(callee: Value, args: readonly Value[], keywords?: Keywords): Value;
  /** `value.name`. */
  attribute(value: Value, name: string): Value;
  /** `value[index]`. */
  item(value: Value, index: Value): Value;
}

/** Keyword arguments of a call. */
export type Keywords = ReadonlyMap<string, Value>;

/** No keyword arguments. */
export const NO_KEYWORDS: Keywords = new Map();

/** `(a, b)`. */
export class Tuple extends PyObject {
  readonly typeName = "tuple";
  constructor(readonly items: readonly Value[]) {
    super();
  }
}

/** `range(start, stop, step)`; `step` is not 0. */
export class Range extends PyObject {
  readonly typeName = "range";
  readonly length: number;

  constructor(
    readonly start: bigint,
    readonly stop: bigint,
    readonly step: bigint,
  ) {
    super();
    const span = step > 0n ? stop - start : start - stop;
    const stride = step > 0n ? step : -step;
    this.length = span <= 0n ? 0 : Number((span + stride - 1n) / stride);
  }

  /** The item at `index`, which is in bounds. */
  at(index: number): bigint {
    return this.start + BigInt(index) * this.step;
  }
}

/** `slice(start, stop, step)`. */
export class Slice extends PyObject {
  readonly typeName = "slice";
  constructor(
    readonly start: Value,
    readonly stop: Value,
    readonly step: Value,
  ) {
    super();
  }
}

/** An iterator, used up as it is read: a generator, a `map` object… */
export class Iter extends PyObject {
  constructor(
    readonly typeName: string,
    readonly source: Iterator<Value, unknown>,
  ) {
    super();
  }
}

/** Something that can be called. */
export class Callable extends PyObject {
  constructor(
    readonly name: string,
    readonly invoke: (
      args: readonly Value[],
      keywords: Keywords,
      runtime: Runtime,
    ) => Value,
    readonly typeName = "builtin_function_or_method",
  ) {
    super();
  }
}

/** A type such as `str`: called to convert, compared with `isinstance`. */
export class Type extends PyObject {
  readonly typeName = "type";
  constructor(
    readonly name: string,
    readonly construct: Callable["invoke"],
    /** What can be had from the type itself, such as `str.maketrans`. */
    readonly statics: ReadonlyMap<string, Value> = new Map(),
  ) {
    super();
  }
}

/** A module: names and their values. */
export class Module extends PyObject {
  readonly typeName = "module";
  constructor(
    readonly name: string,
    readonly members: ReadonlyMap<string, Value>,
  ) {
    super();
  }
}

/** The name of `value`'s type, as Python's messages spell it. */
export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "str";
  }
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof PyObject) return value.typeName;
  return "list";
}

/** The integer that an int or bool stands for, else undefined. */
export function asInteger(value: Value | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  return undefined;
}
