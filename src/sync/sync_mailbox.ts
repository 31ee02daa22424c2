/** One mailbox: observe both sides, plan, carry out all but what must wait. */
import { MailError } from "../errors.ts";
import { type Emit, NO_COUNTS, type PlanCounts } from "../events.ts";
import { copyMessages } from "./execute/copy.ts";
import { levelFlags, type Levelling } from "./execute/flag.ts";
import { type Trouble, uidOf, type Work } from "./execute/work.ts";
import type { Base, Mutation } from "./ports.ts";
import { type Accepts, withoutLimited } from "./limited.ts";
import { type Action, type Plan, planMailbox, type View } from "./plan.ts";
import { repairValidity } from "./repair.ts";
import { type Resolution, resolveArrivals } from "./resolve.ts";
import type { Arrival, Changes, Pair, Ref, Side } from "./types.ts";

/** The rules for one mailbox, as the configuration sets them. */
export interface MailboxRules {
  readonly readOnly: Readonly<Record<Side, boolean>>;
  readonly syncDeletes: Readonly<Record<Side, boolean>>;
  /** maxage, startdate and maxsize. @default everything is synchronised */
  readonly accepts?: Accepts;
  /** Never copied from a side (copy_ignore_eval). @default none */
  readonly ignored?: Readonly<Record<Side, ReadonlySet<Ref>>>;
  readonly restore: boolean;
  readonly dryRun: boolean;
  /** Go on after a new UIDVALIDITY although little was found again. */
  readonly acceptValidity: boolean;
  /** What shapes the view; other options make the tokens void. */
  readonly options: string;
}

/** The mutation that saves the tokens of a complete sync. */
type Done = Extract<Mutation, { kind: "done" }>;

/** What of a mailbox must wait until every mailbox has its additions. */
export interface Deferred {
  /** Files that came from another mailbox: perhaps a move. */
  readonly foreign: readonly Arrival[];
  readonly deletions: Readonly<Record<Side, readonly Pair[]>>;
  readonly agreed: number;
  /** To be saved when all is done; undefined if something failed. */
  readonly done: Done | undefined;
  /** UIDVALIDITY that all of this is about. */
  readonly validity: number;
  /** Where the next upload's UID will be at the least. */
  readonly nextRef: number | undefined;
}

