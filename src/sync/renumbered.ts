/** A mailbox whose UIDs mean other messages than at the last sync. */
import { MailError } from "../errors.ts";
import type { Work } from "./execute/work.ts";
import type { BothChanges } from "./limited.ts";
import type { MailboxRules } from "./mailbox_rules.ts";
import { repairValidity } from "./repair.ts";
import { type Side, SIDES } from "./types.ts";
import { capital } from "./words.ts";

/**
 * Sees to it that the status is about the UIDs that both sides have now: on first
 * sight they are noted, after a change the messages are found again by content.
 *
 * @throws {MailError} Scope mailbox: too few were found again, or a dry run, which
 *   cannot pair them.
 */
export async function settleValidity(
  work: Work,
  rules: MailboxRules,
): Promise<void> {
  const { remote, local, state } = work;
  const { remoteValidity, localValidity } = state.status();
  const before = { remote: remoteValidity, local: localValidity };
  if (before.remote === undefined) {
    if (rules.dryRun) return;
    state.commit([
      { kind: "validity", remote: remote.validity, local: local.validity },
    ]);
    return;
  }
  const changed = SIDES.filter((side) => before[side] !== work[side].validity);
  if (changed.length > 0) await repair(work, before, changed, rules);
}

/**
 * The side whose numbers went back although its UIDVALIDITY is what it was: a
 * message is gone, and its UID is one that was not given yet. A server that was
 * restored from a backup gives it again, to another message (RFC 9051 §2.3.1.1
 * forbids that, and it happens).
 */
export function rewoundSides(work: Work, changes: BothChanges): Side[] {
  return SIDES.filter((side) => {
    const { refBound } = work[side];
    return refBound !== undefined &&
      changes[side].gone.some(({ [side]: ref }) =>
        typeof ref === "number" && ref >= refBound
      );
  });
}

/**
 * Finds again by content what is left of such a side.
 * @throws {MailError} As {@link settleValidity}.
 */
export async function settleRewound(
  work: Work,
  sides: readonly Side[],
  rules: MailboxRules,
): Promise<void> {
  const { remote, local } = work;
  const before = { remote: remote.validity, local: local.validity };
  await repair(work, before, sides, rules);
}

async function repair(
  work: Work,
  before: Readonly<Record<Side, number | undefined>>,
  changed: readonly Side[],
  rules: MailboxRules,
): Promise<void> {
  const { account, name: mailbox } = work;
  const base = work.state.load();
  const undecided = () => {
    for (const side of changed) {
      const saved = before[side];
      const got = work[side].validity;
      if (saved === undefined || saved === got) continue;
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
