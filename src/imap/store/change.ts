/** Flags, removal and moves: what changes messages that are there. */
import { copy } from "../command/copy.ts";
import { expunge, uidExpunge } from "../command/expunge.ts";
import { move } from "../command/move.ts";
import { search } from "../command/search.ts";
import { store } from "../command/store.ts";
import { toMailError } from "../../errors.ts";
import { type FlagDelta, flagList } from "../../sync/flags.ts";
import type { Failure, Removed } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import { ResponseError } from "../connection_error.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { SelectedMailbox } from "./selected.ts";

/** The UIDs among refs. */
export function uidsOf(refs: Iterable<Ref>): UidSet {
  const uids: number[] = [];
  for (const ref of refs) if (typeof ref === "number") uids.push(ref);
  return UidSet.from(uids);
}

/**
 * Changes flags, one STORE for each distinct change, all in one go. Only adds
 * and removes, never replaces: flags that we do not know of stay.
 */
export async function changeFlags(
  { connection }: SelectedMailbox,
  changes: readonly { readonly ref: Ref; readonly delta: FlagDelta }[],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const jobs: Promise<void>[] = [];
  for (const action of ["add", "remove"] as const) {
    for (const [flags, refs] of groupBy(changes, action)) {
      for (const uids of uidsOf(refs).split()) {
        const values = flagList(flags);
        jobs.push(
          connection.execute(store({ uids, action, values })).then(
            () => {},
            (error) => {
              if (!(error instanceof ResponseError)) throw error;
              const failure = toMailError(error, {
                code: "imap.store",
                scope: "message",
              });
              for (const ref of uids) failures.push({ ref, error: failure });
            },
          ),
        );
      }
    }
  }
  await settleAll(jobs);
  return failures;
}

function groupBy(
  changes: readonly { readonly ref: Ref; readonly delta: FlagDelta }[],
  action: "add" | "remove",
): Map<FlagDelta["add"], Ref[]> {
  const groups = new Map<FlagDelta["add"], Ref[]>();
  for (const { ref, delta } of changes) {
    const flags = delta[action];
    // An empty STORE means nothing, and OfflineIMAP sent them.
    if (flags === "") continue;
    const group = groups.get(flags);
    if (group === undefined) groups.set(flags, [ref]);
    else group.push(ref);
  }
  return groups;
}

/** Waits for all, then throws what the first one threw. */
async function settleAll(jobs: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(jobs)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/**
 * Marks messages `\Deleted` and expunges exactly these.
 *
 * Without UIDPLUS an EXPUNGE would take with it what others have marked: it is
 * sent only if nothing else is marked; otherwise the marks stay (RFC 4315 §2.1).
 */
export async function removeMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  mayExpunge: boolean,
): Promise<Removed> {
  const { connection } = mailbox;
  const uids = uidsOf(refs);
  if (uids.isEmpty) return { removed: [], marked: [] };
  const parts = uids.split();
  await connection.executeAll(
    parts.map((part) =>
      store({ uids: part, action: "add", values: ["\\Deleted"] })
    ),
  );
  if (!mayExpunge) return { removed: [], marked: refs };
  if (hasUidPlus(mailbox)) {
    await connection.executeAll(parts.map((part) => uidExpunge(part)));
    return { removed: refs, marked: [] };
  }
  const marked = await connection.execute(search({ deleted: true }));
  if (marked.uids === undefined || !uids.includes(marked.uids)) {
    return { removed: [], marked: refs };
  }
  await connection.execute(expunge());
  return { removed: refs, marked: [] };
}

/** RFC 4315, part of IMAP4rev2. */
export function hasUidPlus({ connection }: SelectedMailbox): boolean {
  return connection.capabilities.has("UIDPLUS") ||
    connection.capabilities.has("IMAP4REV2");
}

/** Whether a move is safe: MOVE itself, or COPY and an exact expunge. */
export function canMove(mailbox: SelectedMailbox): boolean {
  const { capabilities } = mailbox.connection;
  return capabilities.has("MOVE") || capabilities.has("IMAP4REV2") ||
    hasUidPlus(mailbox);
}

/**
 * Moves messages to the mailbox `target` (name on the wire).
 * @returns New UIDs by old ones, as far as the server tells.
 */
export async function moveMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  target: string,
): Promise<ReadonlyMap<Ref, Ref>> {
  const { connection } = mailbox;
  const { capabilities } = connection;
  const moves = capabilities.has("MOVE") || capabilities.has("IMAP4REV2");
  const arrived = new Map<Ref, Ref>();
  for (const uids of uidsOf(refs).split()) {
    const { uids: pairs } = await connection.execute(
      moves ? move(uids, target) : copy(uids, target),
    );
    if (!moves) {
      // Removed only when every copy is proven by its new UID.
      const proven = UidSet.from(pairs.keys());
      if (!proven.includes(uids)) continue;
      await removeMessages(mailbox, [...uids], true);
    }
    for (const [from, to] of pairs) arrived.set(from, to);
  }
  return arrived;
}
