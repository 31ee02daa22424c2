/** DELETE. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/** Deletes a mailbox with all messages (RFC 9051 §6.3.5); `name` as on the wire. */
export function deleteMailbox(name: string): Command<void> {
  return simpleCommand("DELETE", (to) => to.text("DELETE ").mailbox(name));
}
