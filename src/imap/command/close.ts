/** CLOSE and UNSELECT. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/**
 * Leaves the mailbox and **expunges** all that is marked `\Deleted` in it, if it
 * was opened for writing (RFC 9051 §6.4.1). See {@link unselect}.
 */
export function close(): Command<void> {
  return simpleCommand("CLOSE", (to) => to.text("CLOSE"), { alone: true });
}

/** Leaves the mailbox and expunges nothing (RFC 3691, RFC 9051 §6.4.2). */
export function unselect(): Command<void> {
  return simpleCommand("UNSELECT", (to) => to.text("UNSELECT"), {
    alone: true,
  });
}
