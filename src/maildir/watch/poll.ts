/** Hears of changes in Maildirs by looking at the times of their directories. */
import {
  isTrusted,
  type MailboxTimes,
  mailboxTimes,
} from "../directory_time.ts";

/** A mailbox that may have changed. */
export interface Moved {
  readonly mailbox: string;
  /**
   * Its times are the old ones, but had been too young to show every change:
   * a second one in the same tick leaves them as they are.
   */
  readonly doubtful: boolean;
}

interface Looked {
  readonly times: MailboxTimes | undefined;
  readonly trusted: boolean;
}

/** Remembers two times for each mailbox. */
export class DirectoryPoll {
  readonly #directoryOf: (mailbox: string) => string;
  #looked = new Map<string, Looked>();

  /** @param directoryOf Where a mailbox lies. */
  constructor(directoryOf: (mailbox: string) => string) {
    this.#directoryOf = directoryOf;
  }

  /**
   * The mailboxes that changed since the last call; none the first time that one
   * is named. Costs two `stat` for each.
   */
  look(mailboxes: Iterable<string>, nowMs: number): Moved[] {
    const moved: Moved[] = [];
    const looked = new Map<string, Looked>();
    for (const mailbox of mailboxes) {
      const times = this.#timesOf(mailbox);
      const trusted = times === undefined ||
        isTrusted(times.new, nowMs) && isTrusted(times.cur, nowMs);
      const before = this.#looked.get(mailbox);
      looked.set(mailbox, { times, trusted });
      if (before === undefined) continue;
      if (!isSame(before.times, times)) {
        moved.push({ mailbox, doubtful: false });
      } else if (!before.trusted && trusted) {
        moved.push({ mailbox, doubtful: true });
      }
    }
    this.#looked = looked;
    return moved;
  }

  #timesOf(mailbox: string): MailboxTimes | undefined {
    try {
      return mailboxTimes(this.#directoryOf(mailbox));
    } catch {
      // What cannot be looked at is told by the sync.
      return undefined;
    }
  }
}

function isSame(
  a: MailboxTimes | undefined,
  b: MailboxTimes | undefined,
): boolean {
  return a?.new === b?.new && a?.cur === b?.cur;
}
