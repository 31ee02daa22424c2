/** The core of an account: one sync, from the configuration to a report. */
import { MailError, toMailError } from "../errors.ts";
import {
  type Emit,
  NO_COUNTS,
  NO_TOTALS,
  reportOf,
  type Totals,
} from "../events.ts";
import { isImap } from "../config/config.ts";
import { DEFAULT_LIMITS } from "../sync/guard.ts";
import { syncMailboxes, type Task } from "../sync/run.ts";
import { type MailboxInfo, NOTHING_KNOWN } from "../sync/ports.ts";
import { DRIFT_CODE } from "../sync/sync_mailbox.ts";
import { otherSide, type Side } from "../sync/types.ts";
import { type Collisions, findCollisions } from "../state/mod.ts";
import { SERVER_AND_MAILDIR, twoServers } from "../sync/words.ts";
import { accountError } from "./account_error.ts";
import {
  type AccountIo,
  type AccountOutcome,
  type AccountRun,
  type SyncAccount,
  VALIDITY_CODE,
} from "./api.ts";
import { createFolder } from "./create_folder.ts";
import { handOverAtEnd } from "./hand_over.ts";
import { accountHook, newMail, notReady } from "./run_hooks.ts";
import { look } from "./look.ts";
import { bodiesOf } from "./bodies_of.ts";
import { keepsAll, warnOfKept } from "./all_mail.ts";
import { isCopied, isWithin, limitsOf, needDetails } from "./limits.ts";
import type { NamedPair } from "./naming.ts";
import { type OpenAccount, openAccount } from "./open_account.ts";
import { retryLost } from "./retry_lost.ts";
import { SyncCounts } from "./sync_counts.ts";
import { takeOverMailbox } from "./take_over.ts";
import { WrittenNames } from "./written_names.ts";

/**
 * Synchronises an account once: hooks, both listings, missing folders, all
 * mailboxes. What fails is reported as an event and in the outcome; nothing is
 * thrown for what a server or a mailbox did.
 */
export const syncAccount: SyncAccount = async (run, outer) => {
  const errors: MailError[] = [];
  const counts = new SyncCounts();
  let progress = 0;
  const io: AccountIo = {
    ...outer,
    emit: (event) => {
      counts.apply(event);
      if (PROGRESS.has(event.type)) progress++;
      outer.emit(event);
    },
  };
  let totals = NO_TOTALS;
  try {
    const ready = await accountHook(run, io, "presynchook", {});
    if (!ready && run.account.strictHooks) throw notReady(run);
    if (!io.signal.aborted) {
      totals = await retryLost(() => sync(run, io, errors, counts), {
        attempts: retryCount(run),
        progress: () => progress,
        onRetry: (error) => warnOfRetry(run, io, error),
        signal: io.signal,
      });
    }
    // As in OfflineIMAP: not after a failure of the account as a whole.
    await accountHook(run, io, "postsynchook", {
      ...counts.total(),
      failures: errors.length,
      folders: counts.folders(),
    });
  } catch (cause) {
    if (!io.signal.aborted) {
      report(run, io, errors, accountError(run, cause));
    }
  }
  return {
    totals: { ...totals, failures: errors.length },
    errors: errors.map(reportOf),
    validityProblem: errors.some(({ code }) => code === VALIDITY_CODE),
  } satisfies AccountOutcome;
};

/** Signs that a sync gets on. */
const PROGRESS: ReadonlySet<string> = new Set([
  "message.copied",
  "messages.flagged",
  "messages.deleted",
  "messages.moved",
]);

function retryCount({ account: { local, remote } }: AccountRun): number {
  return Math.max(
    ...[local, remote].map((side) =>
      "retryCount" in side ? side.retryCount : 0
    ),
  );
}

function warnOfRetry(
  { account }: AccountRun,
  io: AccountIo,
  error: MailError,
): void {
  io.emit({
    type: "warning",
    account: account.name,
    code: "account.again",
    text: `Lost a connection of account ${account.name}: ${error.message}; ` +
      "going on with another",
  });
}

