/** What one mailbox needs: a pure function of what three parties say. */
import type {
  Arrival,
  Arrivals,
  Changes,
  Flags,
  Hint,
  Pair,
  Ref,
  Side,
} from "./types.ts";
import { otherSide, SIDES } from "./types.ts";
import {
  filterFlags,
  type FlagDelta,
  flagDelta,
  flagsOf,
  hasFlag,
  mergeFlags,
  unionFlags,
} from "./flags.ts";
import { ArrivalList } from "./arrival_list.ts";
import type { Base } from "./status.ts";

/** One step of a plan. The executor decides nothing, it only carries these out. */
export type Action =
  /** Both sides have it already: note the pair, level the flags. */
  | {
    readonly kind: "adopt";
    readonly remote: Arrival;
    readonly local: Arrival;
    readonly flags: Flags;
  }
  /** The local message is there under another name. */
  | { readonly kind: "rebind"; readonly pair: Pair; readonly local: Ref }
  /** Change flags on one side; `ref` is the message there. */
  | {
    readonly kind: "flag";
    readonly on: Side;
    readonly ref: Ref;
    readonly delta: FlagDelta;
    /** What it has there now. */
    readonly was: Flags;
  }
  /** Both sides agree on these flags once the flag actions are done. */
  | { readonly kind: "agree"; readonly pair: Pair; readonly flags: Flags }
  /** Carry a deletion over. */
  | { readonly kind: "delete"; readonly on: Side; readonly pair: Pair }
  /** Neither side has it any more. */
  | { readonly kind: "forget"; readonly pair: Pair };

/** What a plan leaves undone on purpose, for the report. */
export interface Drift {
  readonly kind: "copy" | "flag" | "delete";
  /** The side that may not be changed. */
  readonly on: Side;
  readonly ref: Ref;
}

/** What is to be done for one mailbox. */
export interface Plan {
  readonly actions: readonly Action[];
  /** What a side does not have, by that side: to be copied after the actions. */
  readonly copies: Readonly<Record<Side, Arrivals>>;
  readonly drift: readonly Drift[];
  /** Pairs that both sides had before. */
  readonly agreed: number;
}

/** Rules that the configuration sets. */
export interface PlanOptions {
  /** Flags that both sides can hold; all others stay where they are. */
  readonly canHold: (flag: string) => boolean;
  /** Sides that may not be changed (`readonly`). */
  readonly readOnly: Readonly<Record<Side, boolean>>;
  /** Sides whose deletions are carried over (`sync_deletes`). */
  readonly syncDeletes: Readonly<Record<Side, boolean>>;
  /** Whether a new message on `side` is to be copied (maxage, maxsize …). */
  readonly accepts: (side: Side, arrival: Arrival) => boolean;
  /** Let a read-only side win over what the other side changed. */
  readonly restore: boolean;
}

/** What the three parties say, and what was found out about the unknown. */
export interface View {
  readonly base: Base;
  readonly remote: Changes;
  readonly local: Changes;
  /** Local arrivals that are proven to be remote arrivals. */
  readonly matches: ReadonlyMap<Ref, Ref>;
  /** Arrivals that the other side refused before. */
  readonly refused: Readonly<Record<Side, ReadonlySet<Ref>>>;
}

/** What happened to one known pair. */
interface PairChange {
  pair: Pair;
  gone: Record<Side, boolean>;
  flags: Record<Side, Flags | undefined>;
}

/**
 * What one mailbox needs so that both sides are in step. Pure: no clock, no I/O.
 *
 * OfflineIMAP's rules: a deletion wins over a flag change, flags are merged one
 * by one. Where it lost mail, the rule is another: an unknown message that both
 * sides hold gets the union of the flags; nothing is deleted that the status
 * does not know from both sides.
 */
