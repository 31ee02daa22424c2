/** The first run over OfflineIMAP's own metadata: nothing is transferred again. */
import type { AccountConfig } from "../config/config.ts";
import type { Emit } from "../events.ts";
import {
  type Collisions,
  pairLegacy,
  type SqliteState,
  takeOver,
} from "../state/mod.ts";
import { type Mutation, NOTHING_KNOWN } from "../sync/ports.ts";
import type { Work } from "../sync/execute/work.ts";
import type { NamedPair } from "./naming.ts";

/** What a takeover needs to know of the account. */
export interface TakeOverContext {
  readonly account: AccountConfig;
  readonly metadata: string;
  readonly state: SqliteState;
  readonly remoteSeparator: string;
  /** Folders that OfflineIMAP gave one file. */
  readonly collisions: Collisions;
  readonly emit: Emit;
}

/**
 * Takes over what OfflineIMAP knew of a mailbox, unless we have seen it before.
 * Its files stay as they are.
 */
export async function takeOverMailbox(
  { remote, local, visible }: NamedPair,
  work: Work,
  context: TakeOverContext,
): Promise<void> {
  const { account, metadata, state, emit } = context;
  if (state.isRecorded(remote, local)) return;
  const legacy = takeOver({
    metadata,
    account: account.name,
    remoteRepo: account.remote.name,
    localRepo: account.local.name,
    remoteName: remote,
    remoteVisible: visible,
    remoteSeparator: context.remoteSeparator,
    localName: local,
    customFlags: new Map(Object.entries(account.local.customFlags)),
    collisions: context.collisions,
    warn: (text) =>
      emit({
        type: "warning",
        account: account.name,
        mailbox: work.name,
        code: "takeover",
        text,
      }),
  });
  if (legacy === undefined) return;
  const files = legacy.rows.length === 0
    ? []
    : (await work.local.observe(NOTHING_KNOWN, undefined, work.signal)).arrived;
  // Files of this folder under another mark: its name or nametrans changed, and
  // no row finds its file. That is no deletion; they are paired by content.
  const strangers = files.length > 0 && !files.some(({ hint }) => hint?.here);
  const mutations: Mutation[] = strangers
    ? []
    : [...pairLegacy(legacy.rows, files)];
  mutations.push({
    kind: "validity",
    remote: legacy.remoteValidity ?? work.remote.validity,
    local: work.local.validity,
  });
  work.state.commit(mutations);
  emit({
    type: "notice",
    account: account.name,
    mailbox: work.name,
    text: `Took over ${mutations.length - 1} messages of "${work.name}" from ` +
      "OfflineIMAP's status",
  });
}
