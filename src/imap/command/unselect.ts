/** UNSELECT. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/**
 * Leaves the mailbox. Unlike CLOSE it expunges nothing (RFC 3691, RFC 9051
 * §6.4.2).
 */
export function unselect(): Command<void> {
  return simpleCommand("UNSELECT", (to) => to.text("UNSELECT"), {
    alone: true,
  });
}
