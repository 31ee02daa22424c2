/** How long is waited after failures. */

/** The longest wait of an account, unless the user's own pause is longer. */
const LONGEST_MS = 30 * 60_000;

/**
 * The pause before the next sync.
 *
 * Without failures the user's own pause; after failures {@link backOff}.
 * OfflineIMAP gives up after three failures in a row, such as on a train.
 *
 * @param failures Failures in a row, the last sync included.
 * @param random A number from 0 up to 1.
 */
export function pauseAfter(
  autorefreshMs: number,
  failures: number,
  random: number,
): number {
  if (failures === 0) return autorefreshMs;
  return backOff(autorefreshMs, failures, random, {
    longestMs: Math.max(autorefreshMs, LONGEST_MS),
  });
}

/**
 * A wait that doubles with every further failure in a row. A random part of it,
 * up to a half, is left out, so that many programs do not come back to a server
 * in the same moment.
 *
 * @param firstMs The wait after one failure.
 * @param failures Failures in a row, at least 1.
 * @param random A number from 0 up to 1.
 */
export function backOff(
  firstMs: number,
  failures: number,
  random: number,
  { longestMs }: { longestMs: number },
): number {
  // 2 ** 1024 is infinity, which the minimum takes care of.
  const grown = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return grown * (1 - random / 2);
}
