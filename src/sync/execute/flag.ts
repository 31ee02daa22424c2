/** Levels flags, and notes what both sides then agree on. */
import { type MailError, toMailError } from "../../errors.ts";
import { flagList } from "../flags.ts";
import { labelOf } from "../labels.ts";
import type { Action } from "../plan.ts";
import type { Mutation } from "../status.ts";
import type { Ref, Side } from "../types.ts";
import { type Trouble, uidOf, type Work } from "./work.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

/** The actions of a plan that change flags or only the status. */
export interface Levelling {
  readonly flags: readonly Of<"flag">[];
  readonly adopted: readonly Of<"adopt">[];
  readonly agreed: readonly Of<"agree">[];
  readonly rebound: readonly Of<"rebind">[];
  readonly forgotten: readonly Of<"forget">[];
}

/**
 * Carries flag changes out on both sides, then notes the agreement. Where a side
 * refused, the status keeps the old flags and the next run tries again.
 */
export async function levelFlags(
  work: Work,
  { flags, adopted, agreed, rebound, forgotten }: Levelling,
): Promise<Trouble[]> {
  work.state.commit([
    ...rebound.map(({ pair, local }): Mutation => ({
      kind: "rebind",
      id: pair.id,
      local,
    })),
    ...forgotten.map(({ pair }): Mutation => ({ kind: "forget", id: pair.id })),
  ]);
  const troubles: Trouble[] = [];
  const failed = { remote: new Set<Ref>(), local: new Set<Ref>() };
  const uids = new Map<Ref, Ref>([
    ...agreed.map(({ pair }): [Ref, Ref] => [pair.local, pair.remote]),
    ...adopted.map((a): [Ref, Ref] => [a.local.ref, a.remote.ref]),
  ]);
  for (const side of ["remote", "local"] as const) {
    const changes = flags.filter(({ on }) => on === side);
    if (changes.length === 0) continue;
    for (const { ref, error } of await work[side].changeFlags(changes)) {
      failed[side].add(ref);
      troubles.push({
        side,
        ref,
        error: flagError(error, ref, work.name),
      });
    }
    report(
      work,
      side,
      changes,
      (ref) => uidOf(side === "local" ? uids.get(ref) ?? ref : ref),
    );
  }
  const isDone = (remote: Ref, local: Ref) =>
    !failed.remote.has(remote) && !failed.local.has(local);
  work.state.commit([
    ...agreed.filter(({ pair }) => isDone(pair.remote, pair.local))
      .map(({ pair, flags }): Mutation => ({
        kind: "flags",
        id: pair.id,
        flags,
      })),
    ...adopted.filter(({ remote, local }) => isDone(remote.ref, local.ref))
      .flatMap(({ remote, local, flags }): Mutation[] => [
        { kind: "pair", remote: remote.ref, local: local.ref, flags },
        { kind: "settle", to: "remote", ref: local.ref },
      ]),
  ]);
  return troubles;
}

/** Why the flags of a message are not as they should be. */
export function flagError(
  cause: Error,
  ref: Ref,
  mailbox: string,
): MailError {
  return toMailError(cause, {
    message: `Cannot change flags of message ${ref} in "${mailbox}"`,
    code: "sync.flags",
    scope: "message",
  });
}

/** One event for each flag that is added, then for each that is removed. */
function report(
  work: Work,
  on: Side,
  changes: readonly Of<"flag">[],
  uidOfRef: (ref: Ref) => number | undefined,
): void {
  for (const how of ["add", "remove"] as const) {
    const changed = new Map<string, Ref[]>();
    for (const { ref, delta } of changes) {
      for (const flag of flagList(delta[how])) {
        const refs = changed.get(flag);
        if (refs === undefined) changed.set(flag, [ref]);
        else refs.push(ref);
      }
    }
    for (const [flag, refs] of changed) {
      const label = labelOf(flag);
      work.emit({
        type: "messages.flagged",
        account: work.account,
        mailbox: work.name,
        on,
        ...label === undefined ? {} : { of: "label" as const },
        add: [],
        remove: [],
        [how]: [label ?? flag],
        count: refs.length,
        uids: refs.flatMap((ref) => uidOfRef(ref) ?? []),
      });
    }
  }
}
