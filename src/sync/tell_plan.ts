/** Tells what a mailbox's plan will do, and what it leaves undone. */
import { type Emit, NO_COUNTS, type PlanCounts } from "../events.ts";
import type { Deferred } from "./carry_out.ts";
import { uidOf, type Work } from "./execute/work.ts";
import type { MailboxRules } from "./mailbox_rules.ts";
import type { Plan, View } from "./plan.ts";
import { type Changes, type Side, SIDES } from "./types.ts";

/** The code of the warning about what a read-only side cannot take. */
export const DRIFT_CODE = "sync.drift";

/** Tells what is going to be done, and what a read-only side does not get. */
export function tellPlan(
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

/** The number of actions by kind. */
export function countPlan({ actions, copies }: Plan): PlanCounts {
  const counts = {
    ...NO_COUNTS,
    toRemote: copies.remote.length,
    toLocal: copies.local.length,
  };
  for (const action of actions) {
    switch (action.kind) {
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

/**
 * The same without what waits: a dry run tells of that when all mailboxes were
 * looked at.
 */
export function withoutDeferred(
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

/** As OfflineIMAP, names what copy_ignore_eval keeps from being copied. */
export function tellIgnored(
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
