/** Carries deletions over, on two proofs and under a guard. */
import { MailError } from "../../errors.ts";
import type { Pair, Ref, Side } from "../types.ts";
import { otherSide } from "../types.ts";
import { flagsOf, unionFlags } from "../flags.ts";
import { type GuardLimits, isMassDeletion } from "../guard.ts";
import type { Mutation } from "../status.ts";
import { type Trouble, uidOf, type Work } from "./work.ts";

/** Removed between two status commits: what a crash may make us look at again. */
const CHUNK = 500;

/** What became of deletions. */
export interface Deleted {
  readonly troubles: readonly Trouble[];
  /** Messages that stay for now, and are to be looked at again. */
  readonly kept: number;
}

/** What the guard goes by. */
export interface DeletionRules {
  readonly limits: GuardLimits;
  /** Pairs that the mailbox had before. */
  readonly agreed: number;
  /** The user allowed it (`--allow-deletes`). */
  readonly allowed: boolean;
}

/**
 * Deletes on `on` what is gone on the other side.
 *
 * Seeing a message missing was the first proof; here the other side is asked
 * again, in another way, and only what is absent there too is deleted. More than
 * the guard believes is not deleted at all.
 */
export async function deleteMessages(
  work: Work,
  on: Side,
  pairs: readonly Pair[],
  rules: DeletionRules,
): Promise<Deleted> {
  if (pairs.length === 0) return { troubles: [], kept: 0 };
  if (
    !rules.allowed && isMassDeletion(pairs.length, rules.agreed, rules.limits)
  ) {
    const error = guardError(work, on, pairs, rules);
    return { troubles: [{ side: on, ref: undefined, error }], kept: 0 };
  }
  const from = otherSide(on);
  const absent = await work[from].confirmAbsent(pairs.map((p) => p[from]));
  const confirmed = pairs.filter((pair) => absent.has(pair[from]));
  const troubles: Trouble[] = [];
  let kept = 0;
  for (let start = 0; start < confirmed.length; start += CHUNK) {
    if (work.signal.aborted) break;
    const chunk = confirmed.slice(start, start + CHUNK);
    const outcome = await deleteChunk(work, on, chunk);
    kept += outcome.kept;
    for (const { [on]: ref } of outcome.left) {
      troubles.push({ side: on, ref, error: notRemoved(work, on, ref) });
    }
  }
  const doubtful = pairs.length - confirmed.length;
  if (doubtful > 0) {
    const error = doubt(work, on, doubtful);
    troubles.push({ side: on, ref: undefined, error });
  }
  if (kept > 0) tellKept(work, kept);
  return { troubles, kept };
}

/** Returns those that are still there and not even marked. */
async function deleteChunk(
  work: Work,
  on: Side,
  pairs: readonly Pair[],
): Promise<{ left: Pair[]; kept: number }> {
  const { removed, marked, kept = [] } = await work[on].remove(
    pairs.map((p) => p[on]),
  );
  const alone = new Set(kept);
  const gone = new Set(removed);
  const doomed = new Set(marked);
  const mutations: Mutation[] = [];
  const left: Pair[] = [];
  for (const pair of pairs) {
    if (gone.has(pair[on])) mutations.push({ kind: "forget", id: pair.id });
    else if (doomed.has(pair[on])) {
      // With the mark agreed on, only its removal is seen as a change.
      const flags = unionFlags(pair.flags, flagsOf(["\\Deleted"]));
      mutations.push({ kind: "doom", id: pair.id, on }, {
        kind: "flags",
        id: pair.id,
        flags,
      });
    } else if (!alone.has(pair[on])) left.push(pair);
  }
  work.state.commit(mutations);
  const done = pairs.filter((pair) =>
    !left.includes(pair) && !alone.has(pair[on])
  );
  if (done.length === 0) return { left, kept: kept.length };
  work.emit({
    type: "messages.deleted",
    account: work.account,
    mailbox: work.name,
    on,
    uids: done.flatMap((pair) => uidOf(pair.remote) ?? []),
    dryRun: false,
  });
  return { left, kept: kept.length };
}

function tellKept(work: Work, count: number): void {
  work.emit({
    type: "warning",
    account: work.account,
    mailbox: work.name,
    code: "sync.kept",
    text:
      `"${work.name}": ${count} messages that were deleted locally stay on ` +
      "the server, since other folders show them",
  });
}

/** Somebody is at work on it, such as a mail program that renames its file. */
function notRemoved(work: Work, on: Side, ref: Ref): MailError {
  const { where } = work.words[on];
  return new MailError(
    `Message ${ref} of "${work.name}" could not be deleted ${where}, it is ` +
      "being changed; the next run tries again",
    { code: "sync.not-removed", scope: "message", retry: "now" },
  );
}

/** The error of more deletions than the guard believes. */
export function guardError(
  work: Pick<Work, "name" | "words">,
  on: Side,
  pairs: readonly Pair[],
  { agreed, limits }: DeletionRules,
): MailError {
  const { where } = work.words[on];
  const share = Math.round((limits.share ?? 1) * 100);
  return new MailError(
    `Refused to delete ${pairs.length} of ${agreed} messages of ` +
      `"${work.name}" ${where}: more than ${share} % are missing on the other side`,
    {
      code: "sync.guard",
      scope: "mailbox",
      hint:
        "If you did delete them, run again with --allow-deletes (for this " +
        "account: -a NAME), or set deletelimit in its [Account] section",
    },
  );
}

function doubt(work: Work, on: Side, count: number): MailError {
  const there = work.words[otherSide(on)].where;
  return new MailError(
    `${count} messages of "${work.name}" were missing ${there} when it was ` +
      "listed and are there when asked for again: none of them was deleted",
    { code: "sync.doubt", scope: "mailbox", retry: "now" },
  );
}
