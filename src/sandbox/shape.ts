/** What data looks like that comes from somewhere that is not trusted. */

/** Whether a value is one of these. */
export type Shape<T> = (value: unknown) => value is T;

/** The shapes of an object's fields. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Shape<T[K] | undefined>;
};

/** Longest text, in UTF-16 units: a server's line in a debug log. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** Most items of a list: the messages of a very large mailbox. */
const MOST_ITEMS = 10_000_000;

export const text: Shape<string> = (value): value is string =>
  typeof value === "string" && value.length <= LONGEST_TEXT;

/** A finite number. */
export const number: Shape<number> = (value): value is number =>
  Number.isFinite(value);

export const flag: Shape<boolean> = (value): value is boolean =>
  typeof value === "boolean";

export const nothing: Shape<undefined> = (value): value is undefined =>
  value === undefined;

/** Whatever can be sent. */
export const anything: Shape<unknown> = (_value): _value is unknown => true;

/** One of these words. */
export function word<const W extends string>(...words: readonly W[]): Shape<W> {
  return (value): value is W => words.some((one) => one === value);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => nothing(value) || shape(value);
}

export function list<T>(item: Shape<T>): Shape<T[]> {
  return (value): value is T[] =>
    Array.isArray(value) && value.length <= MOST_ITEMS && value.every(item);
}

/** An object whose keys are not known. */
export function dictionary<T>(item: Shape<T>): Shape<Record<string, T>> {
  const items = list(item);
  return (value): value is Record<string, T> =>
    isObject(value) && items(Object.values(value));
}

/** An object with these fields; it may have more, which nobody looks at. */
export function record<T>(fields: Fields<T>): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(fields);
  return (value): value is T =>
    isObject(value) && entries.every(([name, fits]) => fits(value[name]));
}

/**
 * An object of one of several kinds, told by the field `name`.
 * @param kinds The other fields of each.
 */
export function oneOf<T>(
  name: string,
  kinds: Readonly<Record<string, Readonly<Record<string, Shape<unknown>>>>>,
): Shape<T> {
  const shapes = new Map(
    Object.entries(kinds).map((
      [kind, fields],
    ) => [kind, record<Record<string, unknown>>(fields)]),
  );
  return (value): value is T =>
    isObject(value) && typeof value[name] === "string" &&
    shapes.get(value[name])?.(value) === true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}
