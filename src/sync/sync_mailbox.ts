/** One mailbox: observe both sides, plan, carry out all but what must wait. */
import { MailError } from "../errors.ts";
import { type Emit, NO_COUNTS, type PlanCounts } from "../events.ts";
import {
  carryOut,
  deferAll,
  type Deferred,
  type MailboxOutcome,
  type Surroundings,
} from "./carry_out.ts";
import { type Trouble, uidOf, type Work } from "./execute/work.ts";
import {
  type Base,
  type MailboxStatus,
  type Mutation,
  UNFETCHABLE_CODE,
} from "./ports.ts";
import { type Accepts, type BothChanges, withoutLimited } from "./limited.ts";
import { type Plan, planMailbox, type View } from "./plan.ts";
import { repairValidity } from "./repair.ts";
import { type Doubt, resolveArrivals } from "./resolve.ts";
import type { Changes, Ref, Side } from "./types.ts";
import { otherSide, SIDES } from "./types.ts";
import { capital } from "./words.ts";

/** The rules for one mailbox, as the configuration sets them. */
export interface MailboxRules {
  readonly readOnly: Readonly<Record<Side, boolean>>;
  readonly syncDeletes: Readonly<Record<Side, boolean>>;
  /** maxage, startdate and maxsize. @default everything is synchronised */
  readonly accepts?: Accepts;
  /** The same for messages that only one side has. @default `accepts` */
  readonly copies?: Accepts;
  /** Never copied from a side (copy_ignore_eval). @default none */
  readonly ignored?: Readonly<Record<Side, ReadonlySet<Ref>>>;
  /**
   * Told how many messages are gone locally, and stay on the server since
   * `syncDeletes` says so.
   */
  readonly kept?: (count: number) => void;
  readonly restore: boolean;
  readonly dryRun: boolean;
  /** Go on after a new UIDVALIDITY although little was found again. */
  readonly acceptValidity: boolean;
  /** What shapes the view; other options make the tokens void. */
  readonly options: string;
}

/** The code of the warning about what a read-only side cannot take. */
export const DRIFT_CODE = "sync.drift";

/**
 * Brings one mailbox in step, except for deletions and moves, which are returned
 * for later.
 *
 * @throws {MailError} Nothing may be concluded about the mailbox, or the account
 *   cannot go on.
 */
export async function syncMailbox(
  work: Work,
  rules: MailboxRules,
  surroundings: Surroundings,
): Promise<MailboxOutcome> {
  let status = work.state.status();
  let base = work.state.load();
  const changed = changedValidity(work, status);
  if (status.remoteValidity === undefined) {
    if (!rules.dryRun) noteValidity(work);
  } else if (changed.length > 0) {
    await renumbered(work, base, changed, rules);
    status = work.state.status();
    base = work.state.load();
  }
  const known = status.options === rules.options;
  const changes = await observe(
    work,
    base,
    known ? status.remoteToken : undefined,
    known ? status.localToken : undefined,
  );
  work.emit({
    type: "mailbox.listed",
    account: work.account,
    mailbox: work.name,
    remote: changes.remote.total,
    local: changes.local.total,
  });
  const { remote, local } = rules.accepts === undefined
    ? changes
    : await withoutLimited(work, base, changes, rules.accepts);
  const { matches, lost, doubts } = await resolveArrivals(
    work,
    base,
    remote,
    local,
  );
  if (!rules.dryRun) {
    settleGone(work, { remote, local });
    for (const to of SIDES) giveUp(work, to, lost[to]);
  }
  const refused = notToCopy(work, doubts, rules.ignored);
  const view: View = { base, remote, local, matches, refused };
  const plan = planMailbox(view, {
    canHold: work.canHold,
    readOnly: rules.readOnly,
    syncDeletes: rules.syncDeletes,
    accepts: rules.copies ?? rules.accepts ?? (() => true),
    restore: rules.restore,
  });
  const counts = countPlan(plan);
  const deferred = rules.dryRun
    ? deferAll(work, plan, surroundings)
    : undefined;
  announce(work, plan, withoutDeferred(counts, deferred), rules);
  tellIgnored(work, view, rules);
  if (rules.kept !== undefined && !rules.syncDeletes.local) {
    const kept = keptOnServer(remote, local);
    if (kept > 0) rules.kept(kept);
  }
  if (rules.dryRun) return { counts, troubles: [], deferred };
  return await carryOut(work, plan, counts, {
    done: {
      kind: "done",
      remoteToken: remote.token,
      localToken: local.token,
      options: rules.options,
    },
    troubles: doubts.map((doubt) => troubleOf(work, doubt)),
    surroundings,
  });
}