export function planMailbox(view: View, options: PlanOptions): Plan {
  const plan = new PlanBuilder(options);
  const changes = gather(view);
  const used = adoptAndRebind(view, changes, plan);
  for (const change of changes.values()) planPair(change, plan);
  for (const side of SIDES) {
    for (const arrival of view[side].arrived) {
      if (used[side].has(arrival.ref)) continue;
      if (view.refused[side].has(arrival.ref)) continue;
      if (options.accepts(side, arrival)) plan.copy(otherSide(side), arrival);
    }
  }
  return {
    actions: plan.actions,
    copies: plan.copies,
    drift: plan.drift,
    agreed: view.base.size,
  };
}

/** Collects actions; turns what a read-only side cannot take into drift. */
class PlanBuilder {
  readonly actions: Action[] = [];
  readonly copies = { remote: new ArrivalList(), local: new ArrivalList() };
  readonly drift: Drift[] = [];

  constructor(readonly options: PlanOptions) {}

  shared(flags: Flags): Flags {
    return filterFlags(flags, this.options.canHold);
  }

  copy(to: Side, arrival: Arrival): void {
    if (this.options.readOnly[to]) {
      this.drift.push({ kind: "copy", on: to, ref: arrival.ref });
    } else this.copies[to].add(arrival);
  }

  /** True when done or not needed, false when the side is read-only. */
  flag(on: Side, ref: Ref, from: Flags, to: Flags): boolean {
    const delta = flagDelta(from, to);
    if (delta === undefined) return true;
    if (this.options.readOnly[on]) {
      this.drift.push({ kind: "flag", on, ref });
      return false;
    }
    this.actions.push({ kind: "flag", on, ref, delta, was: from });
    return true;
  }
}

function gather(view: View): Map<number, PairChange> {
  const changes = new Map<number, PairChange>();
  const of = (pair: Pair): PairChange => {
    let change = changes.get(pair.id);
    if (change === undefined) {
      change = {
        pair,
        gone: { remote: false, local: false },
        flags: { remote: undefined, local: undefined },
      };
      changes.set(pair.id, change);
    }
    return change;
  };
  for (const side of SIDES) {
    for (const { pair, flags } of view[side].reflagged) {
      of(pair).flags[side] = flags;
    }
    for (const pair of view[side].gone) of(pair).gone[side] = true;
  }
  return changes;
}

/**
 * Pairs what both sides hold already, and files under a new name with their
 * pair. Returns the arrivals that need nothing more.
 */
function adoptAndRebind(
  view: View,
  changes: Map<number, PairChange>,
  plan: PlanBuilder,
): Record<Side, Set<Ref>> {
  const used = { remote: new Set<Ref>(), local: new Set<Ref>() };
  if (view.local.arrived.length === 0) return used;
  const remoteArrivals = new Map<Ref, Arrival>();
  if (view.matches.size > 0) {
    for (const arrival of view.remote.arrived) {
      remoteArrivals.set(arrival.ref, arrival);
    }
  }
  for (const local of view.local.arrived) {
    const match = view.matches.get(local.ref);
    const remote = match === undefined ? undefined : remoteArrivals.get(match);
    if (remote !== undefined && !used.remote.has(remote.ref)) {
      used.remote.add(remote.ref);
      used.local.add(local.ref);
      adopt(remote, local, plan);
      continue;
    }
    const pair = pairOfHint(view.base, local.hint);
    if (pair === undefined) continue;
    const change = changes.get(pair.id);
    if (change?.gone.remote === true) continue;
    if (pair.doomed === "remote") {
      used.local.add(local.ref);
      undoom(pair, local, plan);
    } else if (change?.gone.local === true) {
      used.local.add(local.ref);
      change.gone.local = false;
      change.flags.local = local.flags;
      change.pair = { ...pair, local: local.ref };
      plan.actions.push({ kind: "rebind", pair, local: local.ref });
    }
  }
  return used;
}

