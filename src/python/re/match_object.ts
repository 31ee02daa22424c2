/** What a regular expression found: `re.Match`. */
import { clampIndex } from "../numbers.ts";
import { Raised } from "../raised.ts";
import { asInteger, PyObject, type Value } from "../values.ts";
import type { Pattern } from "./pattern.ts";
import type { Captures } from "./run.ts";
import { substring } from "../code_points.ts";

/** The text that was searched and which part of it. */
export interface Searched {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** `re.Match`; positions count code points. */
export class Match extends PyObject {
  readonly typeName = "re.Match";

  constructor(
    readonly pattern: Pattern,
    readonly searched: Searched,
    readonly captures: Captures,
  ) {
    super();
  }

  /** Start and end of a group that exists; -1 both when it took no part. */
  span(group: number): readonly [start: number, end: number] {
    const { slots } = this.captures;
    const start = slots[group * 2] ?? -1;
    const end = slots[group * 2 + 1] ?? -1;
    return start < 0 || end < 0 ? [-1, -1] : [start, end];
  }

  /** Text of a group that exists; undefined when it took no part. */
  group(group: number): string | undefined {
    const [start, end] = this.span(group);
    if (start < 0) return undefined;
    return substring(this.searched.text, start, end);
  }

  /** The number of the group that `key`, a number or a name, means. */
  numberOf(key: Value): number {
    const integer = asInteger(key);
    const number = integer === undefined
      ? typeof key === "string" ? this.pattern.names.get(key) : undefined
      : clampIndex(integer);
    if (number === undefined || number < 0 || number > this.pattern.groups) {
      throw new Raised("IndexError", "no such group");
    }
    return number;
  }

  /** `match[key]` and `match.group(key)`. */
  groupAt(key: Value): Value {
    return this.group(this.numberOf(key)) ?? null;
  }

  /** The name of the group that closed last. */
  get lastGroupName(): string | undefined {
    for (const [name, number] of this.pattern.names) {
      if (number === this.captures.lastGroup) return name;
    }
    return undefined;
  }
}
