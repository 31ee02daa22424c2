/**
 * Events put into words: the words that OfflineIMAP's users and their scripts
 * know.
 */
import type { EventSide, SyncEvent } from "../events.ts";
import { AlikeErrors, MOST_ALIKE } from "./alike_errors.ts";
import { escapeLines, escapeMessage, escapeText } from "./escape.ts";
import { formatMinutes, formatUidSet } from "./format.ts";
import { type About, Folders, shownUid } from "./folders.ts";
import { isAtLeast, type Level, type Line } from "./line.ts";
import { Plans } from "./plans.ts";
import { type Recap, Summary } from "./summary.ts";
import { Tally } from "./tally.ts";
import type { RepositoryNames } from "./ui.ts";
import {
  bannerOf,
  DRY_RUN,
  type EventOf,
  type Say,
  shorten,
  tellDebugging,
  tellFlags,
  withHint,
} from "./words.ts";

/** How a {@link Narrator} tells. */
export interface NarratorOptions {
  /** What matters less is left out. */
  readonly lowest: Level;
  /** See `UiOptions`. */
  readonly environment: string;
  readonly repositoriesOf: (account: string) => RepositoryNames | undefined;
  /** The level of `Next refresh in …`. @default "info" */
  readonly refreshLevel?: Level;
  /** All errors once more at the end of the run. @default in short who failed */
  readonly repeatErrors?: boolean;
}

/** Tells a run as lines. Remembers what later events refer to. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #recap: Recap;
  /** What was told about mailboxes. */
  readonly folders = new Folders();
  readonly #plans = new Plans({
    repository: (account, side) => escapeText(this.#repository(account, side)),
    folder: (about, side) => escapeText(this.folders.nameOf(about, side)),
    place: (about, side) => this.#place(about, side),
  });
  readonly #alike = new AlikeErrors();
  /** The last minutes told of each pause. */
  readonly #minutes = new Map<string, number>();

  constructor(options: NarratorOptions) {
    this.#options = options;
    this.#recap = options.repeatErrors === true
      ? new Summary(options.lowest === "debug")
      : new Tally();
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

  #tell(event: SyncEvent, say: Say): void {
    switch (event.type) {
      case "run.started":
        say(
          "info",
          `${bannerOf(event.version)}\n${this.#options.environment}`,
        );
        return tellDebugging(event, say);
      case "run.finished":
        for (const { level, text } of this.#recap.lines()) say(level, text);
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
        return this.#plans.tell(event, say);
      case "mailbox.finished": {
        this.#plans.finish(event, say);
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
        this.#plans.told(event);
        const set = shorten(formatUidSet(uids));
        say(
          "info",
          `${dryRun ? DRY_RUN : ""}Deleting ${uids.length} messages ` +
            `(${set}) in ${this.#place(event, on)}`,
        );
        return;
      }
      case "messages.moved": {
        const { account, count, to, on } = event;
        const name = (mailbox: string) =>
          this.folders.nameOf({ account, mailbox }, on);
        const where = escapeText(this.#repository(account, on));
        say(
          "info",
          `${
            event.dryRun ? DRY_RUN : ""
          }Moving ${count} messages in ${where}: ` +
            escapeText(`${name(event.mailbox)} -> ${name(to)}`),
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
        say("warning", withHint(escapeMessage(event.text), event.hint));
        return;
      case "error":
        this.#recap.add(event);
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
    say: Say,
  ): void {
    const { error } = event;
    const debug = this.#options.lowest === "debug";
    const number = this.#alike.count(event);
    if (number > MOST_ALIKE && !debug) return;
    // The advice is the same for all of a kind.
    const hint = number === 1 || debug ? error.hint : undefined;
    const text = withHint(escapeMessage(error.text), hint);
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

  /** `Maildir[INBOX]` */
  #place(about: About, side: EventSide): string {
    const name = escapeText(this.folders.nameOf(about, side));
    return `${this.folders.typeOf(about, side)}[${name}]`;
  }

  #tellLists(
    event: EventOf<"mailbox.listed">,
    say: Say,
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
    say: Say,
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
