/** The core of an account: one sync, from the configuration to a report. */
import { MailError } from "../errors.ts";
import { type Emit, NO_TOTALS, reportOf, type Totals } from "../events.ts";
import { isImap } from "../config/config.ts";
import { MaildirStore } from "../maildir/store.ts";
import { DEFAULT_LIMITS } from "../sync/guard.ts";
import { syncMailboxes } from "../sync/sync_mailboxes.ts";
import { DRIFT_CODE } from "../sync/tell_plan.ts";
import { SERVER_AND_MAILDIR, twoServers } from "../sync/words.ts";
import { accountError } from "./account_error.ts";
import {
  type AccountIo,
  type AccountOutcome,
  type AccountRun,
  type SyncAccount,
  VALIDITY_CODE,
} from "./api.ts";
import { bodiesOf } from "./bodies_of.ts";
import { debugLog, traceFolders } from "./debug_log.ts";
import { handOverAtEnd } from "./hand_over.ts";
import { look } from "./look.ts";
import { type OpenAccount, openAccount } from "./open_account.ts";
import { prepareTasks } from "./prepare_tasks.ts";
import { retryLost } from "./retry_lost.ts";
import { accountHook, newMail, notReady } from "./run_hooks.ts";
import { SyncCounts } from "./sync_counts.ts";
import { collisionsOf, takeOverPairs } from "./take_over_pairs.ts";
import { WrittenNames } from "./written_names.ts";

export { loadImapflow } from "../imap/session/imapflow_client.ts";

/**
 * Synchronises an account once: hooks, both listings, missing folders, all
 * mailboxes. What fails is reported as an event and in the outcome; nothing is
 * thrown for what a server or a mailbox did.
 */
export const syncAccount: SyncAccount = async (run, outer) => {
  const errors: MailError[] = [];
  const counts = new SyncCounts();
  let progress = 0;
  const trace = debugLog(run, outer.emit, "thread");
  trace?.(`A sync of account ${run.account.name} begins`);
  const io: AccountIo = {
    ...outer,
    emit: (event) => {
      counts.apply(event);
      if (PROGRESS.has(event.type)) progress++;
      outer.emit(event);
      if (trace !== undefined) traceFolders(event, trace);
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
  trace?.(`The sync of account ${run.account.name} has ended`);
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
  const view = await look(account);
  const { whole, remote, pairs, problems } = view;
  const tell = (error: MailError) => report(run, io, errors, error);
  for (const problem of problems) tell(problem);
  warnOfUnknown(run, io, [
    ...remote.map(({ name }) => name),
    ...pairs.map((p) => p.remote),
  ]);
  const sorted = await account.sort(pairs, ({ visible }) => visible);
  const { tasks, stranded } = await prepareTasks(account, sorted, view, tell);
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
    originOf: (name) => account.names.markOf(name),
    concurrency: concurrencyOf(run),
    inOrder: run.options.sequential || run.account.remote.singleThreadPerFolder,
    emit: run.options.ignoreReadonly ? withoutDrift(io.emit) : io.emit,
    signal: io.signal,
    stranded: [...view.stranded, ...stranded],
    prepare: takeOverPairs(account, sorted, collisions),
    afterCopies: (task) => newMail(account, task, counts),
  }, tasks);
  errors.push(...outcome.errors);
  if (whole) {
    await io.foldersDone?.({
      account: run.account.name,
      // As in OfflineIMAP, a server has none.
      root: isImap(run.account.local) ? "" : run.account.local.localFolders,
      folders: (run.options.dryRun
        ? sorted
        : tasks.map((task) => ({ local: task.local.name })))
        .map(({ local: name }) => ({ name, path: pathOf(name, account) })),
    });
  }
  account.finish();
  return outcome.totals;
}

/** Where a mail program finds a local folder. */
function pathOf(name: string, { local }: OpenAccount): string {
  return local instanceof MaildirStore ? local.pathOf(name) : name;
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
