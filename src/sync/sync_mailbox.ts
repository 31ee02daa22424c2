/** One mailbox: observe both sides, plan, carry out all but what must wait. */
import { MailError } from "../errors.ts";
import { copiesFromFloor } from "./age_floor.ts";
import {
  carryOut,
  deferAll,
  type MailboxOutcome,
  type Surroundings,
} from "./carry_out.ts";
import type { Trouble, Work } from "./execute/work.ts";
import { type BothChanges, withoutLimited } from "./limited.ts";
import type { MailboxRules } from "./mailbox_rules.ts";
import { observeBoth } from "./observe_both.ts";
import { planMailbox, type View } from "./plan.ts";
import { UNFETCHABLE_CODE } from "./ports.ts";
import { rewoundSides, settleRewound, settleValidity } from "./renumbered.ts";
import { type Doubt, resolveArrivals } from "./resolve.ts";
import { giveUp, settleGone } from "./settle_intents.ts";
import type { Base } from "./status.ts";
import {
  countPlan,
  tellIgnored,
  tellPlan,
  withoutDeferred,
} from "./tell_plan.ts";
import {
  type Changes,
  otherSide,
  type Ref,
  type Side,
  SIDES,
} from "./types.ts";

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
  await settleValidity(work, rules);
  let { base, changes } = await observe(work, rules);
  const rewound = rewoundSides(work, changes);
  if (rewound.length > 0) {
    await settleRewound(work, rewound, rules);
    ({ base, changes } = await observe(work, rules));
  }
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
  const copies = rules.copies ?? rules.accepts ?? (() => true);
  const refused = notToCopy(work, doubts, rules.ignored);
  const view: View = { base, remote, local, matches, refused };
  const plan = planMailbox(view, {
    canHold: work.canHold,
    readOnly: rules.readOnly,
    syncDeletes: rules.syncDeletes,
    accepts: rules.age === undefined
      ? copies
      : await copiesFromFloor(work, rules.age, { remote, local }, copies),
    restore: rules.restore,
  });
  const counts = countPlan(plan);
  const deferred = rules.dryRun
    ? deferAll(work, plan, surroundings)
    : undefined;
  tellPlan(work, plan, withoutDeferred(counts, deferred), rules);
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

/** What the status knows, and what both sides did since. */
async function observe(
  work: Work,
  { options }: MailboxRules,
): Promise<{ base: Base; changes: BothChanges }> {
  const status = work.state.status();
  const base = work.state.load();
  const known = status.options === options;
  const changes = await observeBoth(work, base, {
    remote: known ? status.remoteToken : undefined,
    local: known ? status.localToken : undefined,
  });
  return { base, changes };
}

function keptOnServer(remote: Changes, local: Changes): number {
  const gone = new Set(remote.gone.map(({ id }) => id));
  return local.gone.filter(({ id }) => !gone.has(id)).length;
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
