/** The end of a run: OfflineIMAP's own status is brought up to date. */
import { isImap } from "../config/config.ts";
import {
  type Collisions,
  type HandedMailbox,
  handOver,
  type SqliteState,
} from "../state/mod.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { labelTextsOf } from "./labels.ts";
import type { NamedPair } from "./naming.ts";

/** What it needs of an account that is still open. */
export interface HandOverContext {
  readonly run: AccountRun;
  readonly io: AccountIo;
  readonly state: SqliteState;
  readonly remoteSeparator: string;
  /** Folders that OfflineIMAP gives one file. */
  readonly collisions: Collisions;
}

/** {@link handOverAccount} when it is disposed of, however the run ended. */
export function handOverAtEnd(
  pairs: readonly NamedPair[],
  context: HandOverContext,
): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => handOverAccount(pairs, context) };
}

/**
 * Writes what OfflineIMAP's status files lack, so that it finds nothing to do
 * when it is started again. Not on Windows, where there is no OfflineIMAP, not
 * between two servers, and not in a dry run.
 */
export async function handOverAccount(
  pairs: readonly NamedPair[],
  { run, io, state, remoteSeparator, collisions }: HandOverContext,
  platform: string = Deno.build.os,
): Promise<void> {
  const { account, metadata, options } = run;
  if (options.dryRun || platform === "windows") return;
  // A status without the map of UIDs beside it would do harm.
  if (isImap(account.local)) return;
  const mailboxes = pairs.map(({ remote, local, visible }): HandedMailbox => {
    const status = state.mailbox(remote, local).status();
    const { remoteValidity, localValidity } = status;
    return { remote, local, visible, remoteValidity, localValidity };
  });
  await handOver(mailboxes, state.statusFiles, {
    metadata,
    account: account.name,
    remoteRepo: account.remote.name,
    localRepo: account.local.name,
    remoteSeparator,
    customFlags: new Map(Object.entries(account.local.customFlags)),
    labels: labelTextsOf(account),
    collisions,
    fsync: options.fsync,
    step: io.step,
    warn: (text) =>
      io.emit({
        type: "warning",
        account: account.name,
        code: "handover",
        text,
      }),
  });
}
