/** Removes messages for good: exactly those that were named. */
import type { MailError } from "../../errors.ts";
import { expunge, uidExpunge } from "../command/expunge.ts";
import { search } from "../command/search.ts";
import { store } from "../command/store.ts";
import type { Command } from "../command/command.ts";
import type { ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import type { Removed } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import type { UidSet } from "../wire/uid_set.ts";
import { stillThere } from "./presence.ts";
import { refusal } from "./refusal.ts";
import type { SelectedMailbox } from "./selected.ts";
import { uidsOf } from "./uids_of.ts";

/** Who sets flags just then can save a message from an EXPUNGE (Dovecot 2.3). */
const ATTEMPTS = 3;

/**
 * Marks messages `\Deleted` and expunges exactly these; then looks whether they
 * are gone, since an OK alone is none: without the right to expunge some servers
 * say it, too. What is still there counts as marked.
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
  const denied = mailbox.writeError();
  if (denied !== undefined) throw denied;
  mailbox.disturbed = true;
  if (!mayExpunge || !hasUidPlus(connection)) {
    const denial = await tryAll(connection, marks(uids));
    if (denial !== undefined) throw explain(mailbox, denial);
    if (!mayExpunge) return { removed: [], marked: refs };
    return await expungeAll(mailbox, refs, uids);
  }
  return split(refs, await expungeExactly(mailbox, uids));
}

function marks(uids: UidSet): Command<unknown>[] {
  return uids.split().map((part) =>
    store({ uids: part, action: "add", values: ["\\Deleted"] })
  );
}

/** Returns what is still there. */
async function expungeExactly(
  mailbox: SelectedMailbox,
  uids: UidSet,
): Promise<UidSet> {
  let left = uids;
  for (let attempt = 0; attempt < ATTEMPTS && !left.isEmpty; attempt++) {
    // In one round trip: UID EXPUNGE takes only what was marked before it.
    const expunges = left.split().map((part) => uidExpunge(part));
    const commands = [...marks(left), ...expunges];
    const denial = await tryAll(mailbox.connection, commands);
    // Not together with these: Dovecot 2.3 still finds what it has just expunged
    // while more commands wait.
    left = await stillThere(mailbox, left);
    if (!left.isEmpty && denial !== undefined) throw explain(mailbox, denial);
  }
  return left;
}

/** RFC 4315, part of IMAP4rev2. */
export function hasUidPlus({ capabilities }: ImapConnection): boolean {
  return capabilities.has("UIDPLUS") || capabilities.has("IMAP4REV2");
}

async function expungeAll(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  uids: UidSet,
): Promise<Removed> {
  const { connection } = mailbox;
  const { uids: marked } = await connection.execute(search({ deleted: true }));
  // Between this look and the EXPUNGE somebody may mark one more: UIDPLUS was
  // made for that, and such a server has not got it.
  if (marked === undefined || !uids.includes(marked)) {
    return { removed: [], marked: refs };
  }
  await connection.execute(expunge());
  return split(refs, await stillThere(mailbox, uids));
}

function explain({ title }: SelectedMailbox, error: ResponseError): MailError {
  const what = `The server refused to delete messages of "${title}"`;
  return refusal(what, error, { code: "imap.remove" });
}

/** Runs them all; the first refusal, if there was one. */
async function tryAll(
  connection: ImapConnection,
  commands: readonly Command<unknown>[],
): Promise<ResponseError | undefined> {
  let first: ResponseError | undefined;
  const runs = commands.map((command) => connection.execute(command));
  for (const outcome of await Promise.allSettled(runs)) {
    if (outcome.status === "fulfilled") continue;
    if (!(outcome.reason instanceof ResponseError)) throw outcome.reason;
    first ??= outcome.reason;
  }
  return first;
}

function split(refs: readonly Ref[], left: UidSet): Removed {
  const removed: Ref[] = [];
  const marked: Ref[] = [];
  for (const ref of refs) {
    const isLeft = typeof ref === "number" && left.has(ref);
    (isLeft ? marked : removed).push(ref);
  }
  return { removed, marked };
}
