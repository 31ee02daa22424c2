/** What the end-to-end tests share. */
import type { Synced } from "../support/program.ts";

export { mail, mails, openPair, type Pair, wire } from "../faults/support.ts";

/** The texts of errors, in order; an empty list when all went well. */
export function errorsOf({ events }: Synced): string[] {
  return events.flatMap((event) =>
    event.type === "error" ? [event.error.text] : []
  );
}

/** The texts of warnings, in order. */
export function warningsOf({ events }: Synced): string[] {
  return events.flatMap((event) =>
    event.type === "warning" ? [event.text] : []
  );
}

/** The mailboxes in the order in which their syncs began. */
export function startedOf({ events }: Synced): string[] {
  return events.flatMap((event) =>
    event.type === "mailbox.started" ? [event.mailbox] : []
  );
}
