/** Names and their values while an expression is evaluated. */
import type { Value } from "./values.ts";

/** The variables of one call of a lambda, or of one comprehension. */
export class Scope {
  readonly #variables = new Map<string, Value>();

  constructor(
    readonly parent: Scope | undefined,
    /** `:=` in a comprehension assigns outside of it. */
    readonly ofComprehension: boolean,
  ) {}

  /** The value of `name` here or further out. */
  find(name: string): Value | undefined {
    const value = this.#variables.get(name);
    return value === undefined ? this.parent?.find(name) : value;
  }

  /** Sets a variable of this scope. */
  set(name: string, value: Value): void {
    this.#variables.set(name, value);
  }

  /** Sets a variable as `:=` does. */
  assign(name: string, value: Value): void {
    if (this.ofComprehension && this.parent !== undefined) {
      this.parent.assign(name, value);
    } else this.set(name, value);
  }
}
