/** Creates a mailbox, and subscribes to it; one that exists is as good. */
import { create } from "../command/create.ts";
import { status } from "../command/status.ts";
import { subscribe } from "../command/subscribe.ts";
import type { ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import { displayMailboxName } from "../mailbox_name.ts";
import { refusal } from "./refusal.ts";

/**
 * Creates the mailbox `wireName`; servers create what is missing above it
 * (RFC 9051 §6.3.4).
 * @param name The store's name of it, for texts, and the prefix of one's own
 *   mailboxes (RFC 2342), below which some servers want all that is new.
 * @returns false when it was there.
 * @throws {MailError} `imap.create`, scope mailbox: refused.
 */
export async function createMailbox(
  connection: ImapConnection,
  wireName: string,
  { name, prefix }: { readonly name: string; readonly prefix: string },
): Promise<boolean> {
  try {
    await connection.execute(create(wireName));
    return true;
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    if (error.codeName === "ALREADYEXISTS") return false;
    // Many servers say only in words why they refuse.
    if (await exists(connection, wireName)) return false;
    throw refusal(
      `Cannot create folder "${displayMailboxName(name)}" on the server`,
      error,
      {
        code: "imap.create",
        scope: "mailbox",
        hint: wireName.startsWith(prefix)
          ? "Set createfolders = no for this repository, or leave the " +
            "folder out with folderfilter"
          : prefixHint(prefix),
      },
    );
  }
}

/** How a folder gets to where the server wants it, and back. */
function prefixHint(prefix: string): string {
  const escaped = prefix.replaceAll(".", String.raw`\.`);
  return `Your folders are below "${prefix}" on this server. Put it before the ` +
    "names with nametrans in the other repository (lambda name: name if name " +
    `== 'INBOX' else '${prefix}' + name), and take it away with nametrans in ` +
    `this one (lambda name: re.sub(r'^${escaped}', '', name))`;
}

/**
 * Subscribes to the mailbox `wireName` (RFC 9051 §6.3.7).
 * @param name The store's name of it, for texts.
 * @throws {MailError} `imap.subscribe`, scope mailbox: refused.
 */
export async function subscribeTo(
  connection: ImapConnection,
  wireName: string,
  name: string,
): Promise<void> {
  try {
    await connection.execute(subscribe(wireName));
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    throw refusal(
      `Folder "${
        displayMailboxName(name)
      }" is there, but the server does not ` +
        "let us subscribe to it",
      error,
      {
        code: "imap.subscribe",
        scope: "mailbox",
        hint: "Subscribe to it with your mail program: subscribedonly = yes " +
          "leaves it out until then",
      },
    );
  }
}

async function exists(
  connection: ImapConnection,
  wireName: string,
): Promise<boolean> {
  try {
    await connection.execute(status(wireName, ["UIDVALIDITY"]));
    return true;
  } catch (error) {
    if (error instanceof ResponseError) return false;
    throw error;
  }
}