/** How the first part of a mailbox's sync ended. */
export interface MailboxOutcome {
  readonly counts: PlanCounts;
  readonly troubles: readonly Trouble[];
  readonly deferred: Deferred | undefined;
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
): Promise<MailboxOutcome> {
  let status = work.state.status();
  let base = work.state.load();
  if (status.remoteValidity === undefined) {
    if (!rules.dryRun) noteValidity(work);
  } else if (status.remoteValidity !== work.remote.validity) {
    await renumbered(work, status.remoteValidity, base, rules);
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
  const { matches, lost, undecided } = await resolveArrivals(
    work,
    base,
    remote,
    local,
  );
  if (!rules.dryRun) giveUp(work, lost);
  const refused = notToCopy(work, undecided, rules.ignored);
  const view: View = { base, remote, local, matches, refused };
  const plan = planMailbox(view, {
    canHold: work.canHold,
    readOnly: rules.readOnly,
    syncDeletes: rules.syncDeletes,
    accepts: rules.accepts ?? (() => true),
    restore: rules.restore,
  });
  const counts = countPlan(plan);
  announce(work, plan, counts, rules);
  tellIgnored(work, view, rules);
  if (rules.dryRun) return { counts, troubles: [], deferred: undefined };
  return await carryOut(work, plan, counts, {
    done: {
      kind: "done",
      remoteToken: remote.token,
      localToken: local.token,
      options: rules.options,
    },
    troubles: doubts(work, undecided),
  });
}

function noteValidity({ state, remote, local }: Work): void {
  state.commit([
    { kind: "validity", remote: remote.validity, local: local.validity },
  ]);
}

async function renumbered(
  work: Work,
  saved: number,
  base: Base,
  rules: MailboxRules,
): Promise<void> {
  const { account, name: mailbox } = work;
  const undecided = () => {
    const got = work.remote.validity;
    work.emit({ type: "mailbox.renumbered", account, mailbox, saved, got });
  };
  if (rules.dryRun) {
    undecided();
    throw new MailError(
      `UID validity problem for folder "${work.name}": a real run will pair ` +
        `its ${base.size} messages again by their content`,
      { code: "sync.validity", scope: "mailbox" },
    );
  }
  const { matched, known } = await repairValidity(
    work,
    base,
    rules.acceptValidity,
  ).catch((error) => {
    undecided();
    throw error;
  });
  work.emit({
    type: "warning",
    account: work.account,
    mailbox: work.name,
    code: "sync.renumbered",
    text:
      `The server gave the messages of "${work.name}" new numbers; ${matched} ` +
      `of ${known} were found again, nothing was transferred for them`,
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

/** Sent, accepted, never seen: sending it again on every run would breed copies. */
function giveUp(work: Work, lost: readonly Ref[]): void {
  if (lost.length === 0) return;
  work.state.commit(lost.flatMap((ref): Mutation[] => [
    {
      kind: "refuse",
      refusal: {
        ref,
        from: "local",
        reason: "The server accepted it but does not show it",
      },
    },
    { kind: "settle", to: "remote", ref },
  ]));
  work.emit({
    type: "warning",
    account: work.account,
    mailbox: work.name,
    code: "sync.vanished",
    text: `"${work.name}": the server accepted ${lost.length} messages and ` +
      `does not show them; they stay where they are and are not sent again ` +
      `(${lost.slice(0, 3).join(", ")}${lost.length > 3 ? " …" : ""})`,
  });
}

/** What is not to be copied: refused before, perhaps there already, or ignored. */
function notToCopy(
  work: Work,
  undecided: Resolution["undecided"],
  ignored: MailboxRules["ignored"],
): Record<Side, ReadonlySet<Ref>> {
  const refusals = work.state.refusals();
  const from = (side: Side) =>
    undecided[side].union(
      new Set(refusals.filter((r) => r.from === side).map((r) => r.ref)),
    ).union(ignored?.[side] ?? new Set<Ref>());
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
function doubts(
  work: Work,
  { remote, local }: Resolution["undecided"],
): Trouble[] {
  if (remote.size === 0) return [];
  const error = new MailError(
    `"${work.name}": the server did not tell the headers of ${remote.size} ` +
      `messages, one of which may be any of ${local.size} in the Maildir: ` +
      "all of these wait for the next run",
    { code: "sync.doubt", scope: "mailbox", retry: "now" },
  );
  return [{ side: "remote", ref: undefined, error }];
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
  for (const on of ["remote", "local"] as const) {
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

function pick<Kind extends Action["kind"]>(
  actions: readonly Action[],
  kind: Kind,
): Extract<Action, { kind: Kind }>[] {
  return actions.filter((action): action is Extract<Action, { kind: Kind }> =>
    action.kind === kind
  );
}

async function carryOut(
  work: Work,
  { actions, agreed }: Plan,
  counts: PlanCounts,
  { done, troubles }: { done: Done; troubles: Trouble[] },
): Promise<MailboxOutcome> {
  const levelling: Levelling = {
    flags: pick(actions, "flag"),
    adopted: pick(actions, "adopt"),
    agreed: pick(actions, "agree"),
    rebound: pick(actions, "rebind"),
    forgotten: pick(actions, "forget"),
  };
  troubles.push(...await levelFlags(work, levelling));
  const copies = pick(actions, "copy");
  const foreign: Arrival[] = [];
  const uploads: Arrival[] = [];
  const downloads: Arrival[] = [];
  for (const { to, arrival } of copies) {
    if (to === "local") downloads.push(arrival);
    else if (arrival.hint?.here === false) foreign.push(arrival);
    else uploads.push(arrival);
  }
  troubles.push(...await copyMessages(work, "local", downloads));
  troubles.push(...await copyMessages(work, "remote", uploads));
  const deletes = pick(actions, "delete");
  const deletions = {
    remote: deletes.flatMap(({ on, pair }) => on === "remote" ? [pair] : []),
    local: deletes.flatMap(({ on, pair }) => on === "local" ? [pair] : []),
  };
  await Promise.all([work.local.flush(), work.remote.flush()]);
  const complete = !work.signal.aborted && troubles.length === 0 &&
    work.state.intents().length === 0;
  if (foreign.length === 0 && deletes.length === 0) {
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
      validity: work.remote.validity,
      nextRef: work.remote.nextRef,
    },
  };
}
