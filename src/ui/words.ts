/** OfflineIMAP's words for single events. */
import type { SyncEvent } from "../events.ts";
import { escapeLines, escapeText } from "./escape.ts";
import { letterOf } from "./folders.ts";
import type { Level } from "./line.ts";

/** An event of one type. */
export type EventOf<Type extends SyncEvent["type"]> = Extract<
  SyncEvent,
  { type: Type }
>;

/** Takes a line. */
export type Say = (level: Level, text: string) => void;

/** What stands before all that a dry run does not do. */
export const DRY_RUN = "[DRYRUN] ";

/** UIDs beyond this many characters are cut: no screen shows a million. */
const LONGEST_SET = 400;

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

/** What `-d` asked for, in OfflineIMAP's words. */
export function tellDebugging(
  { debug }: EventOf<"run.started">,
  say: Say,
): void {
  if (debug === undefined) return;
  if (debug.sequential) say("info", "Debug mode: Forcing to singlethreaded.");
  for (const topic of debug.topics) {
    say("debug", `Now debugging for ${topic}: ${TOPICS[topic] ?? topic}`);
  }
}

/** Flags or labels that were added and removed. */
export function tellFlags(
  { of = "flag", add, remove, count }: EventOf<"messages.flagged">,
  name: string,
  say: Say,
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

/** The first part of a long UID set. */
export function shorten(set: string): string {
  if (set.length <= LONGEST_SET) return set;
  return `${set.slice(0, set.lastIndexOf(",", LONGEST_SET))},...`;
}

/** The hint on a line of its own, indented. */
export function withHint(text: string, hint: string | undefined): string {
  return hint === undefined ? text : `${text}\n  ${escapeLines(hint)}`;
}
