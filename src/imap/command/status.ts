/** STATUS. */
import { isSameMailbox } from "../mailbox_name.ts";
import type { MailboxStatusResponse } from "../wire/types.ts";
import type { Command } from "./command.ts";

/** What STATUS can tell (RFC 9051 §6.3.11, RFC 7162, RFC 7889, RFC 8474). */
export type StatusItem =
  | "MESSAGES"
  | "RECENT"
  | "UIDNEXT"
  | "UIDVALIDITY"
  | "UNSEEN"
  | "DELETED"
  | "SIZE"
  | "HIGHESTMODSEQ"
  | "APPENDLIMIT"
  | "MAILBOXID";

/**
 * Asks for numbers of a mailbox that is not open; `name` as on the wire.
 * @returns Undefined when the server said OK and nothing else.
 */
export function status(
  name: string,
  items: readonly StatusItem[],
): Command<MailboxStatusResponse | undefined> {
  let found: MailboxStatusResponse | undefined;
  return {
    name: "STATUS",
    encode: (to) =>
      to.text("STATUS ").mailbox(name).text(` (${items.join(" ")})`),
    untagged(response) {
      if (response.kind !== "mailbox-status" || found !== undefined) {
        return false;
      }
      if (!isSameMailbox(response.name, name)) return false;
      found = response;
      return true;
    },
    finish: () => found,
  };
}