/** A dry run tells what waits when all mailboxes were looked at. */
function withoutDeferred(
  counts: PlanCounts,
  deferred: Deferred | undefined,
): PlanCounts {
  if (deferred === undefined) return counts;
  const { foreign } = deferred;
  return {
    ...counts,
    toRemote: counts.toRemote - foreign.remote.length,
    toLocal: counts.toLocal - foreign.local.length,
    deleteRemote: 0,
    deleteLocal: 0,
  };
}

function keptOnServer(remote: Changes, local: Changes): number {
  const gone = new Set(remote.gone.map(({ id }) => id));
  return local.gone.filter(({ id }) => !gone.has(id)).length;
}

function noteValidity({ state, remote, local }: Work): void {
  state.commit([
    { kind: "validity", remote: remote.validity, local: local.validity },
  ]);
}

/** The sides whose UIDs are void. */
function changedValidity(work: Work, status: MailboxStatus): Side[] {
  const before = {
    remote: status.remoteValidity,
    local: status.localValidity,
  };
  return SIDES.filter((side) => before[side] !== work[side].validity);
}

async function renumbered(
  work: Work,
  base: Base,
  changed: readonly Side[],
  rules: MailboxRules,
): Promise<void> {
  const { account, name: mailbox } = work;
  const { remoteValidity, localValidity } = work.state.status();
  const before = { remote: remoteValidity, local: localValidity };
  const undecided = () => {
    for (const side of changed) {
      const saved = before[side];
      if (saved === undefined) continue;
      const got = work[side].validity;
      work.emit({ type: "mailbox.renumbered", account, mailbox, saved, got });
    }
  };
  if (rules.dryRun) {
    undecided();
    throw new MailError(
      `UID validity problem for folder "${work.name}": a real run will pair ` +
        `its ${base.size} messages again by their content`,
      { code: "sync.validity", scope: "mailbox" },
    );
  }
  const { matched, known } = await repairValidity(work, base, {
    changed,
    validity: { remote: work.remote.validity, local: work.local.validity },
    allowed: rules.acceptValidity,
  }).catch((error) => {
    undecided();
    throw error;
  });
  const who = changed.map((side) => work.words[side].who).join(" and ");
  work.emit({
    type: "warning",
    account: work.account,
    mailbox: work.name,
    code: "sync.renumbered",
    text: `${capital(who)} gave the messages of "${work.name}" new numbers; ` +
      `${matched} of ${known} were found again, nothing was transferred for ` +
      "them",
  });
}

/** Both sides at once; once more in full where a file name asks for it. */
async function observe(
  work: Work,
  base: Base,
  remoteToken: string | undefined,
  localToken: string | undefined,
): Promise<{ remote: Changes; local: Changes }> {
  const [remote, local] = await Promise.all([
    work.remote.observe(base.remote, remoteToken, work.signal),
    work.local.observe(base.local, localToken, work.signal),
  ]);
  if (remoteToken === undefined || !hasStrayHint(base, remote, local)) {
    return { remote, local };
  }
  return {
    remote: await work.remote.observe(base.remote, undefined, work.signal),
    local,
  };
}

/** A file names a UID that neither the status nor the short listing has. */
function hasStrayHint(base: Base, remote: Changes, local: Changes): boolean {
  const strays = local.arrived.filter(({ hint }) =>
    hint?.here === true && base.remote.find(hint.uid) === undefined
  );
  if (strays.length === 0) return false;
  const seen = new Set<Ref>(remote.arrived.map(({ ref }) => ref));
  return strays.some(({ hint }) => hint !== undefined && !seen.has(hint.uid));
}

/**
 * A message that was on its way and is gone, or was paired meanwhile, is not on
 * its way any more.
 */
function settleGone(work: Work, changes: BothChanges): void {
  const there = {
    remote: new Set(changes.remote.arrived.map(({ ref }) => ref)),
    local: new Set(changes.local.arrived.map(({ ref }) => ref)),
  };
  const over = work.state.intents()
    .filter(({ ref, to }) => !there[otherSide(to)].has(ref));
  work.state.commit(
    over.map(({ to, ref }): Mutation => ({ kind: "settle", to, ref })),
  );
}

