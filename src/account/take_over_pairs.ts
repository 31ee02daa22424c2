/** Takes OfflineIMAP's status over, folder by folder, as each is first opened. */
import { type Collisions, findCollisions } from "../state/mod.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { Task } from "../sync/task.ts";
import type { NamedPair } from "./naming.ts";
import { tellNewStatus } from "./new_status.ts";
import type { OpenAccount } from "./open_account.ts";
import { takeOverMailbox } from "./take_over.ts";

/**
 * The folders whose files OfflineIMAP would mix up. All of the server's count:
 * what filters and -f leave out today it may have synchronised.
 */
export function collisionsOf(
  account: OpenAccount,
  pairs: readonly NamedPair[],
  listed: readonly MailboxInfo[],
): Collisions {
  const visible = new Map(pairs.map((pair) => [pair.remote, pair.visible]));
  return findCollisions(
    listed.map(({ name }) => ({
      remoteName: name,
      remoteVisible: visible.get(name) ?? name,
    })),
    { separator: account.remote.separator },
  );
}

/**
 * What is to be done with each folder before it is synchronised: the status that
 * OfflineIMAP left is taken over, unless there is one of our own.
 */
export function takeOverPairs(
  account: OpenAccount,
  pairs: readonly NamedPair[],
  collisions: Collisions,
) {
  const { run, io, state } = account;
  const remoteSeparator = account.remote.separator;
  const byName = new Map(
    pairs.map((pair) => [JSON.stringify([pair.remote, pair.local]), pair]),
  );
  return async (
    { remote, local }: Task,
    work: Parameters<typeof takeOverMailbox>[1],
  ): Promise<void> => {
    const pair = byName.get(JSON.stringify([remote.name, local.name]));
    if (pair === undefined) return;
    const known = account.state.isRecorded(pair.remote, pair.local);
    await takeOverMailbox(pair, work, {
      account: run.account,
      metadata: run.metadata,
      state,
      remoteSeparator,
      collisions,
      localNames: pairs.map(({ local }) => local),
      emit: io.emit,
    });
    if (known || account.state.isRecorded(pair.remote, pair.local)) return;
    tellNewStatus(account, pair);
  };
}
