/**
 * Events put into words: the words that OfflineIMAP's users and their scripts
 * know.
 */
import type { EventSide, SyncEvent } from "../events.ts";
import { AlikeErrors, MOST_ALIKE } from "./alike_errors.ts";
import { escapeLines, escapeText } from "./escape.ts";
import { formatMinutes, formatUidSet } from "./format.ts";
import { isAtLeast, type Level, type Line } from "./line.ts";
import { Summary } from "./summary.ts";
import type { RepositoryNames } from "./ui.ts";

/** How a {@link Narrator} tells. */
export interface NarratorOptions {
  /** What matters less is left out. */
  readonly lowest: Level;
  /** See `UiOptions`. */
  readonly environment: string;
  readonly repositoriesOf: (account: string) => RepositoryNames | undefined;
  /** The level of `Next refresh in …`. @default "info" */
  readonly refreshLevel?: Level;
}

type EventOf<Type extends SyncEvent["type"]> = Extract<
  SyncEvent,
  { type: Type }
>;

const DRY_RUN = "[DRYRUN] ";

/** The letters by which OfflineIMAP calls the system flags. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ["\\Seen", "S"],
  ["\\Answered", "R"],
  ["\\Flagged", "F"],
  ["\\Deleted", "T"],
  ["\\Draft", "D"],
]);

/** UIDs beyond this many characters are cut: no screen shows a million. */
const LONGEST_SET = 400;

