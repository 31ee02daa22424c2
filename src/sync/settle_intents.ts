/** Uploads of earlier runs whose end is known by now. */
import { otherSide, type Ref, type Side } from "./types.ts";
import type { Work } from "./execute/work.ts";
import type { BothChanges } from "./limited.ts";
import type { Mutation } from "./status.ts";
import { capital } from "./words.ts";

/**
 * A message that was on its way and is gone, or was paired meanwhile, is not on
 * its way any more.
 */
export function settleGone(work: Work, changes: BothChanges): void {
  const intents = work.state.intents();
  if (intents.length === 0) return;
  const there = {
    remote: new Set(changes.remote.arrived.map(({ ref }) => ref)),
    local: new Set(changes.local.arrived.map(({ ref }) => ref)),
  };
  const over = intents.filter(({ ref, to }) => !there[otherSide(to)].has(ref));
  work.state.commit(
    over.map(({ to, ref }): Mutation => ({ kind: "settle", to, ref })),
  );
}

/**
 * Takes note of messages that a side accepted and never showed. Sending them
 * again on every run would breed copies.
 */
export function giveUp(work: Work, to: Side, lost: readonly Ref[]): void {
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
