/**
 * Gmail's one store with many labels, as Google's description of its IMAP
 * extensions has it: a folder is a label, and a message is there once.
 *
 * Mailboxes stay what they are to every command; this keeps those that show the
 * same message in step.
 */
import { createHash } from "node:crypto";
import { hasFlag } from "./flags.ts";
import type { Mailbox, MailboxListener } from "./mailbox.ts";
import type { Message } from "./message.ts";
import { decodeMailboxName, encodeMailboxName } from "./utf7.ts";

/** Gmail's own folders with what they are for. */
export const GMAIL_FOLDERS: readonly (readonly [string, string])[] = [
  ["[Gmail]/All Mail", "\\All"],
  ["[Gmail]/Drafts", "\\Drafts"],
  ["[Gmail]/Important", "\\Important"],
  ["[Gmail]/Sent Mail", "\\Sent"],
  ["[Gmail]/Spam", "\\Junk"],
  ["[Gmail]/Starred", "\\Flagged"],
  ["[Gmail]/Trash", "\\Trash"],
];

/** Labels that are no folder's name, by the use of their folder. */
const SYSTEM_LABELS: Readonly<Record<string, string>> = {
  "\\Drafts": "\\Draft",
  "\\Flagged": "\\Starred",
  "\\Important": "\\Important",
  "\\Junk": "\\Spam",
  "\\Sent": "\\Sent",
  "\\Trash": "\\Trash",
};

const FIRST_ID = 1278455344230334865n;

/** The mailboxes of one user, as far as Gmail needs them. */
export interface Folders {
  readonly mailboxes: ReadonlyMap<string, Mailbox>;
  create(name: string): Mailbox;
}

/** Keeps the mailboxes of one user in step. */
export class Gmail {
  /** Message ids by the digest of the message: the same text is one message. */
  readonly #ids = new Map<string, string>();
  /** The copies of each message, by its id. */
  readonly #copies = new Map<string, Map<Mailbox, Message>>();
  #busy = false;

  constructor(readonly folders: Folders) {}

