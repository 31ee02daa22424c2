/** SUBSCRIBE. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/** Adds a mailbox to the subscribed ones (RFC 9051 §6.3.7). */
export function subscribe(name: string): Command<void> {
  return simpleCommand(
    "SUBSCRIBE",
    (to) => to.text("SUBSCRIBE ").mailbox(name),
  );
}