/** The pair that a file name of this very mailbox speaks of. */
function pairOfHint(base: Base, hint: Hint | undefined): Pair | undefined {
  return hint?.here === true ? base.remote.find(hint.uid) : undefined;
}

function adopt(remote: Arrival, local: Arrival, plan: PlanBuilder): void {
  const remoteFlags = plan.shared(remote.flags);
  const localFlags = plan.shared(local.flags);
  const both = unionFlags(remoteFlags, localFlags);
  const done = plan.flag("remote", remote.ref, remoteFlags, both) &&
    plan.flag("local", local.ref, localFlags, both);
  // What a read-only side cannot take stays a difference against the base.
  plan.actions.push({
    kind: "adopt",
    remote,
    local,
    flags: done ? both : plan.options.readOnly.local ? localFlags : remoteFlags,
  });
}

/** A file that was deleted came back: its message must not stay marked. */
function undoom(pair: Pair, local: Arrival, plan: PlanBuilder): void {
  plan.actions.push({ kind: "rebind", pair, local: local.ref });
  const flags = plan.shared(local.flags);
  if (!hasFlag(flags, "\\Deleted")) {
    const marked = unionFlags(flags, flagsOf(["\\Deleted"]));
    plan.flag("remote", pair.remote, marked, flags);
  }
  plan.actions.push({ kind: "agree", pair, flags });
}

function planPair(change: PairChange, plan: PlanBuilder): void {
  const { pair, gone, flags } = change;
  if (pair.doomed !== false) planDoomed(change, pair.doomed, plan);
  else if (gone.remote && gone.local) {
    plan.actions.push({ kind: "forget", pair });
  } else if (gone.remote) planDeletion("local", change, plan);
  else if (gone.local) planDeletion("remote", change, plan);
  else {
    const remote = flags.remote === undefined
      ? pair.flags
      : plan.shared(flags.remote);
    const local = flags.local === undefined
      ? pair.flags
      : plan.shared(flags.local);
    planFlags(pair, remote, local, plan);
  }
}

/** Marked `\Deleted` by us: wait for the expunge; unmarked by someone: revive. */
function planDoomed(
  { pair, gone, flags: all }: PairChange,
  on: Side,
  plan: PlanBuilder,
): void {
  const flags = all[on];
  if (gone[on]) plan.actions.push({ kind: "forget", pair });
  else if (flags !== undefined && !hasFlag(flags, "\\Deleted")) {
    plan.actions.push({ kind: "forget", pair });
    plan.copy(otherSide(on), { ref: pair[on], flags });
  }
}

/** The message is gone on the other side of `on`. */
function planDeletion(on: Side, change: PairChange, plan: PlanBuilder): void {
  const { pair } = change;
  const from = otherSide(on);
  const { options } = plan;
  if (options.readOnly[on]) {
    if (options.restore && !options.readOnly[from]) {
      plan.actions.push({ kind: "forget", pair });
      const ref = pair[on];
      plan.copy(from, { ref, flags: change.flags[on] ?? pair.flags });
    } else plan.drift.push({ kind: "delete", on, ref: pair[on] });
  } else if (options.syncDeletes[from]) {
    plan.actions.push({ kind: "delete", on, pair });
  }
}

function planFlags(
  pair: Pair,
  remote: Flags,
  local: Flags,
  plan: PlanBuilder,
): void {
  const { readOnly, restore } = plan.options;
  let to = mergeFlags(pair.flags, local, remote);
  if (restore && readOnly.remote) to = remote;
  else if (restore && readOnly.local) to = local;
  const onRemote = plan.flag("remote", pair.remote, remote, to);
  const onLocal = plan.flag("local", pair.local, local, to);
  // The base follows only what both sides really have.
  const agreed = onRemote && onLocal ? to : onLocal ? remote : pair.flags;
  if (agreed !== pair.flags) {
    plan.actions.push({ kind: "agree", pair, flags: agreed });
  }
}