function report(
  { account }: AccountRun,
  io: AccountIo,
  errors: MailError[],
  error: MailError,
): void {
  errors.push(error);
  io.emit({ type: "error", account: account.name, error: reportOf(error) });
}

async function sync(
  run: AccountRun,
  io: AccountIo,
  errors: MailError[],
  counts: SyncCounts,
): Promise<Totals> {
  await using account = await openAccount(run, io);
  const { whole, remote, local, pairs, problems } = await look(account);
  for (const problem of problems) report(run, io, errors, problem);
  warnOfUnknown(run, io, [
    ...remote.map(({ name }) => name),
    ...pairs.map((p) => p.remote),
  ]);
  const sorted = await account.sort(pairs, ({ visible }) => visible);
  const tasks = await prepareTasks(account, sorted, remote, local, errors);
  if (
    whole && tasks.length === 0 && errors.length === 0 && !run.options.dryRun
  ) {
    throw nothingToSync(run);
  }
  const collisions = collisionsOf(account, sorted, remote);
  await using _handOver = handOverAtEnd(sorted, {
    run,
    io,
    state: account.state,
    remoteSeparator: account.remote.separator,
    collisions,
  });
  const outcome = await syncMailboxes({
    account: run.account.name,
    stores: { remote: account.remote, local: account.local },
    state: account.state,
    bodies: bodiesOf(account),
    limits: { ...DEFAULT_LIMITS, share: run.account.deleteShare },
    allowDeletes: run.options.allowDeletes,
    quick: run.options.quick,
    words: isImap(run.account.local)
      ? twoServers({
        remote: run.account.remote.name,
        local: run.account.local.name,
      })
      : SERVER_AND_MAILDIR,
    originOf: account.markOf,
    concurrency: concurrencyOf(run),
    inOrder: run.options.sequential || run.account.remote.singleThreadPerFolder,
    emit: run.options.ignoreReadonly ? withoutDrift(io.emit) : io.emit,
    signal: io.signal,
    prepare: takeover(account, sorted, collisions),
    afterCopies: (task) => newMail(account, task, counts),
  }, tasks);
  errors.push(...outcome.errors);
  if (whole) {
    await io.foldersDone?.({
      account: run.account.name,
      // As in OfflineIMAP, a server has none.
      root: isImap(run.account.local) ? "" : run.account.local.localFolders,
      folders: run.options.dryRun
        ? sorted.map(({ local }) => local)
        : tasks.map(({ local }) => local.name),
    });
  }
  account.finish();
  return outcome.totals;
}

/** A misspelt name behind -f would otherwise look like a folder without news. */
function warnOfUnknown(
  { account }: AccountRun,
  io: AccountIo,
  known: readonly string[],
): void {
  const names = new WrittenNames(account.onlyFolders ?? []).missing(known);
  if (names.length === 0) return;
  const list = names.map((name) => `"${name}"`).join(", ");
  io.emit({
    type: "warning",
    account: account.name,
    code: "names.only",
    text: `-f: repository ${account.remote.name} has no folder ${list}`,
  });
}

/**
 * Mailboxes at once: never more than there are connections on either side, or
 * two of them could each wait for the connection that the other one has.
 */
function concurrencyOf({ account, options }: AccountRun): number {
  if (options.sequential) return 1;
  const { remote, local } = account;
  return isImap(local)
    ? Math.max(1, Math.min(remote.maxConnections, local.maxConnections))
    : remote.maxConnections;
}

function withoutDrift(emit: Emit): Emit {
  return (event) => {
    if (event.type !== "warning" || event.code !== DRIFT_CODE) emit(event);
  };
}

function nothingToSync({ account }: AccountRun): MailError {
  return new MailError(
    `Account ${account.name}: no folder to sync, all are left out by filters`,
    {
      code: "account.no-folders",
      scope: "account",
      hint: "See what the server has with --info",
    },
  );
}

