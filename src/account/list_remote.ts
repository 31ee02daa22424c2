/** The folders of a server, with those that it only shows when asked by name. */
import { MailError, toMailError } from "../errors.ts";
import { decodeMailboxName, encodeMailboxName } from "../imap/mailbox_name.ts";
import type { MailboxInfo, Store } from "../sync/ports.ts";
import type { WrittenNames } from "./written_names.ts";

/** What is to be listed. */
export interface RemoteListOptions {
  /** The repository's name, for texts. */
  readonly repository: string;
  /** `folderincludes`. */
  readonly included: WrittenNames;
  /** `utf8foldernames`. */
  readonly utf8Names: boolean;
  readonly signal: AbortSignal;
}

/** A listing, and the included folders that cannot be had. */
export interface RemoteListing {
  readonly mailboxes: readonly MailboxInfo[];
  readonly problems: readonly MailError[];
}

/**
 * Lists `store`. As in OfflineIMAP, a name of folderincludes that is not listed
 * is looked for by opening it, since servers hide shared folders and the like;
 * one that cannot be opened is a problem of its own.
 *
 * @throws {MailError} When the server as a whole cannot be read.
 */
export async function listRemote(
  store: Store,
  { repository, included, utf8Names, signal }: RemoteListOptions,
): Promise<RemoteListing> {
  const mailboxes = await store.list();
  const hidden: MailboxInfo[] = [];
  const problems: MailError[] = [];
  for (const written of included.missing(mailboxes.map(({ name }) => name))) {
    const name = utf8Names
      ? written
      : encodeMailboxName(decodeMailboxName(written));
    try {
      await using _opened = await store.open(name, { readOnly: true, signal });
      hidden.push({ name, specialUse: [] });
    } catch (cause) {
      const error = toMailError(cause, {
        code: "names.included",
        scope: "mailbox",
      });
      if (error.scope !== "mailbox") throw error;
      problems.push(notThere(written, repository, error));
    }
  }
  return { mailboxes: [...mailboxes, ...hidden], problems };
}

function notThere(name: string, repository: string, cause: MailError) {
  return new MailError(
    `folderincludes of repository ${repository} names "${name}", which the ` +
      `server neither lists nor opens: ${cause.message}`,
    {
      code: "names.included",
      scope: "mailbox",
      retry: "never",
      hint: `Correct folderincludes in [Repository ${repository}]`,
      cause,
    },
  );
}
