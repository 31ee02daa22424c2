/** What one session believes of the selected mailbox. */
import { lowerBound, type Mailbox, type MailboxListener } from "./mailbox.ts";
import type { Message } from "./message.ts";

/** What a session has to be told, taken from a {@link View}. */
export interface Updates {
  /** Sequence numbers in the order in which EXPUNGE must name them. */
  readonly expunged: readonly { sequence: number; uid: number }[];
  /** The new EXISTS, or undefined where it did not change. */
  readonly exists: number | undefined;
  /** Messages whose flags somebody changed. */
  readonly changed: readonly Message[];
}

/**
 * Sequence numbers as announced to one session, and what is yet to be
 * announced. A change is visible only after {@link takeUpdates}.
 */
export class View implements MailboxListener {
  /** The announced messages; index + 1 is the sequence number. */
  messages: Message[];
  /** UIDs that are \Recent in this session. */
  readonly recent = new Set<number>();
  /** How many messages EXISTS counted that are not there: a lie. */
  phantoms = 0;
  /** The number that RECENT has told so far. */
  toldRecent: number;
  /** Keywords that FLAGS has told so far. */
  toldKeywords: number;
  #arrived: Message[] = [];
  #changed = new Set<Message>();
  #doomed = 0;
  readonly #wake: () => void;
  readonly #invalidate: (reason: string) => void;

  /**
   * @param wake Called after each change: something can be announced.
   * @param invalidate Called when the mailbox is gone or has been renumbered.
   */
  constructor(
    readonly mailbox: Mailbox,
    readonly readOnly: boolean,
    wake: () => void,
    invalidate: (reason: string) => void,
  ) {
    this.#wake = wake;
    this.#invalidate = invalidate;
    this.messages = [...mailbox.messages];
    this.toldKeywords = mailbox.keywords.size;
    for (const uid of mailbox.recent) this.recent.add(uid);
    if (!readOnly) mailbox.recent.clear();
    this.toldRecent = this.recent.size;
    mailbox.listeners.add(this);
  }

  /** Stops listening. */
  close(): void {
    this.mailbox.listeners.delete(this);
  }

  /** The sequence number of a UID; 0 where the view does not hold it. */
  sequenceOf(uid: number): number {
    const at = lowerBound(this.messages, uid);
    return this.messages[at]?.uid === uid ? at + 1 : 0;
  }

  /** The largest announced UID; 0 for an empty view. */
  get largestUid(): number {
    return this.messages.at(-1)?.uid ?? 0;
  }

  /** Whether the session has yet to hear of the message's flags. */
  isPending(message: Message): boolean {
    return this.#changed.has(message);
  }

  /** Takes back the announcement of flags that the session is told anyway. */
  forgetChanged(message: Message): void {
    this.#changed.delete(message);
  }

  /** Whether {@link takeUpdates} has something to say. */
  get stale(): boolean {
    return this.#doomed > 0 || this.#arrived.length > 0 ||
      this.#changed.size > 0;
  }

  /**
   * Everything to be announced, and from then on part of the view.
   *
   * @param expunge Whether EXPUNGE may be sent now; if not, it stays for later
   */
  takeUpdates(expunge: boolean): Updates {
    const expunged = expunge ? this.#takeExpunged() : [];
    const changed = [...this.#changed].filter((m) =>
      !m.gone && this.sequenceOf(m.uid) > 0
    ).sort((a, b) => a.uid - b.uid);
    this.#changed.clear();
    const before = this.messages.length;
    // One that came and went unseen is never mentioned.
    for (const message of this.#arrived) {
      if (message.gone) continue;
      this.messages.push(message);
      if (this.mailbox.recent.has(message.uid)) this.recent.add(message.uid);
    }
    if (!this.readOnly) {
      for (const m of this.#arrived) this.mailbox.recent.delete(m.uid);
    }
    this.#arrived = [];
    const exists = this.messages.length === before
      ? undefined
      : this.messages.length;
    return { expunged, exists, changed };
  }

  appended(messages: readonly Message[]): void {
    for (const message of messages) this.#arrived.push(message);
    this.#wake();
  }

  flagsChanged(messages: readonly Message[]): void {
    for (const message of messages) this.#changed.add(message);
    this.#wake();
  }

  expunged(messages: readonly Message[]): void {
    this.#doomed += messages.length;
    this.#wake();
  }

  invalidated(reason: string): void {
    this.close();
    this.#invalidate(reason);
  }

  #takeExpunged(): { sequence: number; uid: number }[] {
    if (this.#doomed === 0) return [];
    const list: { sequence: number; uid: number }[] = [];
    const left: Message[] = [];
    for (const message of this.messages) {
      // Each EXPUNGE shifts what follows it: so the number is the place among
      // those that stay.
      if (message.gone) {
        list.push({ sequence: left.length + 1, uid: message.uid });
        this.recent.delete(message.uid);
      } else {
        left.push(message);
      }
    }
    this.messages = left;
    this.#doomed = 0;
    return list;
  }
}
