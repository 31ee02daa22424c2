/** CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 3501 §6.3). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";

/** Runs CREATE, also with a special use (RFC 6154 §3). */
export function create(call: Call): Completion {
  const { args, store, session } = call;
  args.space();
  const wanted = call.mailboxName();
  const uses: string[] = [];
  if (session.profile.specialUse && args.skip(" (USE ")) {
    uses.push(...args.list(() => args.flag()));
    args.skip(")");
  }
  args.end();
  checkNewName(call, wanted);
  if (wanted.endsWith(store.separator)) {
    store.createLevel(wanted.slice(0, -store.separator.length));
    return ok("Create completed.");
  }
  const mailbox = store.create(wanted);
  mailbox.specialUse = uses;
  return ok(
    "Create completed.",
    session.profile.objectId ? `MAILBOXID (${mailbox.mailboxId})` : undefined,
  );
}

/** Runs DELETE. */
export function remove(call: Call): Completion {
  const { args, store, session } = call;
  args.space();
  const name = call.mailboxName();
  args.end();
  const own = session.view?.mailbox;
  if (own !== undefined && own === store.find(name)) session.leaveMailbox();
  store.delete(name);
  return ok("Delete completed.");
}

/** Runs RENAME. */
export function rename(call: Call): Completion {
  const { args, store } = call;
  args.space();
  const from = call.mailboxName();
  args.space();
  const to = call.mailboxName();
  args.end();
  checkNewName(call, to);
  store.rename(from, to);
  return ok("Rename completed.");
}

/** Runs SUBSCRIBE. */
export function subscribe(call: Call): Completion {
  const { args, store } = call;
  args.space();
  const name = store.normalize(call.mailboxName());
  args.end();
  call.existing(name);
  store.subscriptions.add(name);
  return ok("Subscribe completed.");
}

/** Runs UNSUBSCRIBE. */
export function unsubscribe(call: Call): Completion {
  const { args, store } = call;
  args.space();
  const name = store.normalize(call.mailboxName());
  args.end();
  store.subscriptions.delete(name);
  return ok("Unsubscribe completed.");
}

/** @throws {CommandRefusal} For names outside of the personal namespace. */
function checkNewName(call: Call, name: string): void {
  const { prefix } = call.session.profile;
  const { separator } = call.store;
  if (prefix !== "" && !name.toUpperCase().startsWith(prefix.toUpperCase())) {
    throw new CommandRefusal(`Mailbox must be below ${prefix}`, "CANNOT");
  }
  if (name === "" || name.includes(separator + separator)) {
    throw new CommandRefusal("Invalid mailbox name", "CANNOT");
  }
}
