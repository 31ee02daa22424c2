/** All mailboxes of an account: additions first, then moves, deletions last. */
import type { MailError } from "../errors.ts";
import type { Totals } from "../events.ts";
import { carryMoves } from "./carry_moves.ts";
import { carryDeletions } from "./carry_deletions.ts";
import { foresee } from "./dry_run.ts";
import { Ledger } from "./ledger.ts";
import { openWork } from "./open_work.ts";
import { forEachConcurrently } from "./pool.ts";
import type { Run } from "./run.ts";
import type { PairStatus } from "./status.ts";
import { syncMailbox } from "./sync_mailbox.ts";
import type { Task } from "./task.ts";
import { isUnchanged } from "./unchanged.ts";
import { tellFinished, type Waiting } from "./waiting.ts";

/** How a run ended: everything that failed, in order. */
export interface RunOutcome {
  readonly totals: Totals;
  readonly errors: readonly MailError[];
}

/**
 * Brings all mailboxes of an account in step.
 *
 * A mailbox that fails does not stop the others. Deletions wait until every
 * mailbox has its additions, and are left out on a side where an addition failed:
 * what looks deleted may be a message on its way to another mailbox.
 *
 * @throws {MailError} Scope account: the connection or the disk is gone.
 */
export async function syncMailboxes(
  run: Run,
  tasks: readonly Task[],
): Promise<RunOutcome> {
  const ledger = new Ledger(run);
  const waiting: Waiting[] = [];
  const { due, settled } = findDue(run, tasks, ledger);
  try {
    await forEachConcurrently(due, run, async (task) => {
      const mayBeMoves = settled.difference(new Set([task])).size > 0;
      await syncFirst(run, task, { ledger, waiting, mayBeMoves });
    });
    if (tasks.some(({ rules }) => rules.dryRun)) {
      await foreseeAll(run, waiting, ledger);
    } else {
      if (!run.signal.aborted) await carryMoves(run, waiting, ledger);
      if (!run.signal.aborted) await carryDeletions(run, waiting, ledger);
    }
  } finally {
    for (const entry of waiting) tellFinished(run, entry);
  }
  const { totals, errors } = ledger;
  return { totals: { ...totals, failures: errors.length }, errors };
}

/** Leaves out what has not changed on either side. */
function findDue(
  run: Run,
  tasks: readonly Task[],
  { totals }: Ledger,
): {
  readonly due: readonly Task[];
  /** Those of them that were synchronised before. */
  readonly settled: ReadonlySet<Task>;
} {
  const statuses = new Map<string, PairStatus>();
  for (const status of run.state.statuses()) {
    statuses.set(JSON.stringify([status.remote, status.local]), status);
  }
  const settled = new Set<Task>();
  totals.mailboxes = tasks.length;
  const due = tasks.filter((task) => {
    const key = JSON.stringify([task.remote.name, task.local.name]);
    const status = statuses.get(key);
    if (isUnchanged(task, status, run.quick)) {
      totals.unchanged++;
      run.emit({ type: "mailbox.unchanged", ...aboutStart(run, task) });
      return false;
    }
    if (status !== undefined && status.size > 0) settled.add(task);
    return true;
  });
  return { due, settled };
}

/** The first part of a mailbox: all but what waits for the other ones. */
async function syncFirst(
  run: Run,
  task: Task,
  { ledger, waiting, mayBeMoves }: {
    readonly ledger: Ledger;
    readonly waiting: Waiting[];
    readonly mayBeMoves: boolean;
  },
): Promise<void> {
  const start = performance.now();
  run.emit({ type: "mailbox.started", ...aboutStart(run, task) });
  let waits = false;
  await ledger.guarded(task, async () => {
    await using work = await openWork(run, task);
    await run.prepare?.(task, work);
    const { counts, troubles, deferred } = await syncMailbox(
      work,
      task.rules,
      { mayBeMoves },
    );
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) {
      ledger.totals[key] += counts[key];
    }
    ledger.note(task, troubles);
    if (deferred === undefined) return;
    waiting.push({
      task,
      deferred,
      foreign: { ...deferred.foreign },
      deletions: { ...deferred.deletions },
      failed: false,
      ms: performance.now() - start,
      finished: false,
    });
    waits = true;
  });
  if (!run.signal.aborted) await run.afterCopies?.(task);
  if (waits) return;
  run.emit({
    type: "mailbox.finished",
    account: run.account,
    mailbox: task.name,
    ms: performance.now() - start,
  });
}

function aboutStart({ account, stores }: Run, { name, names }: Task) {
  return {
    account,
    mailbox: name,
    names,
    from: stores.remote.typeName,
    to: stores.local.typeName,
  };
}

/** In a dry run, what would be made of what waits is only told. */
async function foreseeAll(
  run: Run,
  waiting: readonly Waiting[],
  ledger: Ledger,
): Promise<void> {
  const [first] = waiting;
  if (first === undefined || run.signal.aborted) return;
  await ledger.guarded(first.task, () => foresee(run, waiting, ledger));
}
