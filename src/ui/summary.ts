/** What failed in a run, told again at its end. */
import type { ErrorReport } from "../events.ts";
import { escapeLines, escapeMessage, escapeText } from "./escape.ts";
import { formatCount } from "./format.ts";
import type { Line } from "./line.ts";

/** Errors told in full, of one kind in one folder. */
const MOST_ALIKE = 5;

/** Kinds of errors kept; a run that goes on for months must not grow. */
const MOST_KINDS = 200;

/** An error with its place. */
export interface Failure {
  readonly account?: string;
  readonly mailbox?: string;
  readonly error: ErrorReport;
}

/** The errors of one kind in one place. */
interface Group {
  readonly place: string | undefined;
  readonly errors: ErrorReport[];
  count: number;
}

/** The words that scripts look for at the end of a run that failed. */
export const FIRST_LINE = "Exceptions occurred during the run!";

/** What is said of all errors when a run is over. */
export interface Recap {
  /** Takes an error in. */
  add(failure: Failure): void;
  /** The lines; none when nothing failed. */
  lines(): Line[];
}

/**
 * Tells all errors once more, as OfflineIMAP does, for logs that are searched and
 * not read. Equal kinds of one folder are told once, with a number.
 */
export class Summary implements Recap {
  readonly #debug: boolean;
  readonly #groups = new Map<string, Group>();
  #left = 0;

  /** @param debug Tell the stacks, too. */
  constructor(debug: boolean) {
    this.#debug = debug;
  }

  add(failure: Failure): void {
    const { account, mailbox, error } = failure;
    const key = [account, mailbox, error.code].join("\0");
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= MOST_KINDS) {
        this.#left++;
        return;
      }
      group = { place: placeOf(failure), errors: [], count: 0 };
      this.#groups.set(key, group);
    }
    group.count++;
    // The same words again, as from every round of a loop, say nothing new.
    const told = group.errors.some(({ text }) => text === error.text);
    if (!told && group.errors.length < MOST_ALIKE) group.errors.push(error);
  }

  /** The lines, one for each place and kind; none when nothing failed. */
  lines(): Line[] {
    if (this.#groups.size === 0) return [];
    const groups = [...this.#groups.values()];
    // The same advice for many folders is read once, behind the last of them.
    const lastWith = new Map<string, ErrorReport>();
    for (const error of groups.flatMap(({ errors }) => errors)) {
      if (error.hint !== undefined) lastWith.set(error.hint, error);
    }
    const advice = new Set(lastWith.values());
    return [
      FIRST_LINE,
      ...groups.map((group) => this.#textOf(group, advice)),
      ...(this.#left > 0
        ? [`${formatCount(this.#left)} more errors are not listed here`]
        : []),
    ].map((text) => ({ level: "error", text }));
  }

  /** @param advice The errors whose hint is to be told. */
  #textOf(group: Group, advice: ReadonlySet<ErrorReport>): string {
    const { place, errors } = group;
    const indent = place === undefined ? "" : "  ";
    const parts = place === undefined ? [] : [place];
    const more = group.count - errors.length;
    errors.forEach((error, index) => {
      const { text, hint, stack } = error;
      parts.push(`${indent}${escapeMessage(text)}`);
      if (index === errors.length - 1 && more > 0) {
        parts.push(`  ${formatCount(more)} more of this kind`);
      }
      if (hint !== undefined && advice.has(error)) {
        parts.push(`  ${escapeLines(hint)}`);
      }
      if (this.#debug && stack !== undefined) {
        parts.push("", "Traceback:", escapeLines(stack));
      }
    });
    return parts.join("\n");
  }
}

/** `Syncing INBOX [acc: Work]`; undefined for the whole run. */
function placeOf({ account, mailbox }: Failure): string | undefined {
  if (account === undefined) return undefined;
  return mailbox === undefined
    ? `While syncing account '${escapeText(account)}'`
    : `While syncing ${escapeText(mailbox)} [acc: ${escapeText(account)}]`;
}
