/** Functions and methods that are written here rather than in an expression. */
import { typeError } from "./raised.ts";
import { type Arguments, Signature } from "./signature.ts";
import {
  Callable,
  type Keywords,
  type Runtime,
  typeName,
  type Value,
} from "./values.ts";

/** The body of a builtin function. */
export type FunctionBody = (args: Arguments, runtime: Runtime) => Value;

/** A builtin function. `signature` is as {@link Signature} reads it. */
export function builtin(
  name: string,
  signature: string,
  body: FunctionBody,
): Callable {
  const parsed = lazy(() => new Signature(signature));
  return new Callable(
    name,
    (args, keywords, runtime) =>
      body(parsed().bind(name, args, keywords), runtime),
  );
}

/** A value that is made when it is first asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A method: what it does to `self`. */
export type MethodBody<Self> = (
  self: Self,
  args: Arguments,
  runtime: Runtime,
) => Value;

/** Finds the methods of a type by name, bound to a value or free. */
export interface MethodTable {
  readonly typeName: string;
  /** `value.name`, undefined when there is none. */
  bound(value: Value, name: string): Callable | undefined;
  /** `type.name`, which takes the value as first argument. */
  unbound(name: string): Callable | undefined;
}

/** Methods by name: signature and body. */
export type Methods<Self> = Readonly<
  Record<string, readonly [signature: string, body: MethodBody<Self>]>
>;

/** A table of methods; `cast` gives undefined for values of other types. */
export function methodTable<Self>(
  name: string,
  cast: (value: Value) => Self | undefined,
  methods: Methods<Self>,
): MethodTable {
  // A map, since names such as `constructor` are found in every object.
  const byName = new Map(Object.entries(methods));
  const signatures = new Map<string, Signature>();

  function invoke(
    method: string,
    [signature, body]: Methods<Self>[string],
    value: Value,
    args: readonly Value[],
    keywords: Keywords,
    runtime: Runtime,
  ): Value {
    const self = cast(value);
    if (self === undefined) {
      throw typeError(
        `descriptor '${method}' for '${name}' objects doesn't apply to a ` +
          `'${typeName(value)}' object`,
      );
    }
    let parsed = signatures.get(method);
    if (parsed === undefined) {
      parsed = new Signature(signature);
      signatures.set(method, parsed);
    }
    runtime.meter.step();
    return body(self, parsed.bind(method, args, keywords), runtime);
  }

  return {
    typeName: name,
    bound(value, methodName) {
      const method = byName.get(methodName);
      if (method === undefined) return undefined;
      return new Callable(
        methodName,
        (args, keywords, runtime) =>
          invoke(methodName, method, value, args, keywords, runtime),
      );
    },
    unbound(methodName) {
      const method = byName.get(methodName);
      if (method === undefined) return undefined;
      return new Callable(
        methodName,
        ([value, ...args], keywords, runtime) => {
          if (value === undefined) {
            throw typeError(
              `unbound method ${name}.${methodName}() needs an argument`,
            );
          }
          return invoke(methodName, method, value, args, keywords, runtime);
        },
      );
    },
  };
}
