/** What a sync does, counted from its events: what hooks are told. */
import type { EventSide, SyncEvent } from "../events.ts";

/** Numbers of messages. */
export interface Counts {
  /** Copied from the server. */
  readonly downloaded: number;
  /** Those of them that nobody has read. */
  readonly unseen: number;
  /** Copied to the server. */
  readonly uploaded: number;
  /** Moved on the server. */
  readonly moved: number;
  /** Deleted on either side. */
  readonly deleted: number;
  /** Flags set or removed on either side, one for each message and flag. */
  readonly flagged: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Nothing done. */
export const NO_WORK: Counts = {
  downloaded: 0,
  unseen: 0,
  uploaded: 0,
  moved: 0,
  deleted: 0,
  flagged: 0,
};

/** Counts by folder. */
export class SyncCounts {
  readonly #folders = new Map<string, Mutable<Counts>>();
  /** Messages copied to the server that nobody has read, by folder. */
  readonly #unreadUploads = new Map<string, number>();

  /** Takes an event in. */
  apply(event: SyncEvent): void {
    switch (event.type) {
      case "message.copied": {
        const counts = this.#of(event.mailbox);
        if (event.to === "local") {
          counts.downloaded++;
          if (!event.seen) counts.unseen++;
          return;
        }
        counts.uploaded++;
        if (event.seen) return;
        const before = this.#unreadUploads.get(event.mailbox) ?? 0;
        this.#unreadUploads.set(event.mailbox, before + 1);
        return;
      }
      case "messages.moved":
        if (event.dryRun) return;
        this.#of(event.mailbox).moved += event.count;
        return;
      case "messages.deleted":
        if (event.dryRun) return;
        this.#of(event.mailbox).deleted += event.uids.length;
        return;
      case "messages.flagged":
        this.#of(event.mailbox).flagged += event.count;
        return;
    }
  }

  /** What was done in one folder. */
  in(mailbox: string): Counts {
    return this.#folders.get(mailbox) ?? NO_WORK;
  }

  /** How many messages that nobody has read were copied from a side. */
  unseenFrom(side: EventSide, mailbox: string): number {
    return side === "remote"
      ? this.in(mailbox).unseen
      : this.#unreadUploads.get(mailbox) ?? 0;
  }

  /** The folders in which anything was done. */
  folders(): Record<string, Counts> {
    return Object.fromEntries(this.#folders);
  }

  /** All folders together. */
  total(): Counts {
    const total: Mutable<Counts> = { ...NO_WORK };
    for (const counts of this.#folders.values()) {
      for (const key of Object.keys(NO_WORK) as (keyof Counts)[]) {
        total[key] += counts[key];
      }
    }
    return total;
  }

  #of(mailbox: string): Mutable<Counts> {
    let counts = this.#folders.get(mailbox);
    if (counts === undefined) {
      this.#folders.set(mailbox, counts = { ...NO_WORK });
    }
    return counts;
  }
}
