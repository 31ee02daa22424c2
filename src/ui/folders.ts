/** What was told about mailboxes at their start: names, types, and whose they are. */
import type { EventSide, MailboxNames, SyncEvent } from "../events.ts";
import { escapeText } from "./escape.ts";

/** Says which mailbox of which account. */
export interface About {
  readonly account: string;
  readonly mailbox: string;
}

interface Folder {
  readonly names: MailboxNames;
  /** Types of the remote and the local repository. */
  readonly from: string;
  readonly to: string;
}

/** Remembers mailboxes while their account is synchronised. */
export class Folders {
  readonly #folders = new Map<string, Folder>();

  /** Takes an event in. */
  apply(event: SyncEvent): void {
    if (
      event.type === "mailbox.started" || event.type === "mailbox.unchanged"
    ) {
      this.#folders.set(keyOf(event), event);
    }
  }

  /** Ends a sync of an account. */
  forget(account: string): void {
    for (const key of this.#folders.keys()) {
      if (key.startsWith(`${account}\0`)) this.#folders.delete(key);
    }
  }

  /** The type of a side, such as `Maildir`. */
  typeOf(about: About, side: EventSide): string {
    const folder = this.#folders.get(keyOf(about));
    return (side === "remote" ? folder?.from : folder?.to) ?? side;
  }

  /** All names of a mailbox, if it was told of. */
  namesOf(about: About): MailboxNames | undefined {
    return this.#folders.get(keyOf(about))?.names;
  }

  /** The name of a mailbox on one side; its only known one if none was told. */
  nameOf(about: About, side: EventSide): string {
    return this.namesOf(about)?.[side] ?? about.mailbox;
  }

  /**
   * OfflineIMAP's name of the thread that such an event would come from, as it
   * is; undefined for the whole run.
   */
  threadOf(event: SyncEvent): string | undefined {
    if (!("account" in event) || event.account === undefined) return undefined;
    const { account } = event;
    // The loop of the account, not a folder of it, makes folders.
    if (
      event.type === "mailbox.created" || event.type === "status.created" ||
      !("mailbox" in event) || event.mailbox === undefined
    ) {
      return `Account sync ${account}`;
    }
    const { mailbox } = event;
    const names = this.namesOf({ account, mailbox });
    return `Folder ${explainedName(names, mailbox)} [acc: ${account}]`;
  }

  /** The same, harmless for a terminal. */
  contextOf(event: SyncEvent): string | undefined {
    const thread = this.threadOf(event);
    return thread === undefined ? undefined : escapeText(thread);
  }
}

/** One text for one mailbox of one account. */
export function keyOf({ account, mailbox }: About): string {
  return `${account}\0${mailbox}`;
}

/** `Arbeit [remote name Work]`, where names differ. */
function explainedName(
  names: MailboxNames | undefined,
  mailbox: string,
): string {
  if (names === undefined) return mailbox;
  const { remote, remoteVisible } = names;
  return remote === remoteVisible
    ? remote
    : `${remoteVisible} [remote name ${remote}]`;
}

/** The letters by which OfflineIMAP calls the system flags. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ["\\Seen", "S"],
  ["\\Answered", "R"],
  ["\\Flagged", "F"],
  ["\\Deleted", "T"],
  ["\\Draft", "D"],
]);

/** The letter by which OfflineIMAP calls a flag; a keyword itself. */
export function letterOf(flag: string): string {
  return LETTERS.get(flag) ?? flag;
}

/**
 * The number of a copied message. OfflineIMAP shows uploads with the negative one
 * that they have before the server gives them another, counting up to -1.
 */
export function shownUid(
  { to, uid, index, total }: Extract<SyncEvent, { type: "message.copied" }>,
): number {
  return to === "local" && uid !== undefined ? uid : index - total - 1;
}