/** Tells a run as lines. Remembers what later events refer to. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #summary: Summary;
  /** The types of both sides, `IMAP` and `Maildir`, by account and mailbox. */
  readonly #types = new Map<string, { remote: string; local: string }>();
  /** Deletions that a dry run has planned and not told, by account and mailbox. */
  readonly #doomed = new Map<string, Record<EventSide, number>>();
  readonly #alike = new AlikeErrors();
  /** The last minutes told of each pause. */
  readonly #minutes = new Map<string, number>();

  constructor(options: NarratorOptions) {
    this.#options = options;
    this.#summary = new Summary(options.lowest === "debug");
  }

  /** What is to be said about `event`; often nothing. */
  narrate(event: SyncEvent): Line[] {
    const lines: Line[] = [];
    const context = contextOf(event);
    const say = (level: Level, text: string) => {
      if (!isAtLeast(level, this.#options.lowest)) return;
      lines.push(
        context === undefined ? { level, text } : { level, text, context },
      );
    };
    this.#tell(event, say);
    return lines;
  }

  #tell(event: SyncEvent, say: (level: Level, text: string) => void): void {
    switch (event.type) {
      case "run.started":
        say("info", bannerOf(event.version, this.#options.environment));
        return;
      case "run.finished":
        for (const { level, text } of this.#summary.lines()) say(level, text);
        return;
      case "account.started":
        this.#minutes.delete(event.account);
        say("info", `*** Processing account ${escapeText(event.account)}`);
        return;
      case "account.finished":
        this.#forget(event.account);
        for (const text of this.#alike.flush(event.account)) say("error", text);
        say(
          "info",
          `*** Finished account '${escapeText(event.account)}' in ` +
            formatMinutes(event.ms),
        );
        return;
      case "account.sleeping":
        return this.#tellPause(event, say);
      case "connection.opening": {
        const { host, port, repository } = event;
        const server = port === undefined ? host : `${host}:${port}`;
        const text = escapeText(`${server} (${repository})`);
        say("info", `Establishing connection to ${text}`);
        return;
      }
      case "mailbox.created": {
        const { mailbox, repository, dryRun } = event;
        const text = escapeText(`${mailbox}[${repository}]`);
        say("info", `${dryRun ? DRY_RUN : ""}Creating folder ${text}`);
        return;
      }
      case "mailbox.started": {
        const { mailbox, from, to } = event;
        this.#types.set(keyOf(event), { remote: from, local: to });
        say("info", `Syncing ${escapeText(mailbox)}: ${from} -> ${to}`);
        return;
      }
      case "mailbox.unchanged":
        say("info", `Skipping ${escapeText(event.mailbox)} (not changed)`);
        return;
      case "mailbox.planned":
        return this.#tellPlan(event, say);
      case "mailbox.finished": {
        this.#tellDoomed(event, say);
        const ms = Math.round(event.ms);
        say("debug", `Finished ${escapeText(event.mailbox)} in ${ms} ms`);
        return;
      }
      case "message.copied":
        // Asked first: of these there are as many as messages.
        if (isAtLeast("info", this.#options.lowest)) {
          say("info", this.#copyText(event));
        }
        return;
      case "message.ignored": {
        const { account, mailbox, from, uid } = event;
        const to: EventSide = from === "local" ? "remote" : "local";
        const source = `${this.#repository(account, from)}:${mailbox}`;
        const target = this.#repository(account, to);
        say(
          "info",
          `IGNORED: Copy message UID ${uid ?? "not known"} ` +
            escapeText(`${source} -> ${target}`),
        );
        return;
      }
      case "messages.flagged":
        return tellFlags(event, say);
      case "messages.deleted": {
        const { uids, dryRun, on } = event;
        const doomed = this.#doomed.get(keyOf(event));
        if (dryRun && doomed !== undefined) doomed[on] = 0;
        const set = shorten(formatUidSet(uids));
        say(
          "info",
          `${dryRun ? DRY_RUN : ""}Deleting ${uids.length} messages ` +
            `(${set}) in ${this.#place(event, on)}`,
        );
        return;
      }
      case "messages.moved": {
        const { count, mailbox, to, on } = event;
        const where = escapeText(this.#repository(event.account, on));
        say(
          "info",
          `Moving ${count} messages in ${where}: ` +
            escapeText(`${mailbox} -> ${to}`),
        );
        return;
      }
      case "hook":
        say("info", `Calling hook: ${escapeLines(event.command)}`);
        say(
          "info",
          `Hook stdout: ${escapeLines(event.stdout)}\n` +
            `Hook stderr:${escapeLines(event.stderr)}\n`,
        );
        say("info", `Hook return code: ${event.code}`);
        return;
      case "notice":
        say("info", escapeLines(event.text));
        return;
      case "warning":
        say("warning", withHint(escapeLines(event.text), event.hint));
        return;
      case "error":
        this.#summary.add(event);
        return this.#tellError(event, say);
      case "debug":
        say("debug", `[${event.topic}]: ${escapeLines(event.text)}`);
        return;
      default:
        event satisfies never;
    }
  }

  #tellError(
    event: EventOf<"error">,
    say: (level: Level, text: string) => void,
  ): void {
    const { error } = event;
    const debug = this.#options.lowest === "debug";
    const number = this.#alike.count(event);
    if (number > MOST_ALIKE && !debug) return;
    // The advice is the same for all of a kind.
    const hint = number === 1 || debug ? error.hint : undefined;
    const text = withHint(escapeLines(error.text), hint);
    const stack = debug && error.stack !== undefined
      ? `\n${escapeLines(error.stack)}`
      : "";
    say("error", text + stack);
  }

  #copyText(event: EventOf<"message.copied">): string {
    const { account, mailbox, to, uid, index, total } = event;
    const from: EventSide = to === "local" ? "remote" : "local";
    // OfflineIMAP shows uploads with the negative number that they have before
    // the server gives them one.
    const number = uid ?? -index;
    const source = `${this.#repository(account, from)}:${mailbox}`;
    const target = `${this.#repository(account, to)}:${mailbox}`;
    return `Copy message UID ${number} (${index}/${total}) ` +
      escapeText(`${source} -> ${target}`);
  }

  #tellPlan(
    { account, mailbox, counts, dryRun }: EventOf<"mailbox.planned">,
    say: (level: Level, text: string) => void,
  ): void {
    const folder = escapeText(mailbox);
    if (!dryRun) {
      const parts = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${kind} ${count}`);
      say("debug", `Plan for ${folder}: ${parts.join(", ") || "nothing"}`);
      return;
    }
    const remote = escapeText(this.#repository(account, "remote"));
    const local = escapeText(this.#repository(account, "local"));
    const plan = (count: number, text: string) => {
      if (count > 0) say("info", DRY_RUN + text);
    };
    const { toLocal, toRemote, flagLocal, flagRemote, moved } = counts;
    plan(
      toLocal,
      `Copy ${toLocal} messages from ${folder}[${remote}] to ${local}`,
    );
    plan(
      toRemote,
      `Copy ${toRemote} messages from ${folder}[${local}] to ${remote}`,
    );
    plan(
      flagLocal,
      `Change flags of ${flagLocal} messages on ${folder}[${local}]`,
    );
    plan(
      flagRemote,
      `Change flags of ${flagRemote} messages on ${folder}[${remote}]`,
    );
    plan(moved, `Move ${moved} messages out of ${folder}`);
    this.#doomed.set(keyOf({ account, mailbox }), {
      local: counts.deleteLocal,
      remote: counts.deleteRemote,
    });
  }

  /** Planned deletions of which no event has told the UIDs. */
  #tellDoomed(
    event: EventOf<"mailbox.finished">,
    say: (level: Level, text: string) => void,
  ): void {
    const doomed = this.#doomed.get(keyOf(event));
    if (doomed === undefined) return;
    this.#doomed.delete(keyOf(event));
    for (const side of ["local", "remote"] as const) {
      if (doomed[side] === 0) continue;
      say(
        "info",
        `${DRY_RUN}Deleting ${doomed[side]} messages in ` +
          this.#place(event, side),
      );
    }
  }

  /** `Maildir[INBOX]` */
  #place(
    event: { account: string; mailbox: string },
    side: EventSide,
  ): string {
    const type = this.#types.get(keyOf(event))?.[side] ?? side;
    return `${type}[${escapeText(event.mailbox)}]`;
  }

  #tellPause(
    { account, remainingMs }: EventOf<"account.sleeping">,
    say: (level: Level, text: string) => void,
  ): void {
    // Told once a minute, however often it is reported.
    const minutes = Math.ceil(remainingMs / 60_000);
    if (minutes === 0 || this.#minutes.get(account) === minutes) return;
    this.#minutes.set(account, minutes);
    const text = (remainingMs / 60_000).toFixed(1);
    say(
      this.#options.refreshLevel ?? "info",
      `Next refresh in ${text} minutes`,
    );
  }

  #repository(account: string, side: EventSide): string {
    return this.#options.repositoriesOf(account)?.[side] ?? side;
  }

  #forget(account: string): void {
    for (const key of this.#types.keys()) {
      if (key.startsWith(`${account}\0`)) this.#types.delete(key);
    }
  }
}

/** The first words of a run. */
function bannerOf(version: string, environment: string): string {
  return `OfflineIMAP ${version}\n` +
    `  Licensed under the MIT licence; it comes without any warranty\n` +
    environment;
}

function tellFlags(
  { mailbox, add, remove, count }: EventOf<"messages.flagged">,
  say: (level: Level, text: string) => void,
): void {
  const folder = escapeText(mailbox);
  const names = (flags: string[]) =>
    escapeText(flags.map((flag) => LETTERS.get(flag) ?? flag).join(", "));
  if (add.length > 0) {
    say("info", `Adding flag ${names(add)} to ${count} messages on ${folder}`);
  }
  if (remove.length > 0) {
    say(
      "info",
      `Deleting flag ${names(remove)} from ${count} messages on ${folder}`,
    );
  }
}

/** OfflineIMAP's names of the threads that such an event would come from. */
function contextOf(event: SyncEvent): string | undefined {
  if (!("account" in event) || event.account === undefined) return undefined;
  const account = escapeText(event.account);
  // The loop of the account, not a folder of it, makes folders.
  if (event.type === "mailbox.created" || !("mailbox" in event)) {
    return `Account sync ${account}`;
  }
  return event.mailbox === undefined
    ? `Account sync ${account}`
    : `Folder ${escapeText(event.mailbox)} [acc: ${account}]`;
}

function keyOf(event: { account: string; mailbox: string }): string {
  return `${event.account}\0${event.mailbox}`;
}

function shorten(set: string): string {
  if (set.length <= LONGEST_SET) return set;
  return `${set.slice(0, set.lastIndexOf(",", LONGEST_SET))},...`;
}

/** The hint on a line of its own, indented. */
export function withHint(text: string, hint: string | undefined): string {
  return hint === undefined ? text : `${text}\n  ${escapeLines(hint)}`;
}
