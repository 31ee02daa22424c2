/** What is left of a mailbox until all mailboxes were looked at. */
import type { Deferred } from "./carry_out.ts";
import type { Ledger } from "./ledger.ts";
import type { Run } from "./run.ts";
import type { Task } from "./task.ts";
import type { Arrival, Pair, Side } from "./types.ts";

/** A mailbox that waits until every mailbox has its additions. */
export interface Waiting {
  readonly task: Task;
  readonly deferred: Deferred;
  /** What of `deferred` is still to be done. */
  readonly foreign: Record<Side, readonly Arrival[]>;
  /** The same. */
  readonly deletions: Record<Side, readonly Pair[]>;
  /** Something is left: the next run must look again. */
  failed: boolean;
  /** How long the first part took, ms. */
  readonly ms: number;
  /** It was told that this mailbox is finished. */
  finished: boolean;
}

/** Tells, once, that nothing more is done about a mailbox. */
export function tellFinished(
  { account, emit }: Pick<Run, "account" | "emit">,
  entry: Waiting,
): void {
  if (entry.finished) return;
  entry.finished = true;
  const { task, ms } = entry;
  emit({ type: "mailbox.finished", account, mailbox: task.name, ms });
}

/**
 * Does work on a mailbox that waits; what fails in it is left for the next run.
 * @returns Whether it came to its end.
 */
export async function guardWaiting(
  ledger: Ledger,
  entry: Waiting,
  work: () => Promise<void>,
): Promise<boolean> {
  const done = await ledger.guarded(entry.task, work);
  if (!done) entry.failed = true;
  return done;
}
