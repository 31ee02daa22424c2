/** The order in which mailboxes are synchronised. */

/** Compares two visible names: negative, 0, positive. */
export type Compare = (a: string, b: string) => Promise<number> | number;

/** OfflineIMAP's order: by translated name, ignoring case. */
export function byLowerCase(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * A stable merge sort whose comparison may be asynchronous, since `foldersort`
 * can lead into a Python process.
 */
export async function sortBy<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  compare: Compare,
): Promise<Item[]> {
  if (items.length < 2) return [...items];
  const middle = items.length >>> 1;
  const left = await sortBy(items.slice(0, middle), nameOf, compare);
  const right = await sortBy(items.slice(middle), nameOf, compare);
  const sorted: Item[] = [];
  let l = 0;
  let r = 0;
  while (true) {
    const a = left[l];
    const b = right[r];
    if (a === undefined) return [...sorted, ...right.slice(r)];
    if (b === undefined) return [...sorted, ...left.slice(l)];
    if (await compare(nameOf(a), nameOf(b)) <= 0) {
      sorted.push(a);
      l++;
    } else {
      sorted.push(b);
      r++;
    }
  }
}
