/** Gmail's way to delete: into the trash, which takes it out of all folders. */
import { MailError } from "../../errors.ts";
import type { Removed } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import { moveMessages } from "./change.ts";
import { contradiction, stillThere } from "./presence.ts";
import { removeMessages } from "./removal.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";
import { uidsOf } from "./uids_of.ts";

/** Labels that mark a message and are no place where it is kept. */
const MARKS: ReadonlySet<string> = new Set(["\\important", "\\starred"]);

/** Where deleted messages of a mailbox go. */
export interface Trash {
  /** Its name on the wire. */
  readonly wireName: string;
  /** The mailbox is All Mail: leaving it is no matter of one label. */
  readonly isAllMail: boolean;
}

/**
 * Deletes messages on Gmail. One that no other folder shows goes to the trash.
 * One that has another label only leaves this folder: a mail program that moves a
 * message writes it there and deletes it here, and the trash would take it out of
 * both. Out of All Mail such a message does not go at all.
 *
 * @throws {MailError} Scope mailbox: refused, such as for a trash that is not
 *   there.
 */
export async function trashMessages(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  { wireName, isAllMail }: Trash,
): Promise<Removed> {
  const uids = uidsOf(refs);
  if (uids.isEmpty) return { removed: [], marked: [] };
  const denied = mailbox.writeError();
  if (denied !== undefined) throw denied;
  const labelled = await labelledElsewhere(mailbox, uids);
  const unlabelled = uids.difference(labelled);
  if (!unlabelled.isEmpty) await moveToTrash(mailbox, unlabelled, wireName);
  if (!labelled.isEmpty && !isAllMail) {
    await removeMessages(mailbox, [...labelled], true);
  }
  const left = await stillThere(mailbox, uids);
  const isIn = (set: UidSet) => (ref: Ref) =>
    typeof ref === "number" && set.has(ref);
  return {
    removed: refs.filter((ref) => !isIn(left)(ref)),
    marked: [],
    kept: isAllMail ? refs.filter(isIn(left.intersection(labelled))) : [],
  };
}

/** Those that have a label beside that of the mailbox itself. */
async function labelledElsewhere(
  mailbox: SelectedMailbox,
  uids: UidSet,
): Promise<UidSet> {
  const { connection } = mailbox;
  if (!connection.capabilities.has("X-GM-EXT-1")) return UidSet.EMPTY;
  const found: number[] = [];
  const told = new Set<number>();
  for (const part of uids.split()) {
    await tryFetch(connection, {
      uids: part,
      items: ["X-GM-LABELS"],
      onRow: ({ uid, gmailLabels }) => {
        if (uid === undefined || gmailLabels === undefined) return;
        told.add(uid);
        const places = gmailLabels.filter((label) =>
          !MARKS.has(label.toLowerCase())
        );
        if (places.length > 0) found.push(uid);
      },
    });
  }
  const untold = uids.difference(UidSet.from(told));
  const there = await stillThere(mailbox, untold);
  if (there.isEmpty) return UidSet.from(found);
  throw contradiction(mailbox, "the server does not tell labels");
}

/** Nothing is expunged: where it is not what it is taken for, they are in there. */
async function moveToTrash(
  mailbox: SelectedMailbox,
  uids: UidSet,
  wireName: string,
): Promise<void> {
  try {
    await moveMessages(mailbox, [...uids], wireName);
  } catch (error) {
    if (!(error instanceof MailError) || error.scope !== "mailbox") throw error;
    throw new MailError(
      `Deleted messages of "${mailbox.title}" cannot go to the trash: ` +
        error.message,
      {
        code: "imap.trash",
        scope: "mailbox",
        retry: error.retry,
        hint:
          "Set trashfolder to the name of Gmail's trash, as --info shows it",
        cause: error,
      },
    );
  }
}
