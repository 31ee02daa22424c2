/** The last part of a run: deletions, and the tokens of what is complete. */
import { deleteMessages } from "./execute/delete.ts";
import type { Work } from "./execute/work.ts";
import type { Ledger } from "./ledger.ts";
import { holdLastCopies } from "./last_copies.ts";
import { openWork } from "./open_work.ts";
import { forEachConcurrently } from "./pool.ts";
import type { Run } from "./run.ts";
import type { Pair, Side } from "./types.ts";
import { guardWaiting, tellFinished, type Waiting } from "./waiting.ts";

/**
 * Carries the deletions of all mailboxes out, but none on a side where an
 * addition failed, and none of what waits in vain to be added elsewhere: while
 * that cannot be found out, none at all. Where nothing failed and nothing is left,
 * the tokens are saved.
 *
 * @throws {MailError} Scope account: the connection or the disk is gone.
 */
export async function carryDeletions(
  run: Run,
  waiting: readonly Waiting[],
  ledger: Ledger,
): Promise<void> {
  const [first] = waiting;
  if (first === undefined) return;
  const held = await guardWaiting(ledger, first, async () => {
    await holdLastCopies(run, { waiting, shut: ledger.shut });
  });
  if (!held) ledger.holdDeletions();
  await forEachConcurrently(waiting, run, async (entry) => {
    const { task, deferred, deletions: pairs } = entry;
    const before = ledger.errors.length;
    await guardWaiting(ledger, entry, async () => {
      if (pairs.remote.length + pairs.local.length > 0) {
        await using work = await openWork(run, task, deferred.validity);
        for (const on of ["local", "remote"] as const) {
          if (ledger.incomplete[on]) postpone(run, entry, pairs[on]);
          else await deleteOn(run, ledger, { work, on, entry });
        }
        await Promise.all([work.local.flush(), work.remote.flush()]);
      }
      const clean = !entry.failed && ledger.errors.length === before &&
        !run.signal.aborted;
      if (clean && deferred.done !== undefined) {
        run.state.mailbox(task.remote.name, task.local.name)
          .commit([deferred.done]);
      }
    });
    tellFinished(run, entry);
  });
}

async function deleteOn(
  { limits, allowDeletes }: Run,
  ledger: Ledger,
  { work, on, entry }: {
    readonly work: Work;
    readonly on: Side;
    readonly entry: Waiting;
  },
): Promise<void> {
  const { task, deferred, deletions } = entry;
  const { troubles, kept } = await deleteMessages(work, on, deletions[on], {
    limits,
    agreed: deferred.agreed,
    allowed: allowDeletes || task.unguarded,
  });
  entry.failed ||= kept > 0;
  for (const { error } of troubles) ledger.fail(task, error);
}

function postpone(
  { account, emit }: Run,
  entry: Waiting,
  pairs: readonly Pair[],
): void {
  if (pairs.length === 0) return;
  entry.failed = true;
  emit({
    type: "warning",
    account,
    mailbox: entry.task.name,
    code: "sync.postponed",
    text: `${pairs.length} deletions in "${entry.task.name}" wait for the ` +
      "next run, since a message could not be copied in this one",
  });
}
