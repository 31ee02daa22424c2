/** EXPUNGE and UID EXPUNGE. */
import type { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/**
 * Removes those of `uids` that are marked `\Deleted`, and no others (RFC 4315
 * §2.1, RFC 9051 §6.4.9). Which ones went is told as EXPUNGE or VANISHED to the
 * connection's listener.
 */
export function uidExpunge(uids: UidSet): Command<void> {
  return simpleCommand(
    "UID EXPUNGE",
    (to) => to.text("UID EXPUNGE ").uids(uids),
  );
}

/**
 * Removes **everything** marked `\Deleted` in the mailbox, whoever marked it
 * (RFC 9051 §6.4.3).
 */
export function expunge(): Command<void> {
  return simpleCommand("EXPUNGE", (to) => to.text("EXPUNGE"));
}
