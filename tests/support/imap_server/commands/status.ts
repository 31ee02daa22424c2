/** STATUS (RFC 3501 §6.3.10). */
import type { Call } from "../call.ts";
import { type Completion, ok } from "../completion.ts";
import { refusesMailbox } from "../refuse_mailbox.ts";
import { readStatusItems, statusText } from "../status.ts";

/** Runs STATUS. */
export function status(call: Call): Completion {
  const { args } = call;
  args.space();
  const name = call.mailboxName();
  args.space();
  const items = readStatusItems(call);
  args.end();
  const mailbox = call.existing(name);
  refusesMailbox(call, mailbox.name);
  call.untagged(statusText(call, mailbox, items));
  return ok("Status completed.");
}
