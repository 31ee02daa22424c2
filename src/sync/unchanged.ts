/** Which mailboxes need not even be opened. */
import type { PairStatus } from "./status.ts";
import type { Task } from "./task.ts";

/** Whether neither side changed since the status was written. */
export function isUnchanged(
  { remote, local, rules }: Task,
  status: PairStatus | undefined,
  quick: boolean,
): boolean {
  return status !== undefined && status.unsettled === 0 && !rules.restore &&
    status.options === rules.options &&
    status.remoteToken !== undefined && status.localToken !== undefined &&
    status.remoteToken === remote.token && status.localToken === local.token &&
    (quick || (remote.exact !== false && local.exact !== false));
}
