/** LIST and LSUB (RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import { listPattern } from "../list_pattern.ts";
import type { ListEntry } from "../mail_store.ts";
import { readStatusItems, type StatusItem, statusText } from "../status.ts";

/** Runs LIST. */
export function list(call: Call): Completion {
  const { args } = call;
  args.space();
  const selection = readSelection(call);
  const reference = call.args.text();
  args.space();
  const patterns = args.peek() === "(" && extended(call)
    ? args.list(() => args.listMailbox())
    : [args.listMailbox()];
  const returns = readReturns(call);
  if (selection.size > 0) returns.extended = true;
  args.end();
  if (patterns.length === 1 && patterns[0] === "" && selection.size === 0) {
    call.untagged(`LIST (\\Noselect) ${separatorText(call)} ""`);
    return ok("List completed.");
  }
  const wanted = patterns.map((pattern) =>
    listPattern(reference + pattern, call.store.separator)
  );
  for (const entry of call.store.entries()) {
    const wire = call.session.wireName(entry.name);
    if (!wanted.some((matches) => matches(wire))) continue;
    writeEntry(call, entry, selection, returns);
  }
  for (const vice of call.vices.all("listRows")) {
    for (const row of vice.rows) call.untagged(row);
  }
  return ok("List completed.");
}

/** Runs LSUB: the subscribed names. */
export function lsub(call: Call): Completion {
  const { args, store } = call;
  args.space();
  const reference = args.text();
  args.space();
  const matches = listPattern(
    reference + args.listMailbox(),
    store.separator,
  );
  args.end();
  for (const name of [...store.subscriptions].sort()) {
    if (!matches(call.session.wireName(name)) || omitted(call, name)) continue;
    call.untagged(
      `LSUB () ${separatorText(call)} ${call.session.encodeName(name)}`,
    );
  }
  return ok("Lsub completed.");
}

interface Returns {
  /** The client asked for something beyond plain LIST. */
  extended: boolean;
  subscribed: boolean;
  children: boolean;
  specialUse: boolean;
  status: readonly StatusItem[] | undefined;
}

function extended(call: Call): boolean {
  const { profile, enabled } = call.session;
  return profile.listExtended || enabled.has("IMAP4REV2");
}

function readSelection(call: Call): Set<string> {
  const { args, session } = call;
  if (args.peek() !== "(") return new Set();
  const known = ["SUBSCRIBED", "RECURSIVEMATCH", "REMOTE"];
  if (session.profile.specialUse) known.push("SPECIAL-USE");
  const options = new Set(args.list(() => args.word()));
  if (!extended(call) || [...options].some((o) => !known.includes(o))) {
    throw new CommandRefusal("Unknown selection option", undefined, "BAD");
  }
  args.space();
  return options;
}

function readReturns(call: Call): Returns {
  const { args, session } = call;
  const returns: Returns = {
    extended: false,
    subscribed: false,
    children: session.profile.children,
    specialUse: session.profile.specialUse,
    status: undefined,
  };
  if (args.atEnd || !extended(call)) return returns;
  if (!args.skip(" RETURN ")) {
    throw new CommandRefusal("Expected RETURN", undefined, "BAD");
  }
  returns.extended = true;
  args.list(() => {
    const word = args.word();
    if (word === "SUBSCRIBED") returns.subscribed = true;
    else if (word === "CHILDREN") returns.children = true;
    else if (word === "SPECIAL-USE" && session.profile.specialUse) {
      returns.specialUse = true;
    } else if (word === "STATUS" && session.profile.listStatus) {
      args.space();
      returns.status = readStatusItems(call);
    } else {
      throw new CommandRefusal("Unknown return option", undefined, "BAD");
    }
  });
  return returns;
}

function writeEntry(
  call: Call,
  entry: ListEntry,
  selection: ReadonlySet<string>,
  returns: Returns,
): void {
  if (omitted(call, entry.name)) return;
  if (selection.has("SUBSCRIBED") && !entry.subscribed) return;
  const uses = entry.mailbox?.specialUse ?? [];
  if (selection.has("SPECIAL-USE") && uses.length === 0) return;
  const attributes: string[] = [];
  for (const vice of call.vices.all("listMarks")) {
    if (vice.mailbox === entry.name) attributes.push(...vice.attributes);
  }
  if (entry.mailbox === undefined) {
    const bare = call.store.bareLevels.has(entry.name);
    attributes.push(bare || !returns.extended ? "\\Noselect" : "\\NonExistent");
  }
  if (returns.subscribed || selection.has("SUBSCRIBED")) {
    if (entry.subscribed) attributes.push("\\Subscribed");
  }
  if (returns.children) {
    attributes.push(entry.hasChildren ? "\\HasChildren" : "\\HasNoChildren");
  }
  if (returns.specialUse) attributes.push(...uses);
  const name = call.session.encodeName(entry.name);
  call.untagged(
    `LIST (${attributes.join(" ")}) ${separatorText(call)} ${name}`,
  );
  const shut = call.vices.all("refuseSelect")
    .some((vice) => vice.mailbox === entry.name);
  if (returns.status !== undefined && entry.mailbox !== undefined && !shut) {
    call.untagged(statusText(call, entry.mailbox, returns.status));
  }
}

function omitted(call: Call, name: string): boolean {
  return call.vices.all("listOmits").some((vice) =>
    vice.mailboxes === undefined || vice.mailboxes.includes(name)
  );
}

function separatorText(call: Call): string {
  if (call.vices.get("nilSeparator") !== undefined) return "NIL";
  const { separator } = call.store;
  return separator === "\\" ? '"\\\\"' : `"${separator}"`;
}
