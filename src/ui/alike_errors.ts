/** Counts errors of one kind, so that ten thousand do not push all else away. */
import type { SyncEvent } from "../events.ts";
import { escapeText } from "./escape.ts";
import { formatCount } from "./format.ts";

/** Errors of one kind in one folder that are told as they happen. */
export const MOST_ALIKE = 5;

type ErrorEvent = Extract<SyncEvent, { type: "error" }>;

interface Kind {
  readonly account: string | undefined;
  readonly mailbox: string | undefined;
  count: number;
}

/** How many errors of each kind there were, by account and folder. */
export class AlikeErrors {
  readonly #kinds = new Map<string, Kind>();

  /** Counts an error in. @returns its number among those of its kind, from 1. */
  count({ account, mailbox, error }: ErrorEvent): number {
    const key = JSON.stringify([account, mailbox, error.code]);
    const kind = this.#kinds.get(key) ?? { account, mailbox, count: 0 };
    this.#kinds.set(key, kind);
    return ++kind.count;
  }

  /** Ends a sync of an account. @returns what was too much to be told, in words. */
  flush(account: string): string[] {
    const texts: string[] = [];
    for (const [key, kind] of this.#kinds) {
      if (kind.account !== account) continue;
      this.#kinds.delete(key);
      const more = kind.count - MOST_ALIKE;
      if (more <= 0) continue;
      const place = kind.mailbox === undefined
        ? ""
        : ` in ${escapeText(kind.mailbox)}`;
      texts.push(`${formatCount(more)} more errors of one kind${place}`);
    }
    return texts;
  }
}
