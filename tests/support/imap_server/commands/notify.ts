/** NOTIFY (RFC 5465): news of mailboxes that are not selected, too. */
import type { ArgumentReader } from "../argument_reader.ts";
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import { Notifier, type NotifyGroup } from "../notifier.ts";
import { statusText } from "../status.ts";

const EVENTS = [
  "MESSAGENEW",
  "MESSAGEEXPUNGE",
  "FLAGCHANGE",
  "MAILBOXNAME",
  "SUBSCRIPTIONCHANGE",
];

/** Runs NOTIFY; what it sets replaces what was set before. */
export function notify(call: Call): Completion {
  const { args, session, store } = call;
  if (!session.profile.notify) {
    throw new CommandRefusal("Unknown command: NOTIFY", undefined, "BAD");
  }
  args.space();
  const word = args.word();
  if (word !== "NONE" && word !== "SET") throw bad("Expected NONE or SET");
  session.notifier?.stop();
  session.notifier = undefined;
  if (word === "NONE") {
    args.end();
    return ok("NOTIFY completed.");
  }
  const status = args.skip(" STATUS");
  const groups: NotifyGroup[] = [];
  while (args.skip(" ")) groups.push(readGroup(call));
  args.end();
  const notifier = new Notifier(session, store, groups, (mailbox) => {
    const items = ["MESSAGES", "UIDNEXT", "UNSEEN"] as const;
    return statusText(
      call,
      mailbox,
      session.profile.condstore ? [...items, "HIGHESTMODSEQ"] : items,
    );
  });
  session.notifier = notifier;
  if (status) {
    for (const mailbox of store.mailboxes.values()) {
      if (notifier.watches(mailbox.name)) {
        call.untagged(
          statusText(call, mailbox, [
            "MESSAGES",
            "UIDNEXT",
            "UIDVALIDITY",
            "UNSEEN",
            ...(session.profile.condstore ? ["HIGHESTMODSEQ" as const] : []),
          ]),
        );
      }
    }
  }
  return ok("NOTIFY completed.");
}

/** `(filter events)`. */
function readGroup(call: Call): NotifyGroup {
  const { args, store } = call;
  if (!args.skip("(")) throw bad("Expected (");
  const filter = args.word();
  const names: string[] = [];
  if (filter === "SUBTREE" || filter === "MAILBOXES") {
    args.space();
    const read = () => store.normalize(call.mailboxName());
    names.push(...(args.peek() === "(" ? args.list(read) : [read()]));
  }
  args.space();
  const events = args.peek() === "(" ? readEvents(args) : readNone(args);
  if (!args.skip(")")) throw bad("Expected )");
  return { filter, events, matches: matcher(call, filter, names) };
}

function readNone(args: ArgumentReader): ReadonlySet<string> {
  if (args.word() !== "NONE") throw bad("Expected events or NONE");
  return new Set();
}

/** Events; `MessageNew` may say what to fetch, which nobody needs here. */
function readEvents(args: ArgumentReader): ReadonlySet<string> {
  const events = args.list(() => {
    if (args.peek() === "(") {
      args.list(() => args.atom());
      return "";
    }
    const event = args.word();
    if (!EVENTS.includes(event)) {
      throw new CommandRefusal(`Unknown event ${event}`, "BADEVENT");
    }
    return event;
  });
  return new Set(events);
}

function matcher(
  { store }: Call,
  filter: string,
  names: readonly string[],
): (name: string) => boolean {
  switch (filter) {
    case "SELECTED":
    case "SELECTED-DELAYED":
      return () => false;
    case "PERSONAL":
      return () => true;
    case "INBOXES":
      return (name) => name === "INBOX";
    case "SUBSCRIBED":
      return (name) => store.subscriptions.has(name);
    case "MAILBOXES":
      return (name) => names.includes(name);
    case "SUBTREE":
      return (name) =>
        names.some((top) =>
          name === top || name.startsWith(top + store.separator)
        );
    default:
      throw bad(`Unknown filter ${filter}`);
  }
}

function bad(text: string): CommandRefusal {
  return new CommandRefusal(text, undefined, "BAD");
}
