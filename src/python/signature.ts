/** The parameters of builtins and methods, and the arguments they were given. */
import { typeError } from "./raised.ts";
import { asInteger, type Keywords, typeName, type Value } from "./values.ts";

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly positional: boolean;
  readonly keyword: boolean;
}

/**
 * What a native function takes, written as in Python's documentation:
 * `iterable, /, *, key?, reverse?`. A `?` ends the name of an optional one,
 * `/` ends those without a keyword, `*` those without a position, `*rest` takes
 * any number and `**named` any keyword.
 */
export class Signature {
  readonly #parameters: Parameter[] = [];
  /** True when `*rest` is the last but for keywords. */
  readonly #rest: boolean;
  readonly #named: boolean;
  readonly #positional: number;

  constructor(text: string) {
    const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
    const slash = parts.indexOf("/");
    const star = parts.findIndex((part) => part.startsWith("*"));
    this.#named = parts.some((part) => part.startsWith("**"));
    this.#rest = /^\*[^*]/.test(parts[star] ?? "");
    for (const [index, part] of parts.entries()) {
      if (part === "/" || part.startsWith("*")) continue;
      this.#parameters.push({
        name: part.replace("?", ""),
        optional: part.endsWith("?"),
        positional: star < 0 || index < star,
        keyword: index > slash,
      });
    }
    this.#positional =
      this.#parameters.filter((parameter) => parameter.positional).length;
  }

  /** Sorts the arguments of a call. @throws `TypeError` as Python. */
  bind(name: string, args: readonly Value[], keywords: Keywords): Arguments {
    if (args.length > this.#positional && !this.#rest) {
      throw typeError(
        `${name}() takes at most ${this.#positional} positional arguments ` +
          `(${args.length} given)`,
      );
    }
    const rest = new Map(keywords);
    const values = this.#parameters.map((parameter, index) => {
      const positional = parameter.positional ? args[index] : undefined;
      const keyword = parameter.keyword ? rest.get(parameter.name) : undefined;
      if (keyword !== undefined) rest.delete(parameter.name);
      if (positional !== undefined && keyword !== undefined) {
        throw typeError(
          `${name}() got multiple values for argument '${parameter.name}'`,
        );
      }
      // null is None, a value; only undefined means that nothing was given.
      const given = positional === undefined ? keyword : positional;
      if (given === undefined && !parameter.optional) {
        throw typeError(
          `${name}() missing required argument: '${parameter.name}'`,
        );
      }
      return given;
    });
    for (const unknown of this.#named ? [] : rest.keys()) {
      throw typeError(
        `${name}() got an unexpected keyword argument '${unknown}'`,
      );
    }
    return new Arguments(name, values, args.slice(this.#positional), rest);
  }
}

/** The arguments of one call, in the order of the signature. */
export class Arguments {
  readonly #values: readonly (Value | undefined)[];

  constructor(
    readonly name: string,
    values: readonly (Value | undefined)[],
    /** What `*rest` took. */
    readonly rest: readonly Value[],
    /** What `**named` took. */
    readonly named: Keywords,
  ) {
    this.#values = values;
  }

  /** True when the argument was given. */
  has(index: number): boolean {
    return this.#values[index] !== undefined;
  }

  /** The argument, undefined when it was left out. */
  optional(index: number): Value | undefined {
    return this.#values[index];
  }

  /** The argument, None when it was left out. */
  at(index: number): Value {
    return this.#values[index] ?? null;
  }

  /** A str. */
  text(index: number): string {
    const value = this.at(index);
    if (typeof value === "string") return value;
    throw this.wrongType(index, "str");
  }

  /** A str, or `otherwise` when left out. */
  textOr<T>(index: number, otherwise: T): string | T {
    return this.has(index) ? this.text(index) : otherwise;
  }

  /** An int or bool. */
  integer(index: number): bigint {
    const integer = asInteger(this.at(index));
    if (integer !== undefined) return integer;
    throw typeError(
      `'${
        typeName(this.at(index))
      }' object cannot be interpreted as an integer`,
    );
  }

  /** An int that counts or indexes, or `otherwise` when left out. */
  integerOr(index: number, otherwise: bigint): bigint {
    return this.has(index) ? this.integer(index) : otherwise;
  }

  /** The error of an argument of another type than `wanted`. */
  wrongType(index: number, wanted: string): Error {
    return typeError(
      `${this.name}() argument ${index + 1} must be ${wanted}, not ${
        typeName(this.at(index))
      }`,
    );
  }
}