/** What filters and -f leave out today, OfflineIMAP may have synchronised. */
function collisionsOf(
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

function takeover(
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

/** Scripts wait for the words; a status that is to be is no news. */
function tellNewStatus(
  { run, io, remote }: OpenAccount,
  { visible }: NamedPair,
): void {
  if (run.options.dryRun) return;
  io.emit({
    type: "status.created",
    account: run.account.name,
    repository: run.account.local.name,
    // OfflineIMAP's name of the file.
    mailbox: visible.replaceAll(remote.separator, "."),
  });
}

/** Creates what is missing and says by which rules each pair is synchronised. */
async function prepareTasks(
  account: OpenAccount,
  pairs: readonly NamedPair[],
  remote: readonly MailboxInfo[],
  local: readonly MailboxInfo[],
  errors: MailError[],
): Promise<Task[]> {
  const { run, io } = account;
  const remoteInfos = new Map(remote.map((info) => [info.name, info]));
  const localInfos = new Map(local.map((info) => [info.name, info]));
  const { fold } = account.rules().local;
  const localAlike = new Map(local.map((info) => [fold(info.name), info]));
  const tasks: Task[] = [];
  for (const pair of pairs) {
    if (io.signal.aborted) break;
    if (pair.create !== undefined) {
      const side = pair.create;
      io.emit({
        type: "mailbox.created",
        account: run.account.name,
        repository: run.account[side].name,
        mailbox: pair[side],
        dryRun: run.options.dryRun,
      });
      if (run.options.dryRun) {
        await planNew(account, pair, side);
        continue;
      }
      try {
        await createFolder(account[side], account.state, pair, side);
        tellNewStatus(account, pair);
      } catch (cause) {
        const error = toMailError(cause, {
          message: `Cannot create folder "${pair[side]}"`,
          code: "account.create",
          scope: "mailbox",
        });
        if (error.scope === "account") throw error;
        report(run, io, errors, error);
        continue;
      }
    }
    tasks.push(taskOf(
      account,
      pair,
      await account.ignored(pair),
      remoteInfos.get(pair.remote) ?? { name: pair.remote, specialUse: [] },
      localInfos.get(pair.local) ?? {
        ...localAlike.get(fold(pair.local)) ?? { specialUse: [] },
        name: pair.local,
      },
    ));
  }
  return tasks;
}

/** What a mailbox that a dry run does not create would get. */
async function planNew(
  account: OpenAccount,
  pair: NamedPair,
  missing: Side,
): Promise<void> {
  const { run, io } = account;
  const source = otherSide(missing);
  const limits = limitsOf(run.account, Date.now());
  await using mailbox = await account[source].open(pair[source], {
    readOnly: true,
    signal: io.signal,
  });
  const { arrived } = await mailbox.observe(
    NOTHING_KNOWN,
    undefined,
    io.signal,
  );
  const copies = arrived.filter((arrival) => isCopied(limits, source, arrival));
  const about = { account: run.account.name, mailbox: titleOf(pair) };
  io.emit({
    type: "mailbox.started",
    ...about,
    names: account.namesOf(pair),
    from: account.remote.typeName,
    to: account.local.typeName,
  });
  io.emit({
    type: "mailbox.planned",
    ...about,
    counts: {
      ...NO_COUNTS,
      [missing === "local" ? "toLocal" : "toRemote"]: copies.length,
    },
    dryRun: true,
  });
  io.emit({ type: "mailbox.finished", ...about, ms: 0 });
}

/** The name to show. */
function titleOf({ remote, local }: NamedPair): string {
  return local === "" ? remote : local;
}

function taskOf(
  { run, io, viewOptions, namesOf }: OpenAccount,
  pair: NamedPair,
  ignored: Readonly<Record<Side, readonly number[]>>,
  remote: MailboxInfo,
  local: MailboxInfo,
): Task {
  const { account, options } = run;
  const limits = limitsOf(account, Date.now());
  return {
    name: titleOf(pair),
    names: namesOf(pair),
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
