/** The last words of a run for people, who have read each error where it was. */
import { escapeText } from "./escape.ts";
import { formatCount } from "./format.ts";
import type { Line } from "./line.ts";
import { FIRST_LINE, type Recap } from "./summary.ts";
import type { Failure } from "./summary.ts";

/** Folders that are named; of more than these only the number is told. */
const MOST_FOLDERS = 5;

interface Entry {
  count: number;
  readonly folders: Set<string>;
}

/** Counts errors by account: which ones failed, and where. */
export class Tally implements Recap {
  readonly #accounts = new Map<string | undefined, Entry>();

  add({ account, mailbox }: Failure): void {
    const entry = this.#accounts.get(account) ??
      { count: 0, folders: new Set() };
    this.#accounts.set(account, entry);
    entry.count++;
    if (mailbox !== undefined) entry.folders.add(mailbox);
  }

  /** One line with OfflineIMAP's first words; none when nothing failed. */
  lines(): Line[] {
    if (this.#accounts.size === 0) return [];
    const parts = [...this.#accounts].map(([account, { count, folders }]) => {
      const errors = `${formatCount(count)} error${count === 1 ? "" : "s"}`;
      const place = folders.size === 0 ? "" : ` in ${listOf(folders)}`;
      return account === undefined
        ? `The run itself: ${errors}${place}`
        : `Account ${escapeText(account)}: ${errors}${place}`;
    });
    return [{ level: "error", text: [FIRST_LINE, ...parts].join("\n  ") }];
  }
}

function listOf(folders: ReadonlySet<string>): string {
  return folders.size > MOST_FOLDERS
    ? `${formatCount(folders.size)} folders`
    : [...folders].map(escapeText).join(", ");
}
