/** The end of a run: OfflineIMAP's own status is brought up to date. */
import { isImap } from "../config/config.ts";
import { encodeMailboxName } from "../imap/mailbox_name.ts";
import {
  type Collisions,
  type HandedMailbox,
  handOver,
  legacyFileName,
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
 * when it is started again. Not on Windows, where there is no OfflineIMAP, and
 * not in a dry run.
 */
async function handOverAccount(
  pairs: readonly NamedPair[],
  { run, io, state, remoteSeparator, collisions }: HandOverContext,
  platform: string = Deno.build.os,
): Promise<void> {
  const { account, metadata, options } = run;
  if (options.dryRun || platform === "windows") return;
  const mapped = isImap(account.local);
  const files = mapped ? pairs.map(({ local }) => legacyFileName(local)) : [];
  const mailboxes = pairs.flatMap((pair): HandedMailbox[] => {
    const { remote, local, visible } = pair;
    const { remoteValidity, localValidity } = state.mailbox(remote, local)
      .status();
    const named = { remote, local, visible, remoteValidity, localValidity };
    if (!mapped) return [named];
    // Two folders with one map: whose it would be cannot be told.
    const own = legacyFileName(local);
    if (files.filter((file) => file === own).length > 1) return [];
    return [{ ...named, localFile: spelledByServer(local) }];
  });
  await handOver(mailboxes, state.statusFiles, {
    metadata,
    account: account.name,
    remoteRepo: account.remote.name,
    localRepo: account.local.name,
    remoteSeparator,
    customFlags: new Map(
      isImap(account.local) ? [] : Object.entries(account.local.customFlags),
    ),
    mapped,
    started: (["remote", "local"] as const)
      .filter((side) => account[side].startDate !== undefined),
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

/** OfflineIMAP names files of a local server as that spells its folders. */
function spelledByServer(name: string): string {
  return /^[\x00-\x7f]*$/.test(name) ? name : encodeMailboxName(name);
}
