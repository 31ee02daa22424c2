/**
 * Events put into words: the words that OfflineIMAP's users and their scripts
 * know.
 */
import type { EventSide, SyncEvent } from "../events.ts";
import { AlikeErrors, MOST_ALIKE } from "./alike_errors.ts";
import { escapeLines, escapeText } from "./escape.ts";
import { formatMinutes, formatUidSet } from "./format.ts";
import { Folders, keyOf, letterOf, shownUid } from "./folders.ts";
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

/** UIDs beyond this many characters are cut: no screen shows a million. */
const LONGEST_SET = 400;

/** Tells a run as lines. Remembers what later events refer to. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #summary: Summary;
  /** What was told about mailboxes. */
  readonly folders = new Folders();
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
    this.folders.apply(event);
    const context = this.folders.contextOf(event);
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
        say(
          "info",
          `${bannerOf(event.version)}\n${this.#options.environment}`,
        );
        return tellDebugging(event, say);
      case "run.finished":
        for (const { level, text } of this.#summary.lines()) say(level, text);
        return;
      case "account.started":
        this.#minutes.delete(event.account);
        say("info", `*** Processing account ${escapeText(event.account)}`);
        return;
      case "account.finished":
        this.folders.forget(event.account);
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
      case "status.created": {
        const { repository, mailbox } = event;
        const text = escapeText(`${repository}:${mailbox}`);
        say("info", `Creating new Local Status db for ${text}`);
        return;
      }
      case "mailbox.started": {
        const { names, from, to } = event;
        say("info", `Syncing ${escapeText(names.remote)}: ${from} -> ${to}`);
        return;
      }
      case "mailbox.unchanged": {
        const { remote } = event.names;
        say("info", `Skipping ${escapeText(remote)} (not changed)`);
        return;
      }
      case "mailbox.listed":
        return this.#tellLists(event, say);
      case "mailbox.renumbered":
        // The error that follows says what it means.
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
        const { account, from, uid } = event;
        const to: EventSide = from === "local" ? "remote" : "local";
        const mailbox = this.folders.nameOf(event, from);
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
        return tellFlags(event, this.folders.nameOf(event, event.on), say);
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
          `${
            event.dryRun ? DRY_RUN : ""
          }Moving ${count} messages in ${where}: ` +
            escapeText(`${mailbox} -> ${to}`),
        );
        return;
      }
      case "hook.started": {
        const { dryRun, command } = event;
        say(
          "info",
          `${dryRun ? DRY_RUN : ""}Calling hook: ${escapeLines(command)}`,
        );
        return;
      }
      case "hook":
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
    const { account, to, index, total } = event;
    const from: EventSide = to === "local" ? "remote" : "local";
    const number = shownUid(event);
    const place = (side: EventSide) =>
      `${this.#repository(account, side)}:${this.folders.nameOf(event, side)}`;
    const source = place(from);
    const target = place(to);
    return `Copy message UID ${number} (${index}/${total}) ` +
      escapeText(`${source} -> ${target}`);
  }

  #tellPlan(
    { account, mailbox, counts, dryRun }: EventOf<"mailbox.planned">,
    say: (level: Level, text: string) => void,
  ): void {
    const about = { account, mailbox };
    if (!dryRun) {
      const folder = escapeText(mailbox);
      const parts = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${kind} ${count}`);
      say("debug", `Plan for ${folder}: ${parts.join(", ") || "nothing"}`);
      return;
    }
    const remote = escapeText(this.#repository(account, "remote"));
    const local = escapeText(this.#repository(account, "local"));
    const there = escapeText(this.folders.nameOf(about, "remote"));
    const here = escapeText(this.folders.nameOf(about, "local"));
    const plan = (count: number, text: string) => {
      if (count > 0) say("info", DRY_RUN + text);
    };
    const { toLocal, toRemote, flagLocal, flagRemote, moved } = counts;
    plan(
      toLocal,
      `Copy ${toLocal} messages from ${there}[${remote}] to ${local}`,
    );
    plan(
      toRemote,
      `Copy ${toRemote} messages from ${here}[${local}] to ${remote}`,
    );
    plan(
      flagLocal,
      `Change flags of ${flagLocal} messages on ${here}[${local}]`,
    );
    plan(
      flagRemote,
      `Change flags of ${flagRemote} messages on ${there}[${remote}]`,
    );
    plan(moved, `Move ${moved} messages out of ${there}`);
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
    return `${this.folders.typeOf(event, side)}[${
      escapeText(this.folders.nameOf(event, side))
    }]`;
  }

  #tellLists(
    event: EventOf<"mailbox.listed">,
    say: (level: Level, text: string) => void,
  ): void {
    for (const side of ["local", "remote"] as const) {
      const count = event[side];
      say(
        "debug",
        `Message list for ${
          this.#place(event, side)
        } loaded: ${count} messages`,
      );
    }
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
}

/** The first words of a run. */
export function bannerOf(version: string): string {
  return `OfflineIMAP ${version}\n` +
    `  Licensed under the MIT licence; it comes without any warranty`;
}

/** What OfflineIMAP says that each topic of `-d` is about. */
const TOPICS: Readonly<Record<string, string>> = {
  imap: "IMAP protocol debugging",
  maildir: "Maildir repository debugging",
  thread: "Threading debugging",
};

function tellDebugging(
  { debug }: EventOf<"run.started">,
  say: (level: Level, text: string) => void,
): void {
  if (debug === undefined) return;
  if (debug.sequential) say("info", "Debug mode: Forcing to singlethreaded.");
  for (const topic of debug.topics) {
    say("debug", `Now debugging for ${topic}: ${TOPICS[topic] ?? topic}`);
  }
}

function tellFlags(
  { of = "flag", add, remove, count }: EventOf<"messages.flagged">,
  name: string,
  say: (level: Level, text: string) => void,
): void {
  const folder = escapeText(name);
  const names = (flags: string[]) =>
    escapeText(
      flags.map((flag) => of === "flag" ? letterOf(flag) : flag).join(", "),
    );
  if (add.length > 0) {
    say("info", `Adding ${of} ${names(add)} to ${count} messages on ${folder}`);
  }
  if (remove.length > 0) {
    say(
      "info",
      `Deleting ${of} ${names(remove)} from ${count} messages on ${folder}`,
    );
  }
}

function shorten(set: string): string {
  if (set.length <= LONGEST_SET) return set;
  return `${set.slice(0, set.lastIndexOf(",", LONGEST_SET))},...`;
}

/** The hint on a line of its own, indented. */
export function withHint(text: string, hint: string | undefined): string {
  return hint === undefined ? text : `${text}\n  ${escapeLines(hint)}`;
}
