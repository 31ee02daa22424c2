/** Module `functools`: partial, cmp_to_key and reduce. */
import { Ordered } from "./compare.ts";
import { iterate } from "./iterate.ts";
import { builtin } from "./native.ts";
import { asNumber } from "./compare.ts";
import { typeError } from "./raised.ts";
import {
  Callable,
  Module,
  type Runtime,
  typeName,
  type Value,
} from "./values.ts";

/** A value that is compared by a function of the expression. */
class ComparedBy extends Ordered {
  readonly typeName = "functools.KeyWrapper";

  constructor(
    readonly compare: Value,
    readonly value: Value,
    readonly runtime: Runtime,
  ) {
    super();
  }

  override compareTo(other: Ordered): bigint | number {
    if (!(other instanceof ComparedBy)) {
      throw typeError("other argument must be K instance");
    }
    const { compare, runtime } = this;
    const result = runtime.call(compare, [this.value, other.value]);
    const number = asNumber(result);
    if (number !== undefined) return number;
    throw typeError(
      `'<' not supported between instances of '${typeName(result)}' and 'int'`,
    );
  }
}

/** `functools.cmp_to_key(compare)`. */
export function keyFromCompare(compare: Value): Callable {
  return new Callable(
    "KeyWrapper",
    ([value = null], _keywords, runtime) =>
      new ComparedBy(compare, value, runtime),
  );
}

const partial = builtin("partial", "func, /, *args, **keywords", (bound) => {
  const func = bound.at(0);
  return new Callable(
    "partial",
    (args, keywords, runtime) =>
      runtime.call(
        func,
        [...bound.rest, ...args],
        new Map([...bound.named, ...keywords]),
      ),
    "functools.partial",
  );
});

const reduce = builtin(
  "reduce",
  "function, iterable, initial?, /",
  (args, runtime) => {
    let total = args.optional(2);
    for (const item of iterate(args.at(1), runtime)) {
      total = total === undefined
        ? item
        : runtime.call(args.at(0), [total, item]);
    }
    if (total !== undefined) return total;
    throw typeError("reduce() of empty iterable with no initial value");
  },
);

/** The module. */
export const FUNCTOOLS_MODULE = new Module(
  "functools",
  new Map<string, Value>([
    [
      "cmp_to_key",
      builtin("cmp_to_key", "mycmp", (args) => keyFromCompare(args.at(0))),
    ],
    ["partial", partial],
    ["reduce", reduce],
  ]),
);
