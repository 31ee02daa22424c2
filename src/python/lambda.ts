/** Binds the arguments of a call to the parameters of a lambda. */
import type { Parameter } from "./ast.ts";
import { Dict } from "./collections.ts";
import { typeError } from "./raised.ts";
import { type Keywords, Tuple, type Value } from "./values.ts";

/** The values of the parameters by name. @throws `TypeError` as Python. */
export function bindParameters(
  parameters: readonly Parameter[],
  fallbacks: ReadonlyMap<string, Value>,
  args: readonly Value[],
  keywords: Keywords,
): Map<string, Value> {
  const bound = new Map<string, Value>();
  const plain = parameters.filter(({ kind }) => kind === "plain");
  const rest = parameters.find(({ kind }) => kind === "rest");
  const others = parameters.find(({ kind }) => kind === "keywords");
  if (args.length > plain.length && rest === undefined) {
    const were = args.length === 1 ? "was" : "were";
    throw typeError(
      `<lambda>() takes ${plain.length} positional argument${
        plain.length === 1 ? "" : "s"
      } but ${args.length} ${were} given`,
    );
  }
  plain.forEach(({ name }, index) => {
    const value = args[index];
    if (value !== undefined) bound.set(name, value);
  });
  const unknown = new Dict();
  for (const [name, value] of keywords) {
    const known = parameters.some((parameter) =>
      parameter.name === name &&
      (parameter.kind === "plain" || parameter.kind === "keyword")
    );
    if (known && bound.has(name)) {
      throw typeError(`<lambda>() got multiple values for argument '${name}'`);
    }
    if (known) bound.set(name, value);
    else if (others !== undefined) unknown.set(name, value);
    else {
      throw typeError(
        `<lambda>() got an unexpected keyword argument '${name}'`,
      );
    }
  }
  if (rest !== undefined) {
    bound.set(rest.name, new Tuple(args.slice(plain.length)));
  }
  if (others !== undefined) bound.set(others.name, unknown);
  for (const { name } of parameters) {
    if (bound.has(name)) continue;
    const fallback = fallbacks.get(name);
    if (fallback === undefined) {
      throw typeError(`<lambda>() missing required argument: '${name}'`);
    }
    bound.set(name, fallback);
  }
  return bound;
}
