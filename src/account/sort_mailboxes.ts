/** The order in which mailboxes are synchronised. */

/** OfflineIMAP's order without `foldersort`: by name without case, stable. */
export function byLowerCase<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
): Promise<T[]> {
  const keyed = things.map((thing) => ({
    thing,
    key: nameOf(thing).toLowerCase(),
  }));
  // By code unit, as Python compares: a locale's order differs by machine.
  keyed.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  return Promise.resolve(keyed.map(({ thing }) => thing));
}
