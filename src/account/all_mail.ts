/** Gmail's All Mail: what leaves it leaves every folder. */
import type { AccountConfig } from "../config/config.ts";
import type { Emit } from "../events.ts";
import type { MailboxInfo } from "../sync/ports.ts";

/**
 * Whether messages of a mailbox stay on the server although their files are
 * gone: in All Mail that is not enough of a reason, unless the user has said so.
 */
export function keepsAll(
  { remote: { type, realDelete } }: AccountConfig,
  { specialUse }: MailboxInfo,
): boolean {
  return type === "Gmail" && !realDelete && specialUse.includes("\\all");
}

/** Tells how many messages stay, and how they would go. */
export function warnOfKept(
  { name: account, remote }: AccountConfig,
  emit: Emit,
  mailbox: string,
  count: number,
): void {
  emit({
    type: "warning",
    account,
    mailbox,
    code: "gmail.all-mail",
    text: `"${mailbox}": ${count} messages that were deleted locally stay on ` +
      "the server, since deleting them from All Mail would delete them from " +
      "all folders",
    hint: `Set realdelete = yes in [Repository ${remote.name}] to move them ` +
      "to Gmail's trash",
  });
}
