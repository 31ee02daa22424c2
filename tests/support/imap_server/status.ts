/** The STATUS response (RFC 3501 §6.3.10), alone and within LIST. */
import { CommandSyntax } from "./argument_reader.ts";
import type { Call } from "./call.ts";
import { hasFlag } from "./flags.ts";
import type { Mailbox } from "./mailbox.ts";
import type { ViceOf } from "./vices.ts";

const ITEMS = [
  "MESSAGES",
  "RECENT",
  "UIDNEXT",
  "UIDVALIDITY",
  "UNSEEN",
  "HIGHESTMODSEQ",
  "SIZE",
  "DELETED",
  "MAILBOXID",
  "APPENDLIMIT",
] as const;

/** A STATUS item. */
export type StatusItem = typeof ITEMS[number];

/** What a stale server keeps telling. */
const remembered = new WeakMap<ViceOf<"staleStatus">, Map<Mailbox, string>>();

/** Reads `(MESSAGES UIDNEXT …)`; what the profile lacks is an error. */
export function readStatusItems(call: Call): StatusItem[] {
  const { args, session } = call;
  const { profile } = session;
  const missing = new Set<string>();
  if (!profile.condstore) missing.add("HIGHESTMODSEQ");
  if (!profile.statusSize && !profile.rev2) missing.add("SIZE").add("DELETED");
  if (!profile.objectId) missing.add("MAILBOXID");
  if (profile.appendLimit === undefined) missing.add("APPENDLIMIT");
  return args.list(() => {
    const word = args.word();
    const item = ITEMS.find((one) => one === word);
    if (item === undefined || missing.has(item)) {
      throw new CommandSyntax(`Unknown status item ${word}`);
    }
    if (item === "HIGHESTMODSEQ") session.enable("CONDSTORE");
    return item;
  });
}

/** `STATUS "name" (…)`. */
export function statusText(
  call: Call,
  mailbox: Mailbox,
  items: readonly StatusItem[],
): string {
  const dropped = call.vices.all("dropStatusItems").flatMap((v) => v.items);
  // In an order of our own, as Dovecot: nobody may rely on the command's.
  const told = ITEMS.filter((item) =>
    items.includes(item) && !dropped.includes(item)
  );
  const fresh = () =>
    told.map((item) => `${item} ${valueOf(call, mailbox, item)}`).join(" ");
  const stale = call.vices.get("staleStatus");
  const values = stale === undefined ? fresh() : recall(stale, mailbox, fresh);
  return `STATUS ${call.session.encodeName(mailbox.name)} (${values})`;
}

function valueOf(call: Call, mailbox: Mailbox, item: StatusItem): string {
  const emptied = call.vices.get("emptiedView") !== undefined;
  const messages = emptied ? [] : mailbox.messages;
  switch (item) {
    case "MESSAGES":
      return `${messages.length}`;
    case "RECENT":
      return `${emptied ? 0 : mailbox.recent.size}`;
    case "UIDNEXT":
      return `${mailbox.uidNext}`;
    case "UIDVALIDITY":
      return `${mailbox.uidValidity}`;
    case "UNSEEN":
      return `${messages.filter((m) => !hasFlag(m.flags, "\\Seen")).length}`;
    case "HIGHESTMODSEQ":
      return call.vices.get("noModSeq") === undefined
        ? `${mailbox.highestModSeq}`
        : "0";
    case "SIZE":
      return `${messages.reduce((sum, m) => sum + m.source.length, 0)}`;
    case "DELETED":
      return `${messages.filter((m) => hasFlag(m.flags, "\\Deleted")).length}`;
    case "MAILBOXID":
      return `(${mailbox.mailboxId})`;
    case "APPENDLIMIT":
      return `${call.session.profile.appendLimit ?? "NIL"}`;
  }
}

function recall(
  vice: ViceOf<"staleStatus">,
  mailbox: Mailbox,
  fresh: () => string,
): string {
  const memory = remembered.get(vice) ?? new Map<Mailbox, string>();
  remembered.set(vice, memory);
  const text = memory.get(mailbox) ?? fresh();
  memory.set(mailbox, text);
  return text;
}
