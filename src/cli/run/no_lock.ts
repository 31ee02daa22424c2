/** What a dry run holds. */
import type { AccountLock } from "../../account/lock.ts";

/**
 * A dry run writes nothing that another one could read, and leaves no trace: not
 * even the lock.
 */
export const NO_LOCK: AccountLock = {
  verify: () => Promise.resolve(true),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
