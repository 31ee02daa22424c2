/** How the configuration has a folder synchronised. */
import type { MailboxInfo } from "../sync/ports.ts";
import type { Task } from "../sync/task.ts";
import type { Side } from "../sync/types.ts";
import { keepsAll, warnOfKept } from "./all_mail.ts";
import {
  ageLimit,
  isCopied,
  isWithin,
  limitsOf,
  needDetails,
} from "./limits.ts";
import type { NamedPair } from "./naming.ts";
import type { OpenAccount } from "./open_account.ts";
import { startUid } from "./start_uid.ts";

/**
 * How the pair is to be synchronised.
 *
 * @param ignored The UIDs that are never copied from each side.
 */
export function taskOf(
  opened: OpenAccount,
  pair: NamedPair,
  ignored: Readonly<Record<Side, readonly number[]>>,
  remote: MailboxInfo,
  local: MailboxInfo,
): Task {
  const { run, io, viewOptions, names } = opened;
  const { account, options } = run;
  const limits = limitsOf(account, Date.now());
  const age = ageLimit(limits, startUid(opened, pair));
  return {
    name: titleOf(pair),
    names: names.of(pair),
    remote,
    local,
    unguarded: [...remote.specialUse, ...local.specialUse].some((use) =>
      use === "\\trash" || use === "\\junk"
    ),
    rules: {
      readOnly: {
        remote: account.remote.readonly,
        local: account.local.readonly,
      },
      syncDeletes: {
        remote: account.remote.syncDeletes,
        local: account.local.syncDeletes && !keepsAll(account, remote),
      },
      ...(keepsAll(account, remote)
        ? {
          kept: (count) => warnOfKept(account, io.emit, titleOf(pair), count),
        }
        : {}),
      ...(age === undefined ? {} : { age }),
      ...(needDetails(limits)
        ? {
          accepts: (side, message) => isWithin(limits, side, message),
          copies: (side, arrival) => isCopied(limits, side, arrival),
        }
        : {}),
      restore: options.restore,
      dryRun: options.dryRun,
      acceptValidity: options.acceptValidity,
      ignored: {
        remote: new Set(ignored.remote),
        local: new Set(ignored.local),
      },
      // Another list, and what it left out is looked at again.
      options: ignored.remote.length + ignored.local.length === 0
        ? viewOptions
        : `${viewOptions} ${JSON.stringify(ignored)}`,
    },
  };
}

/** The name to show: the local one, or the remote one for the top of a Maildir. */
export function titleOf({ remote, local }: NamedPair): string {
  return local === "" ? remote : local;
}
