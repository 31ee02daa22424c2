/** What a dry run tells when all mailboxes were looked at: moves and deletions. */
import type { MailError } from "../errors.ts";
import { NO_COUNTS } from "../events.ts";
import { guardError } from "./execute/delete.ts";
import { uidOf } from "./execute/work.ts";
import { findMoves } from "./find_moves.ts";
import { isMassDeletion } from "./guard.ts";
import type { Ledger } from "./ledger.ts";
import type { Run } from "./run.ts";
import type { Side } from "./types.ts";
import type { Waiting } from "./waiting.ts";

/**
 * Tells what a run would do about what waits: moves, copies of what is no move,
 * deletions with their UIDs, and what the guard would refuse. What is a move
 * counts as one.
 *
 * @throws {MailError} A mailbox that has to be looked at once more fails.
 */
export async function foresee(
  run: Run,
  waiting: readonly Waiting[],
  ledger: Ledger,
): Promise<void> {
  for (const on of ["local", "remote"] as const) {
    ledger.moved(on, await foreseeMoves(run, on, waiting));
  }
  for (const entry of waiting) {
    for (const on of ["local", "remote"] as const) {
      const error = foreseeDeletions(run, on, entry);
      if (error !== undefined) ledger.fail(entry.task, error);
    }
  }
}

/** @returns The number of moves. */
async function foreseeMoves(
  run: Run,
  on: Side,
  waiting: readonly Waiting[],
): Promise<number> {
  const { account, emit } = run;
  const links = await findMoves(run, on, waiting);
  let count = 0;
  for (const to of waiting) {
    const mailbox = to.task.name;
    for (const [from, moves] of links.get(to) ?? []) {
      if (!from.deferred.canMove[on]) continue;
      count += moves.length;
      const arrived = new Set(moves.map(({ arrival }) => arrival));
      const gone = new Set(moves.map(({ pair }) => pair.id));
      to.foreign[on] = to.foreign[on].filter((one) => !arrived.has(one));
      from.deletions[on] = from.deletions[on]
        .filter(({ id }) => !gone.has(id));
      emit({
        type: "messages.moved",
        account,
        mailbox: from.task.name,
        to: mailbox,
        on,
        count: moves.length,
        dryRun: true,
      });
    }
    const rest = to.foreign[on].length;
    if (rest === 0) continue;
    emit({
      type: "mailbox.planned",
      account,
      mailbox,
      counts: {
        ...NO_COUNTS,
        [on === "remote" ? "toRemote" : "toLocal"]: rest,
      },
      dryRun: true,
    });
  }
  return count;
}

/** @returns The error that a run would end these deletions with. */
function foreseeDeletions(
  run: Run,
  on: Side,
  { task, deferred, deletions }: Waiting,
): MailError | undefined {
  const pairs = deletions[on];
  if (pairs.length === 0) return undefined;
  const { limits, words } = run;
  const { agreed } = deferred;
  const allowed = run.allowDeletes || task.unguarded;
  if (!allowed && isMassDeletion(pairs.length, agreed, limits)) {
    const rules = { limits, agreed, allowed };
    return guardError({ name: task.name, words }, on, pairs, rules);
  }
  run.emit({
    type: "messages.deleted",
    account: run.account,
    mailbox: task.name,
    on,
    uids: pairs.flatMap((pair) => uidOf(pair.remote) ?? []),
    dryRun: true,
  });
  return undefined;
}
