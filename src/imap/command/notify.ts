/** NOTIFY. */
import type { CommandEncoder } from "../wire/encoder.ts";
import type { Command } from "./command.ts";
import type { FetchItem } from "./fetch_items.ts";
import { simpleCommand } from "./simple.ts";

/** Which mailboxes an event is wanted from (RFC 5465 §6). */
export type NotifyFilter =
  | "selected"
  | "selected-delayed"
  | "inboxes"
  | "personal"
  | "subscribed"
  | { readonly subtree: readonly string[] }
  | { readonly mailboxes: readonly string[] };

/** What is wanted (RFC 5465 §5). The first two go together. */
export type NotifyEvent =
  | "MessageNew"
  | "MessageExpunge"
  | "FlagChange"
  | "MailboxName"
  | "SubscriptionChange"
  | "MailboxMetadataChange";

/** Events of some mailboxes. */
export interface NotifyGroup {
  readonly filter: NotifyFilter;
  /** Empty: NONE, nothing of these. */
  readonly events: readonly NotifyEvent[];
  /** What to tell of a new message; for `selected` only. */
  readonly newMessage?: readonly FetchItem[];
}

/**
 * Asks to be told of events without polling (RFC 5465 §3): as STATUS, LIST or
 * the selected mailbox's own responses, to the connection's listener. Replaces
 * what was asked for before; no groups at all: NOTIFY NONE.
 */
export function notify(
  groups: readonly NotifyGroup[],
  options: {
    /** First tell a STATUS of each mailbox named. @default false */
    status?: boolean;
  } = {},
): Command<void> {
  return simpleCommand("NOTIFY", (to) => {
    if (groups.length === 0) {
      to.text("NOTIFY NONE");
      return;
    }
    to.text(`NOTIFY SET${options.status === true ? " STATUS" : ""}`);
    for (const group of groups) encodeGroup(to, group);
  }, { alone: true });
}

function encodeGroup(to: CommandEncoder, group: NotifyGroup): void {
  to.text(" (");
  const { filter } = group;
  if (typeof filter === "string") to.text(filter);
  else if ("subtree" in filter) encodeNames(to, "subtree", filter.subtree);
  else encodeNames(to, "mailboxes", filter.mailboxes);
  const events = group.events.map((event) =>
    event === "MessageNew" && group.newMessage !== undefined
      ? `${event} (${group.newMessage.join(" ")})`
      : event
  );
  to.text(events.length === 0 ? " NONE)" : ` (${events.join(" ")}))`);
}

function encodeNames(
  to: CommandEncoder,
  word: string,
  names: readonly string[],
): void {
  if (names.length === 0) throw new RangeError(`No mailbox for ${word}`);
  to.text(`${word} (`);
  names.forEach((name, at) => to.text(at === 0 ? "" : " ").mailbox(name));
  to.text(")");
}
