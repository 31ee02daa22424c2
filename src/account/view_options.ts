/** Which options decide what a sync sees. */
import { isImap } from "../config/config.ts";
import type { AccountRun } from "./api.ts";
import { labelHeaderOf } from "./labels.ts";

/** Their values, as one text: if it changes, everything is looked at again. */
export function viewOptions({ account }: AccountRun): string {
  return JSON.stringify([
    account.maxAge,
    account.maxSizeBytes,
    account.remote.startDate,
    account.local.startDate,
    account.remote.readonly,
    account.local.readonly,
    account.remote.syncDeletes,
    account.local.syncDeletes,
    isImap(account.local) ? undefined : account.local.customFlags,
    ...(account.remote.realDelete ? ["realdelete"] : []),
    ...(labelHeaderOf(account) === undefined
      ? []
      : [account.labelsHeader, account.ignoreLabels]),
  ]);
}
