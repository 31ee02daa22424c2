/** `sorted`, `list.sort`, `min` and `max`. */
import { ordered, sortOrder } from "./compare.ts";
import type { Runtime, Value } from "./values.ts";

/** How to sort. */
export interface SortOptions {
  /** The key function, None for the items themselves. */
  readonly key: Value;
  readonly reverse: boolean;
}

/** The items in order; equal ones keep theirs, also when reversed. */
export function sortItems(
  items: readonly Value[],
  options: SortOptions,
  runtime: Runtime,
): Value[] {
  const { key, reverse } = options;
  const keyed = items.map((item) => ({
    item,
    key: key === null ? item : runtime.call(key, [item]),
  }));
  keyed.sort((a, b) => {
    runtime.meter.step();
    return reverse ? sortOrder(b.key, a.key) : sortOrder(a.key, b.key);
  });
  return keyed.map(({ item }) => item);
}

/** The first smallest or largest of some items, undefined for none. */
export function extreme(
  items: Iterable<Value>,
  want: "<" | ">",
  key: Value,
  runtime: Runtime,
): Value | undefined {
  let best: { item: Value; key: Value } | undefined;
  for (const item of items) {
    const its = key === null ? item : runtime.call(key, [item]);
    if (best === undefined || ordered(want, its, best.key)) {
      best = { item, key: its };
    }
  }
  return best?.item;
}
