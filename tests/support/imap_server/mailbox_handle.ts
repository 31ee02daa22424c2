/** A mailbox in the hands of a test: edits as if by another client. */
import { toBytes } from "./bytes.ts";
import type { FlagChange } from "./flags.ts";
import {
  type InternalDate,
  internalDateOf,
  parseInternalDate,
} from "./internal_date.ts";
import type { MailStore } from "./mail_store.ts";
import type { Mailbox, NewMessage } from "./mailbox.ts";
import type { Message } from "./message.ts";
import type { MailboxSeed, MessageSeed } from "./options.ts";

/** A message as it is now; flags do not follow later changes. */
export interface StoredMessage {
  readonly uid: number;
  /** Sorted: system flags first. */
  readonly flags: readonly string[];
  readonly internalDate: Date;
  /** Minutes east of UTC in which INTERNALDATE is told. */
  readonly zoneMinutes: number;
  readonly source: Uint8Array;
  readonly modSeq: bigint;
  readonly emailId: string;
}

/**
 * Direct, synchronous access to one mailbox by its name. Sessions hear of every
 * edit as of another client's. The name may be of a mailbox that is not there
 * (yet): then only {@link exists}, {@link create} and {@link ensure} work.
 */
export class MailboxHandle {
  readonly #store: MailStore;

  constructor(store: MailStore, readonly name: string) {
    this.#store = store;
  }

  /** Whether there is such a mailbox. */
  get exists(): boolean {
    return this.#store.find(this.name) !== undefined;
  }
  /** UIDVALIDITY. */
  get uidValidity(): number {
    return this.#mailbox.uidValidity;
  }
  /** UIDNEXT. */
  get uidNext(): number {
    return this.#mailbox.uidNext;
  }
  /** HIGHESTMODSEQ. */
  get highestModSeq(): bigint {
    return this.#mailbox.highestModSeq;
  }
  /** MAILBOXID; stays when the mailbox is renamed. */
  get mailboxId(): string {
    return this.#mailbox.mailboxId;
  }
  /** The number of messages. */
  get count(): number {
    return this.#mailbox.messages.length;
  }

  /** All messages, ascending by UID. */
  messages(): StoredMessage[] {
    return this.#mailbox.messages.map(toStored);
  }

  /** One message, or undefined. */
  message(uid: number): StoredMessage | undefined {
    const message = this.#mailbox.byUid(uid);
    return message === undefined ? undefined : toStored(message);
  }

  /** Adds a message. @returns its UID */
  append(
    source: string | Uint8Array,
    options: Omit<MessageSeed, "source"> = {},
  ): number {
    return this.appendAll([{ source, ...options }])[0] ?? 0;
  }

  /** Adds messages at once. @returns their UIDs */
  appendAll(seeds: readonly (MessageSeed | string | Uint8Array)[]): number[] {
    return this.#mailbox.append(seeds.map(toNewMessage)).map((m) => m.uid);
  }

  /** Changes flags; UIDs that are not there are skipped. */
  setFlags(
    uids: number | readonly number[],
    flags: readonly string[],
    change: FlagChange = "set",
  ): void {
    this.#mailbox.changeFlags(this.#find(uids), change, flags);
  }

