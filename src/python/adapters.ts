/** Expressions as the options need them: names to names, names to yes or no. */
import { Dict } from "./collections.ts";
import type { Engine } from "./engine.ts";
import { PythonError } from "./python_error.ts";
import type { PythonSource } from "./source.ts";
import { asInteger, typeName, type Value } from "./values.ts";

/** An expression of the configuration, ready to be evaluated. */
export interface PythonExpression extends Engine {
  readonly source: PythonSource;
}

/** The error of a result that the option cannot use. */
function wrongType(
  { source }: PythonExpression,
  wanted: string,
  value: Value,
  calledWith?: string,
): PythonError {
  return new PythonError(`must give ${wanted}, not ${typeName(value)}`, {
    code: "python.type",
    source,
    calledWith,
  });
}

/** `name` as an error shows it. */
function quoted(name: string): string {
  return `'${name}'`;
}

/**
 * `nametrans`: a folder name to another.
 *
 * The promise fails when the expression is no function; a call fails when it
 * raises or gives no str, and says for which folder.
 */
export async function asNameTransform(
  expression: PythonExpression,
): Promise<(name: string) => Promise<string>> {
  const transform = await expression.function();
  return async (name) => {
    const value = await transform.call([name]);
    if (typeof value === "string") return value;
    throw wrongType(expression, "a str", value, quoted(name));
  };
}

/**
 * `folderfilter`, of a repository `(folder)` or of mbnames `(account, folder)`:
 * whether the result counts as true.
 */
export async function asFilter(
  expression: PythonExpression,
): Promise<(...names: string[]) => Promise<boolean>> {
  const filter = await expression.function();
  return (...names) => filter.test(names);
}

/** Puts things in order, by what `nameOf` says of each. */
export type Sorter<Key> = <T>(
  things: readonly T[],
  keyOf: (thing: T) => Key,
) => Promise<T[]>;

/** `foldersort`: Python 2's `cmp` over two names. Equal ones keep their order. */
export async function asFolderSort(
  expression: PythonExpression,
): Promise<Sorter<string>> {
  const compare = await expression.function();
  return async (things, nameOf) =>
    reorder(things, await compare.compareSort(things.map(nameOf)));
}

/** `mbnames.sort_keyfunc`: the key of a dict. Equal ones keep their order. */
export async function asRecordSort(
  expression: PythonExpression,
): Promise<Sorter<Readonly<Record<string, string>>>> {
  const key = await expression.function();
  return async (things, recordOf) => {
    const dicts = things.map((thing) =>
      new Dict(Object.entries(recordOf(thing)))
    );
    return reorder(things, await key.keySort(dicts));
  };
}

function reorder<T>(things: readonly T[], order: readonly number[]): T[] {
  return order.flatMap((index) => things.slice(index, index + 1));
}

/**
 * `folderincludes` and `idlefolders`: a list, tuple or other iterable of str.
 *
 * A single str, for which OfflineIMAP would take every character, counts as a
 * list of one, and None as an empty one.
 */
export async function asStringList(
  expression: PythonExpression,
): Promise<readonly string[]> {
  const value = await expression.value();
  if (typeof value === "string") return [value];
  const items = await expression.items();
  return (items ?? []).map((item) => {
    if (typeof item === "string") return item;
    throw wrongType(expression, "a list of str", item);
  });
}

/**
 * The `*eval` options that give a text: a str, or bytes taken as UTF-8. Evaluated
 * anew each time.
 */
export async function asString(expression: PythonExpression): Promise<string> {
  const text = await asOptionalString(expression);
  if (text !== undefined) return text;
  throw wrongType(expression, "a str", null);
}

/** As {@link asString}; undefined for None, which `oauth2_*_eval` may give. */
export async function asOptionalString(
  expression: PythonExpression,
): Promise<string | undefined> {
  const value = await expression.value();
  if (value === null) return undefined;
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) {
    throw wrongType(expression, "a str", value);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(value);
  } catch {
    throw new PythonError("must give UTF-8, these bytes are not", {
      code: "python.type",
      source: expression.source,
    });
  }
}

/** `remoteporteval`: an int that a number can hold. */
export async function asInt(expression: PythonExpression): Promise<number> {
  const value = await expression.value();
  const integer = asInteger(value);
  if (integer === undefined) throw wrongType(expression, "an int", value);
  return numberFrom(expression, integer);
}

function numberFrom(expression: PythonExpression, integer: bigint): number {
  const number = Number(integer);
  if (Number.isSafeInteger(number)) return number;
  throw new PythonError("must give a smaller int", {
    code: "python.type",
    source: expression.source,
  });
}

/** `copy_ignore_eval`: the UIDs to leave out in a folder, none for None. */
export async function asUidList(
  expression: PythonExpression,
): Promise<(folder: string) => Promise<readonly number[]>> {
  const list = await expression.function();
  return async (folder) => {
    const items = await list.items([folder]);
    return (items ?? []).map((item) => {
      const uid = asInteger(item);
      if (uid !== undefined) return numberFrom(expression, uid);
      throw wrongType(expression, "a list of int", item, quoted(folder));
    });
  };
}

/** `newmail_hook`: a function without arguments, whose result means nothing. */
export async function asHook(
  expression: PythonExpression,
): Promise<() => Promise<void>> {
  const hook = await expression.function();
  return async () => void await hook.call([]);
}
