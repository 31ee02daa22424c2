/** The first part of carrying a plan out: all but what must wait for other mailboxes. */
import type { PlanCounts } from "../events.ts";
import { copyMessages } from "./execute/copy.ts";
import { levelFlags, type Levelling } from "./execute/flag.ts";
import type { Trouble, Work } from "./execute/work.ts";
import type { Mailbox } from "./ports.ts";
import type { Mutation } from "./status.ts";
import type { Action, Plan } from "./plan.ts";
import type { Arrival, Arrivals, Pair, Side } from "./types.ts";
import { otherSide, SIDES } from "./types.ts";

/** The mutation that saves the tokens of a complete sync. */
type Done = Extract<Mutation, { kind: "done" }>;

/** Something of each side. */
type BySide<T> = Readonly<Record<Side, T>>;

/** What of a mailbox must wait until every mailbox has its additions. */
export interface Deferred {
  /** What is to be copied to a side, or else moved there: by that side. */
  readonly foreign: BySide<readonly Arrival[]>;
  readonly deletions: BySide<readonly Pair[]>;
  readonly agreed: number;
  /** To be saved when all is done; undefined if something failed. */
  readonly done: Done | undefined;
  /** UIDVALIDITY that all of this is about. */
  readonly validity: BySide<number>;
  /** Where the next upload's UID will be at the least. */
  readonly nextRef: BySide<number | undefined>;
  /** Messages of it can be moved to another mailbox of that side. */
  readonly canMove: BySide<boolean>;
}

/** What a mailbox must know of the other ones of the run. */
export interface Surroundings {
  /**
   * Another mailbox that was synchronised before may have lost what arrived in
   * this one. Only asked where names do not tell where a message came from.
   */
  readonly mayBeMoves: boolean;
}

/** How the first part of a mailbox's sync ended. */
export interface MailboxOutcome {
  readonly counts: PlanCounts;
  readonly troubles: readonly Trouble[];
  readonly deferred: Deferred | undefined;
}

function pick<Kind extends Action["kind"]>(
  actions: readonly Action[],
  kind: Kind,
): Extract<Action, { kind: Kind }>[] {
  return actions.filter((action): action is Extract<Action, { kind: Kind }> =>
    action.kind === kind
  );
}

/** What {@link carryOut} goes by beside the plan. */
export interface Course {
  readonly done: Done;
  readonly troubles: Trouble[];
  readonly surroundings: Surroundings;
}

/**
 * Carries out a plan, except for deletions and what may be a move: those are
 * returned for later.
 *
 * @throws {MailError} What ends the mailbox or the account.
 */
export async function carryOut(
  work: Work,
  plan: Plan,
  counts: PlanCounts,
  { done, troubles, surroundings }: Course,
): Promise<MailboxOutcome> {
  const { actions, agreed } = plan;
  const levelling: Levelling = {
    flags: pick(actions, "flag"),
    adopted: pick(actions, "adopt"),
    agreed: pick(actions, "agree"),
    rebound: pick(actions, "rebind"),
    forgotten: pick(actions, "forget"),
  };
  troubles.push(...await levelFlags(work, levelling));
  const { copies, foreign, deletions } = splitPlan(work, plan, surroundings);
  for (const to of ["local", "remote"] as const) {
    troubles.push(...await copyMessages(work, to, copies[to]));
  }
  await Promise.all([work.local.flush(), work.remote.flush()]);
  const complete = !work.signal.aborted && troubles.length === 0 &&
    work.state.intents().length === 0;
  if (!hasAny(foreign) && !hasAny(deletions)) {
    if (complete) work.state.commit([done]);
    return { counts, troubles, deferred: undefined };
  }
  return {
    counts,
    troubles,
    deferred: {
      foreign,
      deletions,
      agreed,
      done: complete ? done : undefined,
      ...stateOf(work),
    },
  };
}

/**
 * What of a plan waits until every mailbox was looked at, for a dry run: nothing
 * is carried out.
 */
export function deferAll(
  work: Work,
  plan: Plan,
  surroundings: Surroundings,
): Deferred | undefined {
  const { agreed } = plan;
  const { foreign, deletions } = splitPlan(work, plan, surroundings);
  if (!hasAny(foreign) && !hasAny(deletions)) return undefined;
  return { foreign, deletions, agreed, done: undefined, ...stateOf(work) };
}

/** What is to be done at once, and what waits. */
function splitPlan(
  work: Work,
  { actions, copies: all }: Plan,
  surroundings: Surroundings,
) {
  const waits = (to: Side) => (arrival: Arrival) =>
    mayBeMove(work, to, arrival, surroundings);
  const foreign = {
    remote: all.remote.filter(waits("remote")),
    local: all.local.filter(waits("local")),
  };
  const atOnce = (to: Side): Arrivals =>
    foreign[to].length === 0
      ? all[to]
      : all[to].filter((arrival) => !waits(to)(arrival));
  const copies = { remote: atOnce("remote"), local: atOnce("local") };
  const deletions = { remote: new Array<Pair>(), local: new Array<Pair>() };
  for (const { on, pair } of pick(actions, "delete")) deletions[on].push(pair);
  return { copies, foreign, deletions };
}

function hasAny(lists: BySide<readonly unknown[]>): boolean {
  return SIDES.some((side) => lists[side].length > 0);
}

function stateOf(
  { remote, local }: Work,
): Pick<Deferred, "validity" | "nextRef" | "canMove"> {
  return {
    validity: { remote: remote.validity, local: local.validity },
    nextRef: { remote: remote.nextRef, local: local.nextRef },
    canMove: { remote: isMovable(remote), local: isMovable(local) },
  };
}

/**
 * Whether a message to be copied may be one that was moved, and is to be moved on
 * the side `to` as well: its name says so, or, between two servers, where names
 * say nothing, another mailbox may have lost it.
 */
function mayBeMove(
  work: Work,
  to: Side,
  { hint }: Arrival,
  { mayBeMoves }: Surroundings,
): boolean {
  return work[otherSide(to)].bind === undefined
    ? mayBeMoves && isServer(work[to]) && isMovable(work[to])
    : hint?.here === false;
}

/** A dry run opens for reading only, where nothing can be moved. */
function isMovable({ move, couldMove }: Mailbox): boolean {
  return move !== undefined || couldMove === true;
}

/** What has UIDs in their order is a server. */
function isServer({ nextRef }: Mailbox): boolean {
  return nextRef !== undefined;
}
