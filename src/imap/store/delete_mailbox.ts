/** Deletes a mailbox with all that is in it. */
import { deleteMailbox as command } from "../command/delete_mailbox.ts";
import type { ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import { displayMailboxName } from "../mailbox_name.ts";
import { refusal } from "./refusal.ts";

/**
 * Deletes the mailbox `wireName` (RFC 9051 §6.3.5).
 * @param name The store's name of it, for texts.
 * @throws {MailError} `imap.delete`, scope mailbox: refused.
 */
export async function deleteMailbox(
  connection: ImapConnection,
  wireName: string,
  name: string,
): Promise<void> {
  try {
    await connection.execute(command(wireName));
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    throw refusal(
      `Cannot delete folder "${displayMailboxName(name)}" on the server`,
      error,
      { code: "imap.delete", scope: "mailbox" },
    );
  }
}