/** Sent, accepted, never seen: sending it again on every run would breed copies. */
function giveUp(work: Work, to: Side, lost: readonly Ref[]): void {
  if (lost.length === 0) return;
  const { who } = work.words[to];
  work.state.commit(lost.flatMap((ref): Mutation[] => [
    {
      kind: "refuse",
      refusal: {
        ref,
        from: otherSide(to),
        reason: `${capital(who)} accepted it but does not show it`,
      },
    },
    { kind: "settle", to, ref },
  ]));
  work.emit({
    type: "warning",
    account: work.account,
    mailbox: work.name,
    code: "sync.vanished",
    text: `"${work.name}": ${who} accepted ${lost.length} messages and ` +
      `does not show them; they stay where they are and are not sent again ` +
      `(${lost.slice(0, 3).join(", ")}${lost.length > 3 ? " …" : ""})`,
  });
}

/** What is not to be copied: refused before, perhaps there already, or ignored. */
function notToCopy(
  work: Work,
  doubts: readonly Doubt[],
  ignored: MailboxRules["ignored"],
): Record<Side, ReadonlySet<Ref>> {
  const refusals = work.state.refusals()
    .filter(({ reason }) => reason !== UNFETCHABLE_CODE);
  const from = (side: Side) =>
    new Set([
      ...doubts.flatMap((doubt) =>
        doubt.side === side ? doubt.untold : doubt.open
      ),
      ...refusals.filter((r) => r.from === side).map((r) => r.ref),
      ...ignored?.[side] ?? [],
    ]);
  return { remote: from("remote"), local: from("local") };
}

/** As OfflineIMAP, names what copy_ignore_eval keeps from being copied. */
function tellIgnored(
  work: Work,
  { remote, local, matches }: View,
  { ignored }: MailboxRules,
): void {
  if (ignored === undefined) return;
  const matched = {
    remote: new Set(matches.values()),
    local: new Set(matches.keys()),
  };
  const tell = (from: Side, { arrived }: Changes) => {
    for (const { ref } of arrived) {
      if (!ignored[from].has(ref) || matched[from].has(ref)) continue;
      work.emit({
        type: "message.ignored",
        account: work.account,
        mailbox: work.name,
        from,
        uid: uidOf(ref),
      });
    }
  };
  tell("remote", remote);
  tell("local", local);
}

/** Tells of arrivals that wait until the server says what they are. */
function troubleOf(work: Work, { side, untold, open }: Doubt): Trouble {
  const error = new MailError(
    `"${work.name}": ${work.words[side].who} did not tell the headers of ` +
      `${untold.length} messages, one of which may be any of ${open.length} ` +
      `${
        work.words[otherSide(side)].where
      }: all of these wait for the next run`,
    { code: "sync.doubt", scope: "mailbox", retry: "now" },
  );
  return { side, ref: undefined, error };
}

/** The number of actions by kind. */
export function countPlan({ actions }: Plan): PlanCounts {
  const counts = { ...NO_COUNTS };
  for (const action of actions) {
    switch (action.kind) {
      case "copy":
        counts[action.to === "local" ? "toLocal" : "toRemote"]++;
        break;
      case "flag":
        counts[action.on === "local" ? "flagLocal" : "flagRemote"]++;
        break;
      case "delete":
        counts[action.on === "local" ? "deleteLocal" : "deleteRemote"]++;
        break;
      case "adopt":
      case "agree":
      case "forget":
      case "rebind":
        break;
      default:
        action satisfies never;
    }
  }
  return counts;
}

function announce(
  work: Work,
  plan: Plan,
  counts: PlanCounts,
  { dryRun, restore }: MailboxRules,
): void {
  const about = { account: work.account, mailbox: work.name };
  work.emit({ type: "mailbox.planned", ...about, counts, dryRun });
  for (const on of SIDES) {
    const drift = plan.drift.filter((entry) => entry.on === on);
    if (drift.length > 0) driftWarning(work.emit, about, on, drift, restore);
  }
}

function driftWarning(
  emit: Emit,
  about: { account: string; mailbox: string },
  on: Side,
  drift: Plan["drift"],
  restore: boolean,
): void {
  // What is new on the other side stays there: nothing brings it back.
  const added = drift.filter(({ kind }) => kind === "copy").length;
  const undoable = restore ? 0 : drift.length - added;
  emit({
    type: "warning",
    ...about,
    code: DRIFT_CODE,
    text:
      `"${about.mailbox}": ${drift.length} changes are not carried over, since ` +
      `the ${on} repository is read-only` +
      (added > 0 ? ` (${added} new messages stay where they are)` : ""),
    ...(undoable > 0
      ? { hint: "Run with --restore to undo changes where they were made" }
      : {}),
  });
}