  /** Takes a mailbox under its care, with what it holds. */
  watch(mailbox: Mailbox): void {
    mailbox.idOf = (source) => this.#idOf(source);
    for (const message of mailbox.messages) this.#note(mailbox, message);
    mailbox.listeners.add(this.#listener(mailbox));
  }

  /** Forgets all mailboxes: others take their place. */
  clear(): void {
    this.#copies.clear();
  }

  /** X-GM-LABELS of a message as it is on the wire, without its own folder's. */
  labelsOf(message: Message): string[] {
    const labels: string[] = [];
    for (const [mailbox, copy] of this.#siblings(message)) {
      if (copy === message) continue;
      const label = this.#labelOf(mailbox);
      if (label !== undefined) labels.push(label);
    }
    return labels.sort();
  }

  /** Adds labels as on the wire; makes those that are missing. */
  addLabels(message: Message, labels: readonly string[]): void {
    for (const label of labels) {
      const mailbox = this.#folderOf(label) ??
        this.folders.create(decodeMailboxName(label) ?? label);
      if (this.#siblings(message).has(mailbox)) continue;
      mailbox.append([message]);
    }
  }

  /** Takes labels away; that of the folder itself stays. */
  removeLabels(message: Message, labels: readonly string[]): void {
    for (const label of labels) {
      const mailbox = this.#folderOf(label);
      const copy = mailbox && this.#siblings(message).get(mailbox);
      if (copy !== undefined && copy !== message) mailbox?.expunge([copy]);
    }
  }

  #listener(mailbox: Mailbox): MailboxListener {
    const once = (work: () => void) => {
      if (this.#busy) return;
      this.#busy = true;
      try {
        work();
      } finally {
        this.#busy = false;
      }
    };
    return {
      appended: (messages) => {
        for (const message of messages) this.#note(mailbox, message);
        once(() => messages.forEach((one) => this.#appended(mailbox, one)));
      },
      flagsChanged: (messages) =>
        once(() => messages.forEach((one) => this.#flagged(mailbox, one))),
      expunged: (messages) => {
        for (const message of messages) this.#drop(mailbox, message);
        once(() => messages.forEach((one) => this.#expunged(mailbox, one)));
      },
      invalidated: () => {},
    };
  }

  #appended(mailbox: Mailbox, message: Message): void {
    const use = useOf(mailbox);
    const all = this.#byUse("\\All");
    if (use === "\\Trash" || use === "\\Junk") {
      this.#expungeElsewhere(mailbox, message);
      return;
    }
    for (const [other, copy] of [...this.#siblings(message)]) {
      const away = useOf(other) === "\\Trash" || useOf(other) === "\\Junk";
      if (away) this.#expunge(other, copy);
    }
    if (all !== undefined && !this.#siblings(message).has(all)) {
      const flags = message.flags.filter((flag) => flag !== "\\Deleted");
      this.#append(all, { ...fieldsOf(message), flags });
    }
    if (use === "\\Flagged") {
      mailbox.changeFlags([message], "add", ["\\Flagged"]);
    }
    this.#flagged(mailbox, message);
    this.#touch(message);
  }

  /** Flags are the message's, but \Deleted is of the folder. */
  #flagged(_: Mailbox, message: Message): void {
    const shared = message.flags.filter((flag) => flag !== "\\Deleted");
    for (const [other, copy] of this.#siblings(message)) {
      if (copy === message) continue;
      const own = hasFlag(copy.flags, "\\Deleted") ? ["\\Deleted"] : [];
      other.changeFlags([copy], "set", [...shared, ...own]);
    }
    const starred = this.#byUse("\\Flagged");
    if (starred === undefined) return;
    const star = this.#siblings(message).get(starred);
    const wanted = hasFlag(message.flags, "\\Flagged");
    if (wanted === (star !== undefined)) return;
    if (star !== undefined) this.#expunge(starred, star);
    else this.#append(starred, fieldsOf(message));
    this.#touch(message);
  }

  #expunged(mailbox: Mailbox, message: Message): void {
    const use = useOf(mailbox);
    if (use === "\\Flagged") {
      for (const [other, copy] of this.#siblings(message)) {
        other.changeFlags([copy], "remove", ["\\Flagged"]);
      }
    }
    const trash = this.#byUse("\\Trash");
    if (use === "\\All" && trash !== undefined) {
      // Out of All Mail means out of everything.
      const { size } = this.#siblings(message);
      const inTrash = this.#siblings(message).has(trash);
      this.#expungeElsewhere(trash, message);
      if (!inTrash && size >= 0) this.#append(trash, fieldsOf(message));
      return;
    }
    this.#touch(message);
  }

  #expungeElsewhere(keep: Mailbox, message: Message): void {
    for (const [other, copy] of [...this.#siblings(message)]) {
      if (other !== keep) this.#expunge(other, copy);
    }
  }

  #append(mailbox: Mailbox, fields: ReturnType<typeof fieldsOf>): void {
    mailbox.append([fields]);
  }

  #expunge(mailbox: Mailbox, message: Message): void {
    mailbox.expunge([message]);
  }

  /** A change of labels is a change of the message (RFC 7162 §3.1). */
  #touch(message: Message): void {
    for (const [mailbox, copy] of this.#siblings(message)) {
      mailbox.touch([copy]);
    }
  }

  #siblings({ emailId }: Message): Map<Mailbox, Message> {
    let copies = this.#copies.get(emailId);
    if (copies === undefined) {
      this.#copies.set(emailId, copies = new Map());
    }
    return copies;
  }

  #note(mailbox: Mailbox, message: Message): void {
    const copies = this.#siblings(message);
    const old = copies.get(mailbox);
    copies.set(mailbox, message);
    // A folder shows a message once.
    if (old !== undefined && old !== message && !old.gone) {
      mailbox.expunge([old]);
      copies.set(mailbox, message);
    }
  }

  #drop(mailbox: Mailbox, message: Message): void {
    const copies = this.#siblings(message);
    if (copies.get(mailbox) === message) copies.delete(mailbox);
  }

  #byUse(use: string): Mailbox | undefined {
    return [...this.folders.mailboxes.values()]
      .find((mailbox) => useOf(mailbox) === use);
  }

  #labelOf(mailbox: Mailbox): string | undefined {
    const use = useOf(mailbox);
    if (mailbox.name === "INBOX") return "\\Inbox";
    if (use === "\\All") return undefined;
    return SYSTEM_LABELS[use ?? ""] ?? encodeMailboxName(mailbox.name);
  }

  #folderOf(label: string): Mailbox | undefined {
    return [...this.folders.mailboxes.values()]
      .find((mailbox) =>
        this.#labelOf(mailbox)?.toLowerCase() === label.toLowerCase()
      );
  }

  #idOf(source: Uint8Array): string {
    const digest = createHash("sha1").update(source).digest("hex");
    let id = this.#ids.get(digest);
    if (id === undefined) {
      id = String(FIRST_ID + BigInt(this.#ids.size) * 977n);
      this.#ids.set(digest, id);
    }
    return id;
  }
}

/** One of Gmail's labels in a FETCH row: quoted, with what that takes. */
export function quoteLabel(label: string): string {
  return /^[A-Za-z0-9&+,.\/_-]+$/.test(label)
    ? label
    : `"${label.replaceAll(/["\\]/g, "\\$&")}"`;
}

function useOf({ specialUse }: Mailbox): string | undefined {
  return specialUse[0];
}

function fieldsOf(message: Message) {
  const { source, flags, internalDate, emailId } = message;
  return { source, flags, internalDate, emailId };
}
