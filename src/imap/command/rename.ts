/** RENAME. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/**
 * Renames a mailbox and those below it (RFC 9051 §6.3.6); names as on the wire.
 * Renaming INBOX moves its messages and leaves it empty.
 */
export function rename(from: string, to: string): Command<void> {
  return simpleCommand(
    "RENAME",
    (encoder) => encoder.text("RENAME ").mailbox(from).text(" ").mailbox(to),
  );
}
