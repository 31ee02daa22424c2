/** When which account is synchronised: in turn, at once, again and again. */
import {
  AccountLoop,
  type LoopParts,
  type ScheduledAccount,
} from "./account_loop.ts";
import type { TurnSource } from "./turns.ts";

/** How a schedule ended. */
export interface ScheduleOutcome {
  /** Accounts with at least one error in at least one sync. */
  readonly failedAccounts: number;
  /** At least one folder was left out because of its UIDVALIDITY. */
  readonly validityProblem: boolean;
}

/**
 * Synchronises accounts, as many at the same time as `turns` allows, until each has
 * had its sync, or with `autorefresh` until the user ends it.
 *
 * Accounts do not touch each other: whatever one reports or throws, the others
 * go on, and it has its next turn. Emits the `account.*` events and an `error`
 * for what keeps a sync from being done; the core emits everything else.
 *
 * Never rejects.
 */
export async function runSchedule(
  accounts: readonly ScheduledAccount[],
  turns: TurnSource,
  parts: LoopParts,
): Promise<ScheduleOutcome> {
  const loops = accounts.map((account) => new AccountLoop(account, parts));
  await Promise.all(loops.map((loop) => loop.run(turns)));
  return {
    failedAccounts: loops.filter(({ syncs }) => syncs.failed).length,
    validityProblem: loops.some(({ syncs }) => syncs.validityProblem),
  };
}
