/** The guard against mass deletion. */

/** When a number of deletions is too many to be believed. */
export interface GuardLimits {
  /** Largest share of a mailbox, 0 to 1; undefined switches the guard off. */
  readonly share: number | undefined;
  /** Up to this many are always believed. */
  readonly always: number;
}

/** Half of a mailbox, if that is more than twenty messages. */
export const DEFAULT_LIMITS: GuardLimits = { share: 0.5, always: 20 };

/**
 * Whether `deletions` out of `agreed` messages look like a short listing, a
 * disk that is not mounted or a moved server rather than a user's wish.
 */
export function isMassDeletion(
  deletions: number,
  agreed: number,
  limits: GuardLimits,
): boolean {
  if (limits.share === undefined || deletions <= limits.always) return false;
  return deletions > limits.share * agreed;
}
