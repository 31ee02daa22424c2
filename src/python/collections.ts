/** dict and set: in insertion order, with Python's key equality. */
import { keyOf } from "./hash.ts";
import { Raised } from "./raised.ts";
import { PyObject, type Value } from "./values.ts";

/** `{key: value}`. */
export class Dict extends PyObject {
  readonly typeName = "dict";
  readonly #entries = new Map<string, [key: Value, value: Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    super();
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: Value): boolean {
    return this.#entries.has(keyOf(key));
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyOf(key))?.[1];
  }

  /** Sets a value; a key that is there keeps its place and its spelling. */
  set(key: Value, value: Value): void {
    const text = keyOf(key);
    const entry = this.#entries.get(text);
    if (entry === undefined) this.#entries.set(text, [key, value]);
    else entry[1] = value;
  }

  /** Removes a key; its value, or undefined when there was none. */
  remove(key: Value): Value | undefined {
    const text = keyOf(key);
    const entry = this.#entries.get(text);
    this.#entries.delete(text);
    return entry?.[1];
  }

  clear(): void {
    this.#entries.clear();
  }

  /** All pairs; a change of size while they are read is Python's error. */
  *entries(): Generator<[Value, Value], undefined> {
    const { size } = this;
    for (const entry of this.#entries.values()) {
      yield entry;
      if (this.size !== size) {
        throw new Raised(
          "RuntimeError",
          "dictionary changed size during iteration",
        );
      }
    }
  }
}

/** `dict.keys()`, `.values()` or `.items()`: a window on the dict. */
export class DictView extends PyObject {
  readonly typeName: string;

  constructor(
    readonly dict: Dict,
    readonly kind: "keys" | "values" | "items",
  ) {
    super();
    this.typeName = `dict_${kind}`;
  }
}

/** `set` and `frozenset`. */
export class PySet extends PyObject {
  readonly typeName: string;
  readonly #members = new Map<string, Value>();

  constructor(members: Iterable<Value> = [], readonly frozen = false) {
    super();
    this.typeName = frozen ? "frozenset" : "set";
    for (const member of members) this.add(member);
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: Value): boolean {
    return this.#members.has(keyOf(member));
  }

  add(member: Value): void {
    const key = keyOf(member);
    if (!this.#members.has(key)) this.#members.set(key, member);
  }

  /** Removes a member; false when it was not there. */
  remove(member: Value): boolean {
    return this.#members.delete(keyOf(member));
  }

  clear(): void {
    this.#members.clear();
  }

  /** What tells the members apart, see `keyOf`. */
  keys(): IterableIterator<string> {
    return this.#members.keys();
  }

  /** The members in the order of insertion, where Python has none to promise. */
  *members(): Generator<Value, undefined> {
    const { size } = this;
    for (const member of this.#members.values()) {
      yield member;
      if (this.size !== size) {
        throw new Raised("RuntimeError", "Set changed size during iteration");
      }
    }
  }
}
