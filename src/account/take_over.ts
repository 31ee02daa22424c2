/** Runs after OfflineIMAP's own, over its metadata: nothing is transferred again. */
import { type AccountConfig, isImap } from "../config/config.ts";
import type { Emit } from "../events.ts";
import { encodeMailboxName } from "../imap/mailbox_name.ts";
import {
  areStrangers,
  catchUp,
  type Collisions,
  legacyFileName,
  type LegacyStatus,
  legacyStatusPath,
  pairLegacy,
  readUidMap,
  type SqliteState,
  takeOver,
} from "../state/mod.ts";
import { type Mutation, NOTHING_KNOWN } from "../sync/status.ts";
import type { Work } from "../sync/execute/work.ts";
import { labelTextsOf } from "./labels.ts";
import type { NamedPair } from "./naming.ts";
import { takeOverMap } from "./take_over_map.ts";

/** What a takeover needs to know of the account. */
export interface TakeOverContext {
  readonly account: AccountConfig;
  readonly metadata: string;
  readonly state: SqliteState;
  readonly remoteSeparator: string;
  /** Folders that OfflineIMAP gave one file. */
  readonly collisions: Collisions;
  /** All folders of the local repository that are synchronised. */
  readonly localNames: readonly string[];
  readonly emit: Emit;
}

/**
 * Takes over what OfflineIMAP knows of a mailbox: everything if we have never
 * seen the mailbox, else what it did since our last run. Its files stay as they
 * are.
 */
export async function takeOverMailbox(
  pair: NamedPair,
  work: Work,
  context: TakeOverContext,
): Promise<void> {
  if (context.state.isRecorded(pair.remote, pair.local)) {
    await catchUpMailbox(pair, work, context);
  } else await takeOverAll(pair, work, context);
}

/** By the names of OfflineIMAP's files. */
function placeOf({ account, metadata, ...context }: TakeOverContext) {
  return {
    metadata,
    account: account.name,
    remoteRepo: account.remote.name,
    localRepo: account.local.name,
    remoteSeparator: context.remoteSeparator,
    customFlags: new Map(
      isImap(account.local) ? [] : Object.entries(account.local.customFlags),
    ),
    labels: labelTextsOf(account),
    collisions: context.collisions,
  };
}

function warner({ account, emit }: TakeOverContext, mailbox: string) {
  return (text: string) =>
    emit({
      type: "warning",
      account: account.name,
      mailbox,
      code: "takeover",
      text,
    });
}

/** All files of the Maildir, whatever is known of them. */
async function filesOf({ local, signal }: Work) {
  return [...(await local.observe(NOTHING_KNOWN, undefined, signal)).arrived];
}

/** What OfflineIMAP did between our last run and this one. */
async function catchUpMailbox(
  pair: NamedPair,
  work: Work,
  context: TakeOverContext,
): Promise<void> {
  const { account, state, emit } = context;
  const status = work.state.status();
  const stamp = state.statusFiles.stampOf(pair);
  const place = placeOf(context);
  const path = legacyStatusPath(pair, place);
  // Rows of another UIDVALIDITY are about other messages.
  const same = status.remoteValidity === work.remote.validity;
  const mapped = isImap(account.local);
  if (stamp === undefined || path === undefined || !same) return;
  if (mapped && status.localValidity !== work.local.validity) return;
  const mutations = await catchUp({
    path,
    stamp,
    customFlags: place.customFlags,
    labels: place.labels,
    load: () => work.state.load(),
    files: () =>
      mapped ? Promise.resolve(mappedFiles(pair, context)) : filesOf(work),
    believesMissing: !mapped,
    warn: warner(context, work.name),
  });
  if (mutations.length === 0) return;
  // What the tokens stand for is the state as it was: all is looked at.
  const options = status.options ?? "";
  const tokens = { remoteToken: undefined, localToken: undefined, options };
  work.state.commit([...mutations, { kind: "done", ...tokens }]);
  emit({
    type: "notice",
    account: account.name,
    mailbox: work.name,
    text: `OfflineIMAP has synchronised "${work.name}" since the last run; ` +
      `took over ${mutations.length} changes from its status`,
  });
}

/** Messages of a local server, as OfflineIMAP's map names them. */
function mappedFiles({ local }: NamedPair, context: TakeOverContext) {
  const place = placeOf(context);
  for (const name of new Set([local, encodeMailboxName(local)])) {
    const lines = readUidMap({
      metadata: place.metadata,
      repository: place.localRepo,
      fileName: legacyFileName(name),
      warn: () => {},
    });
    if (lines === undefined) continue;
    return lines.map(({ local, remote }) => ({
      ref: local,
      hint: { uid: remote, here: true, origin: "" },
    }));
  }
  return [];
}

async function takeOverAll(
  { remote, local, visible }: NamedPair,
  work: Work,
  context: TakeOverContext,
): Promise<void> {
  const { account, emit } = context;
  const legacy = takeOver({
    ...placeOf(context),
    remoteName: remote,
    remoteVisible: visible,
    localName: local,
    warn: warner(context, work.name),
  });
  if (legacy === undefined) return;
  const mutations = isImap(account.local)
    ? await takeOverMap(work, legacy, {
      ...placeOf(context),
      localName: local,
      shared: sharedMaps(context),
      warn: warner(context, work.name),
    })
    : await takeOverFiles(work, legacy);
  if (mutations === undefined) return;
  work.state.commit(mutations);
  emit({
    type: "notice",
    account: account.name,
    mailbox: work.name,
    text: `Took over ${mutations.length - 1} messages of "${work.name}" from ` +
      "OfflineIMAP's status",
  });
}

/** The status joined with the names of files. */
async function takeOverFiles(
  work: Work,
  { rows, remoteValidity }: LegacyStatus,
): Promise<Mutation[]> {
  const files = rows.length === 0 ? [] : await filesOf(work);
  return [
    ...areStrangers(files) ? [] : pairLegacy(rows, files),
    {
      kind: "validity",
      remote: remoteValidity ?? work.remote.validity,
      local: work.local.validity,
    },
  ];
}

/** Whether several folders (`a/b` and `a.b`) have this file of the map. */
function sharedMaps({ localNames }: TakeOverContext) {
  const files = localNames.map(legacyFileName);
  return (name: string) => files.filter((file) => file === name).length > 1;
}
