/** SUBSCRIBE and UNSUBSCRIBE. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/** Adds a mailbox to the subscribed ones (RFC 9051 §6.3.7). */
export function subscribe(name: string): Command<void> {
  return simpleCommand(
    "SUBSCRIBE",
    (to) => to.text("SUBSCRIBE ").mailbox(name),
  );
}

/** Takes a mailbox from the subscribed ones (RFC 9051 §6.3.8). */
export function unsubscribe(name: string): Command<void> {
  return simpleCommand(
    "UNSUBSCRIBE",
    (to) => to.text("UNSUBSCRIBE ").mailbox(name),
  );
}
