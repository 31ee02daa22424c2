/** What evaluates an expression: this program, or the user's own Python. */
import type { Value } from "./values.ts";

/** An evaluated expression that is a function. */
export interface PythonFunction {
  /** Its result. */
  call(args: readonly Value[]): Promise<Value>;
  /** Whether its result counts as true. */
  test(args: readonly Value[]): Promise<boolean>;
  /** The items of its result, undefined when that is None. */
  items(args: readonly Value[]): Promise<readonly Value[] | undefined>;
  /**
   * Sorts texts with the function as Python 2's `cmp`: negative, zero, positive.
   *
   * @returns The indexes of the texts in order.
   */
  compareSort(texts: readonly string[]): Promise<readonly number[]>;
  /** Sorts values with the function as key. @returns Indexes as above. */
  keySort(values: readonly Value[]): Promise<readonly number[]>;
}

/** An expression that is ready to be evaluated, as often as wanted. */
export interface Engine {
  /** The value, computed anew. */
  value(): Promise<Value>;
  /** The items of the value, undefined when that is None. */
  items(): Promise<readonly Value[] | undefined>;
  /** The value, which must be a function. */
  function(): Promise<PythonFunction>;
}
