/** Flags and moves: what changes messages that are there. */
import { MailError } from "../../errors.ts";
import { flagList } from "../../sync/flags.ts";
import { withoutLabels } from "../../sync/labels.ts";
import type { Failure, FlagChange } from "../../sync/ports.ts";
import type { Flags, Ref } from "../../sync/types.ts";
import type { Command } from "../command/command.ts";
import { copy, type CopyResult } from "../command/copy.ts";
import { move } from "../command/move.ts";
import { store, type StoreOptions } from "../command/store.ts";
import type { ImapConnection } from "../connection.ts";
import { ConnectionError, ResponseError } from "../connection_error.ts";
import { UidSet } from "../wire/uid_set.ts";
import { wireLabels } from "./labels.ts";
import { refusal } from "./refusal.ts";
import { hasUidPlus, removeMessages } from "./removal.ts";
import type { SelectedMailbox } from "./selected.ts";
import { uidsOf } from "./uids_of.ts";

/**
 * Changes flags, one STORE for each distinct change, all in one go. Only adds
 * and removes, never replaces: flags that we do not know of stay.
 */
export async function changeFlags(
  mailbox: SelectedMailbox,
  changes: readonly FlagChange[],
): Promise<Failure[]> {
  const { connection } = mailbox;
  const denied = mailbox.writeError();
  if (denied !== undefined) {
    return changes.map(({ ref }) => ({ ref, error: denied }));
  }
  mailbox.disturbed = true;
  const failures = new Map<Ref, Failure>();
  const jobs: Promise<void>[] = [];
  for (const change of distinctChanges(changes)) {
    for (const uids of uidsOf(change.refs).split()) {
      jobs.push(
        connection.execute(store({ uids, ...change.store })).then(
          () => {},
          (error) => {
            if (!isOfMessages(error)) throw error;
            const failure = explain(mailbox, error, change.store.item);
            for (const ref of uids) {
              failures.set(ref, { ref, error: failure });
            }
          },
        ),
      );
    }
  }
  for (const outcome of await Promise.allSettled(jobs)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
  return [...failures.values()];
}

/** Refused by the server, or impossible to write: no matter of the connection. */
function isOfMessages(error: unknown): error is MailError {
  return error instanceof MailError && !(error instanceof ConnectionError) &&
    error.scope !== "account" && error.scope !== "run";
}

function explain(
  { title }: SelectedMailbox,
  error: MailError,
  item: "FLAGS" | "X-GM-LABELS",
): MailError {
  if (!(error instanceof ResponseError)) return error;
  const values = item === "FLAGS" ? "flags" : "labels";
  const what = `The server refused to change ${values} in "${title}"`;
  return refusal(what, error, { code: "imap.store", scope: "message" });
}

/** A STORE, and the messages that it is for. */
interface DistinctChange {
  readonly refs: readonly Ref[];
  readonly store: Pick<StoreOptions, "action" | "values" | "silent"> & {
    readonly item: "FLAGS" | "X-GM-LABELS";
  };
}

function* distinctChanges(
  changes: readonly FlagChange[],
): Generator<DistinctChange> {
  for (const action of ["add", "remove"] as const) {
    for (const [both, refs] of groupBy(changes, action)) {
      const flags = flagList(withoutLabels(both));
      if (flags.length > 0) {
        yield { refs, store: { item: "FLAGS", action, values: flags } };
      }
      const values = wireLabels(both);
      if (values.length === 0) continue;
      // Gmail's description has no silent form of it.
      yield {
        refs,
        store: { item: "X-GM-LABELS", action, values, silent: false },
      };
    }
  }
}

function groupBy(
  changes: readonly FlagChange[],
  action: "add" | "remove",
): Map<Flags, Ref[]> {
  const groups = new Map<Flags, Ref[]>();
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

/** Whether a move is safe here and now. */
export function canMove(selected: SelectedMailbox): boolean {
  return !selected.result.readOnly && couldMove(selected);
}

/** Whether the server has a safe move: MOVE itself, or COPY and an exact expunge. */
export function couldMove({ connection }: SelectedMailbox): boolean {
  return hasMove(connection) || hasUidPlus(connection);
}

/** RFC 6851, part of IMAP4rev2. */
function hasMove({ capabilities }: ImapConnection): boolean {
  return capabilities.has("MOVE") || capabilities.has("IMAP4REV2");
}

/**
 * Moves messages to the mailbox `target` (name on the wire).
 * @returns New UIDs by old ones, as far as the server tells and the messages are
 *   really gone from here.
 */
export async function moveMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  target: string,
): Promise<ReadonlyMap<Ref, Ref>> {
  const { connection } = mailbox;
  mailbox.disturbed = true;
  const moved = new Map<Ref, Ref>();
  for (const uids of uidsOf(refs).split()) {
    const command = hasMove(connection) ? move : copy;
    const result = await run(mailbox, command(uids, target));
    if (command === move) {
      for (const [from, to] of result.uids) moved.set(from, to);
      continue;
    }
    // Removed only when every copy is proven by its new UID.
    if (!UidSet.from(result.uids.keys()).includes(uids)) continue;
    const { removed } = await removeMessages(mailbox, [...uids], true);
    const gone = new Set(removed);
    for (const [from, to] of result.uids) {
      if (gone.has(from)) moved.set(from, to);
    }
  }
  return moved;
}

async function run(
  { connection, title }: SelectedMailbox,
  command: Command<CopyResult>,
): Promise<CopyResult> {
  try {
    return await connection.execute(command);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const what = `The server refused to move messages from "${title}"`;
    throw refusal(what, error, { code: "imap.move" });
  }
}