  /** Removes messages for good; all without `uids`. */
  expunge(uids?: number | readonly number[]): void {
    const mailbox = this.#mailbox;
    mailbox.expunge(uids === undefined ? mailbox.messages : this.#find(uids));
  }

  /** Copies messages. @returns the new UIDs */
  copy(uids: number | readonly number[], target: string): number[] {
    const mailbox = new MailboxHandle(this.#store, target).#mailbox;
    return mailbox.append(this.#find(uids)).map((message) => message.uid);
  }

  /** Moves messages. @returns the new UIDs */
  move(uids: number | readonly number[], target: string): number[] {
    const moved = this.copy(uids, target);
    this.expunge(uids);
    return moved;
  }

  /** Creates the mailbox, with everything that a seed can say. */
  create(seed: Omit<MailboxSeed, "name"> = {}): this {
    const mailbox = this.#store.create(this.name, {
      ...(seed.uidValidity === undefined ? {} : {
        uidValidity: seed.uidValidity,
      }),
    });
    this.#apply(mailbox, seed);
    return this;
  }

  /** Creates the mailbox if it is not there, and applies the seed to it. */
  ensure(seed: Omit<MailboxSeed, "name"> = {}): this {
    if (!this.exists) return this.create(seed);
    const mailbox = this.#mailbox;
    if (seed.uidValidity !== undefined) mailbox.uidValidity = seed.uidValidity;
    this.#apply(mailbox, seed);
    return this;
  }

  /** Deletes the mailbox. */
  delete(): void {
    this.#store.delete(this.name);
  }

  /** Renames it with all below. @returns the handle of the new name */
  rename(to: string): MailboxHandle {
    this.#store.rename(this.name, to);
    return new MailboxHandle(this.#store, to);
  }

  /** Subscribes or unsubscribes the name. */
  subscribe(subscribed = true): void {
    const { subscriptions } = this.#store;
    const name = this.#store.normalize(this.name);
    if (subscribed) subscriptions.add(name);
    else subscriptions.delete(name);
  }

  /**
   * A new UIDVALIDITY (the next unused one unless given). UIDs start at 1 again
   * unless `keepUids`. Sessions that have the mailbox selected are thrown out.
   */
  setUidValidity(
    uidValidity: number = this.#store.nextUidValidity(),
    { keepUids = false }: { keepUids?: boolean } = {},
  ): void {
    this.#mailbox.renumber(uidValidity, keepUids);
  }

  get #mailbox(): Mailbox {
    const mailbox = this.#store.find(this.name);
    if (mailbox === undefined) throw new Error(`No mailbox "${this.name}"`);
    return mailbox;
  }

  #find(uids: number | readonly number[]): Message[] {
    const wanted = typeof uids === "number" ? [uids] : uids;
    const mailbox = this.#mailbox;
    return wanted.map((uid) => mailbox.byUid(uid))
      .filter((message) => message !== undefined);
  }

  #apply(mailbox: Mailbox, seed: Omit<MailboxSeed, "name">): void {
    mailbox.wireName = seed.wireName;
    mailbox.specialUse = seed.specialUse ?? [];
    if (seed.subscribed !== false) this.subscribe();
    if (seed.uidNext !== undefined) mailbox.uidNext = seed.uidNext;
    if (seed.highestModSeq !== undefined) {
      mailbox.highestModSeq = seed.highestModSeq;
    }
    this.appendAll(seed.messages ?? []);
  }
}

function toStored(message: Message): StoredMessage {
  return {
    uid: message.uid,
    flags: message.flags,
    internalDate: new Date(message.internalDate.epochMs),
    zoneMinutes: message.internalDate.zoneMinutes,
    source: message.source,
    modSeq: message.modSeq,
    emailId: message.emailId,
  };
}

function toNewMessage(seed: MessageSeed | string | Uint8Array): NewMessage {
  if (typeof seed === "string" || seed instanceof Uint8Array) {
    return toNewMessage({ source: seed });
  }
  return {
    source: toBytes(seed.source),
    flags: seed.flags ?? [],
    internalDate: toInternalDate(seed.internalDate),
    ...(seed.uid === undefined ? {} : { atUid: seed.uid }),
    ...(seed.emailId === undefined ? {} : { emailId: seed.emailId }),
  };
}

function toInternalDate(date: Date | string | undefined): InternalDate {
  if (typeof date !== "string") return internalDateOf(date);
  const parsed = parseInternalDate(date);
  if (parsed === undefined) throw new Error(`No IMAP date-time: "${date}"`);
  return parsed;
}
