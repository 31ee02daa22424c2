/** One mailbox: its messages, its numbers, and who is told of changes. */
import { applyFlags, type FlagChange, sameFlags } from "./flags.ts";
import { normalizeFlags } from "./flags.ts";
import type { InternalDate } from "./internal_date.ts";
import { Message } from "./message.ts";

/** Hears of every change at once; must not change the mailbox itself. */
export interface MailboxListener {
  appended(messages: readonly Message[]): void;
  flagsChanged(messages: readonly Message[]): void;
  expunged(messages: readonly Message[]): void;
  /** The mailbox was deleted or got a new UIDVALIDITY: the view is void. */
  invalidated(reason: string): void;
}

/** What is needed to add a message. */
export interface NewMessage {
  readonly source: Uint8Array;
  readonly flags: readonly string[];
  readonly internalDate: InternalDate;
  /** OBJECTID of RFC 8474; a copy keeps it. @default a new one */
  readonly emailId?: string;
  /** @default the next one */
  readonly atUid?: number;
}

/** The numbers that a mailbox starts with. */
export interface MailboxNumbers {
  readonly uidValidity: number;
  /** @default 1 */
  readonly uidNext?: number;
  /** @default 1n */
  readonly highestModSeq?: bigint;
}

/** An expunged UID and when; for VANISHED (EARLIER). */
interface Tombstone {
  readonly uid: number;
  readonly modSeq: bigint;
}

let lastEmailId = 0;

/** Messages ascending by UID, with UIDVALIDITY, UIDNEXT and HIGHESTMODSEQ. */
export class Mailbox {
  name: string;
  readonly mailboxId: string;
  uidValidity: number;
  uidNext: number;
  highestModSeq: bigint;
  messages: Message[] = [];
  subscribed = false;
  specialUse: readonly string[] = [];
  /** What goes over the wire instead of the encoded name. */
  wireName: string | undefined;
  /** Keywords that were ever used here: what FLAGS lists. */
  readonly keywords = new Map<string, string>();
  /** UIDs that no session has seen as \Recent yet. */
  readonly recent = new Set<number>();
  readonly listeners = new Set<MailboxListener>();
  /** Names new messages; undefined: each gets an id of its own. */
  idOf: ((source: Uint8Array) => string) | undefined;
  #tombstones: Tombstone[] = [];

  constructor(name: string, mailboxId: string, numbers: MailboxNumbers) {
    this.name = name;
    this.mailboxId = mailboxId;
    this.uidValidity = numbers.uidValidity;
    this.uidNext = numbers.uidNext ?? 1;
    this.highestModSeq = numbers.highestModSeq ?? 1n;
  }

  /** The message with this UID, by binary search. */
  byUid(uid: number): Message | undefined {
    const at = lowerBound(this.messages, uid);
    const message = this.messages[at];
    return message?.uid === uid ? message : undefined;
  }

  /** Adds messages in order; each gets the next UID and the same new MODSEQ. */
  append(news: readonly NewMessage[]): Message[] {
    if (news.length === 0) return [];
    const modSeq = ++this.highestModSeq;
    const added = news.map((fields) => {
      this.uidNext = Math.max(this.uidNext, fields.atUid ?? 0);
      const message = new Message({
        uid: this.uidNext++,
        flags: normalizeFlags(fields.flags),
        internalDate: fields.internalDate,
        source: fields.source,
        modSeq,
        emailId: fields.emailId ?? this.idOf?.(fields.source) ??
          `M${(++lastEmailId).toString(36)}`,
      });
      this.#noteKeywords(message.flags);
      this.recent.add(message.uid);
      return message;
    });
    // Not push(...added): a hundred thousand arguments overflow the stack.
    for (const message of added) this.messages.push(message);
    for (const listener of this.listeners) listener.appended(added);
    return added;
  }

  /** Changes flags; returns those messages whose flags did change. */
  changeFlags(
    messages: readonly Message[],
    change: FlagChange,
    flags: readonly string[],
  ): Message[] {
    const changed: Message[] = [];
    for (const message of messages) {
      if (message.gone) continue;
      const next = applyFlags(message.flags, change, flags);
      if (sameFlags(next, message.flags)) continue;
      message.flags = next;
      changed.push(message);
    }
    if (changed.length === 0) return changed;
    this.#noteKeywords(flags);
    // One MODSEQ for one command, as RFC 7162 §3.1.3 allows and Dovecot does.
    const modSeq = ++this.highestModSeq;
    for (const message of changed) message.modSeq = modSeq;
    for (const listener of this.listeners) listener.flagsChanged(changed);
    return changed;
  }

  /** Something else of these messages changed: they get a new MODSEQ. */
  touch(messages: readonly Message[]): void {
    const modSeq = ++this.highestModSeq;
    for (const message of messages) message.modSeq = modSeq;
    for (const listener of this.listeners) listener.flagsChanged(messages);
  }

  /** Removes messages for good. */
  expunge(messages: readonly Message[]): Message[] {
    const doomed = messages.filter((message) => !message.gone);
    if (doomed.length === 0) return doomed;
    const modSeq = ++this.highestModSeq;
    for (const message of doomed) {
      message.gone = true;
      this.recent.delete(message.uid);
      this.#tombstones.push({ uid: message.uid, modSeq });
    }
    this.messages = this.messages.filter((message) => !message.gone);
    for (const listener of this.listeners) listener.expunged(doomed);
    return doomed;
  }

  /** The same mailbox once more; they share nothing that changes. */
  copy(): Mailbox {
    const copy = new Mailbox(this.name, this.mailboxId, this);
    copy.messages = this.messages.map((message) => new Message(message));
    copy.subscribed = this.subscribed;
    copy.specialUse = this.specialUse;
    copy.wireName = this.wireName;
    copy.#tombstones = [...this.#tombstones];
    for (const [key, keyword] of this.keywords) copy.keywords.set(key, keyword);
    for (const uid of this.recent) copy.recent.add(uid);
    return copy;
  }

  /** UIDs expunged after the given MODSEQ. */
  vanishedSince(modSeq: bigint): number[] {
    return this.#tombstones.filter((stone) => stone.modSeq > modSeq)
      .map((stone) => stone.uid);
  }

  /**
   * Starts a new life: new UIDVALIDITY, UIDs from 1 (unless kept), history
   * gone, as after a restore of the server. Sessions in it are thrown out.
   */
  renumber(uidValidity: number, keepUids: boolean): void {
    this.invalidate("UIDVALIDITY changed");
    this.uidValidity = uidValidity;
    this.#tombstones = [];
    this.recent.clear();
    if (keepUids) return;
    const old = this.messages;
    this.messages = [];
    this.uidNext = 1;
    this.append(old);
  }

  /** Throws out every session that has this mailbox selected. */
  invalidate(reason: string): void {
    for (const listener of [...this.listeners]) listener.invalidated(reason);
  }

  #noteKeywords(flags: readonly string[]): void {
    for (const flag of flags) {
      const key = flag.toLowerCase();
      if (!flag.startsWith("\\") && !this.keywords.has(key)) {
        this.keywords.set(key, flag);
      }
    }
  }
}

/** The index of the first message whose UID is not below `uid`. */
export function lowerBound(messages: readonly Message[], uid: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.uid ?? Infinity) < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}
