/** How long an account waits that cannot be synchronised. */

/** The longest wait, unless the user's own pause is longer. */
const LONGEST_MS = 30 * 60_000;

/**
 * The pause before the next sync.
 *
 * Without failures the user's own pause. It doubles with every further failure
 * in a row up to half an hour, and a random part of it, up to a half, is left
 * out, so that many programs do not come back to a server in the same moment.
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
  // 2 ** 1024 is infinity, which the minimum takes care of.
  const grown = autorefreshMs * 2 ** (failures - 1);
  const longest = Math.min(grown, Math.max(autorefreshMs, LONGEST_MS));
  return longest * (1 - random / 2);
}
