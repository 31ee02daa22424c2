/** What came from another mailbox: moved there as well, or else copied. */
import { copyMessages } from "./execute/copy.ts";
import { type Move, moveMessages } from "./execute/move.ts";
import { findMoves, type Links } from "./find_moves.ts";
import type { Ledger } from "./ledger.ts";
import { openWork, sameValidity } from "./open_work.ts";
import type { Run } from "./run.ts";
import { otherSide, type Side } from "./types.ts";
import { guardWaiting, type Waiting } from "./waiting.ts";

/**
 * Moves what came up in one mailbox and left another one, and copies the rest of
 * what waits. What was moved is taken off the deletions of its old mailbox.
 *
 * @throws {MailError} Scope account: the connection or the disk is gone.
 */
export async function carryMoves(
  run: Run,
  waiting: readonly Waiting[],
  ledger: Ledger,
): Promise<void> {
  for (const on of ["local", "remote"] as const) {
    const receivers = waiting.filter(({ foreign }) => foreign[on].length > 0);
    const links = await linksInto(receivers, { run, on, waiting, ledger });
    for (const to of receivers) {
      await guardWaiting(ledger, to, async () => {
        for (const [from, moves] of links.get(to) ?? []) {
          await carryMove(run, ledger, { from, to, on, moves });
        }
        await copyRest(run, ledger, to, on);
      });
    }
  }
}

/** Without links, where they cannot be found out, what was moved is copied. */
async function linksInto(
  [first]: readonly Waiting[],
  { run, on, waiting, ledger }: {
    readonly run: Run;
    readonly on: Side;
    readonly waiting: readonly Waiting[];
    readonly ledger: Ledger;
  },
): Promise<Links> {
  let links: Links = new Map();
  if (first === undefined) return links;
  await guardWaiting(ledger, first, async () => {
    links = await findMoves(run, on, waiting);
  });
  return links;
}

/** What is no move is new. */
async function copyRest(
  run: Run,
  ledger: Ledger,
  to: Waiting,
  on: Side,
): Promise<void> {
  const { task, deferred, foreign } = to;
  if (foreign[on].length === 0 || run.signal.aborted) return;
  await using work = await openWork(run, task, deferred.validity);
  const troubles = await copyMessages(work, on, foreign[on]);
  to.failed ||= troubles.length > 0 || work.state.intents().length > 0;
  ledger.note(task, troubles);
  await Promise.all([work.local.flush(), work.remote.flush()]);
}

async function carryMove(
  { account, emit, signal, stores, state }: Run,
  ledger: Ledger,
  { from, to, on, moves }: {
    readonly from: Waiting;
    readonly to: Waiting;
    readonly on: Side;
    readonly moves: readonly Move[];
  },
): Promise<void> {
  const { task, deferred } = to;
  const stateOf = ({ task: { remote, local } }: Waiting) =>
    state.mailbox(remote.name, local.name);
  // Flags that differ between the two messages are seen by the next look.
  to.failed = true;
  const here = otherSide(on);
  await using source = await stores[on].open(from.task[on].name, {
    readOnly: false,
    signal,
  });
  sameValidity(source, from.deferred.validity[on]);
  await using arrivedIn = await stores[here].open(task[here].name, {
    readOnly: task.rules.readOnly[here],
    signal,
  });
  sameValidity(arrivedIn, deferred.validity[here]);
  const { done, rest, troubles } = await moveMessages(
    { name: from.task.name, mailbox: source, state: stateOf(from) },
    {
      account,
      name: task.name,
      on,
      nameThere: task[on].name,
      arrivedIn,
      state: stateOf(to),
      readOnly: task.rules.readOnly,
      validity: deferred.validity[on],
      nextRef: deferred.nextRef[on],
      emit,
    },
    moves,
  );
  ledger.note(task, troubles);
  const kept = new Set(rest.map(({ arrival }) => arrival));
  const linked = new Set(moves.map(({ arrival }) => arrival));
  to.foreign[on] = to.foreign[on].filter((arrival) =>
    !linked.has(arrival) || kept.has(arrival)
  );
  const gone = new Set(done.map(({ pair }) => pair.id));
  from.deletions[on] = from.deletions[on].filter(({ id }) => !gone.has(id));
  ledger.moved(on, done.length);
}
