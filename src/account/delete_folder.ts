/** `--delete-folder`: one folder of the server, and what hangs on it. */
import { didYouMean } from "../config/nearest.ts";
import { MailError } from "../errors.ts";
import { isInbox } from "../imap/mailbox_name.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { nameAcross } from "./naming.ts";
import { type OpenAccount, openAccount } from "./open_account.ts";
import { WrittenNames } from "./written_names.ts";

/** Names in a text before it says how many more there are. */
const SHOWN = 5;

/** What is to be deleted. */
export interface FolderDeletion {
  /** The name on the server, in either spelling of letters beyond ASCII. */
  readonly folder: string;
  /** Shows what would be deleted. @returns Whether it shall be. */
  readonly confirm: (about: string) => Promise<boolean>;
}

/**
 * Deletes a folder on the server of an account, and nothing else: folders below
 * it are a reason to refuse, since servers differ in what they do with those, and
 * the local folder is left where it is.
 *
 * @throws {MailError} It is not there, may not be deleted, or is refused.
 */
export async function deleteFolder(
  run: AccountRun,
  io: AccountIo,
  { folder, confirm }: FolderDeletion,
): Promise<void> {
  const { account, options } = run;
  const tell = (text: string) =>
    io.emit({ type: "notice", account: account.name, text });
  if (account.remote.readonly) throw readOnly(folder, account.remote.name);
  await using open = await openAccount(
    // Nothing local is to be made for this.
    { ...run, options: { ...options, dryRun: true } },
    io,
  );
  const all = await open.remote.survey();
  const { name, messages } = find(folder, account.remote.name, all);
  const below = all.map((other) => other.name)
    .filter((other) => other.startsWith(name + open.remote.separator));
  if (below.length > 0 && !options.allowDeletes) throw notAlone(name, below);
  const about = `folder "${name}" of repository ${account.remote.name} with ` +
    (messages === undefined ? "all its messages" : `${messages} messages`);
  if (options.dryRun) {
    tell(
      `[DRYRUN] would try to remove '${name}' on remote of '${account.name}' ` +
        `account: ${about}`,
    );
    return;
  }
  if (!await confirm(about)) {
    tell(`Folder '${name}' was not deleted`);
    return;
  }
  tell(`Deleting ${about}`);
  await open.remote.delete(name);
  tell(`Folder '${name}' deleted.`);
  const local = await localFolder(open, name);
  if (local === undefined) return;
  io.emit({
    type: "warning",
    account: account.name,
    code: "delete.local",
    text: `The local folder "${local}" is still there: the next sync would ` +
      "make the folder on the server again from it",
    hint: "Move it out of the Maildir, or leave it out with folderfilter in " +
      `[Repository ${account.local.name}]`,
  });
}

function find(
  folder: string,
  repository: string,
  all: readonly { name: string; messages: number | undefined }[],
): { name: string; messages: number | undefined } {
  const wanted = new WrittenNames([folder]);
  // The very name first: "A&-B" may be one folder, and the spelling of another.
  const found = all.find(({ name }) => name === folder) ??
    all.find(({ name }) => wanted.has(name));
  if (found === undefined) {
    const near = didYouMean(folder, all.map(({ name }) => name));
    throw new MailError(
      `Cannot delete folder "${folder}": repository ${repository} has none of ` +
        `that name${near}`,
      {
        code: "delete.unknown",
        scope: "mailbox",
        retry: "never",
        hint: "See what the server has with --info",
      },
    );
  }
  if (isInbox(found.name)) {
    throw new MailError("INBOX cannot be deleted", {
      code: "delete.inbox",
      scope: "mailbox",
      retry: "never",
    });
  }
  return found;
}

function readOnly(folder: string, repository: string): MailError {
  return new MailError(
    `Folder "${folder}" is not deleted: repository ${repository} has ` +
      "readonly = yes",
    { code: "delete.read-only", scope: "mailbox", retry: "never" },
  );
}

function notAlone(name: string, below: readonly string[]): MailError {
  const list = below.slice(0, SHOWN).map((other) => `"${other}"`).join(", ");
  const more = below.length > SHOWN ? ` and ${below.length - SHOWN} more` : "";
  return new MailError(
    `Folder "${name}" is not deleted: there are folders below it, ` +
      `${list}${more}, and some servers delete those, too`,
    {
      code: "delete.below",
      scope: "mailbox",
      retry: "never",
      hint: "Delete those first, or run again with --allow-deletes",
    },
  );
}

/** The local folder that belongs to a remote one, if it is there. */
async function localFolder(
  open: OpenAccount,
  name: string,
): Promise<string | undefined> {
  try {
    const local = await open.local.list();
    const rules = open.names.rules();
    const { across } = await nameAcross(name, rules.remote, rules.local);
    const wanted = rules.local.fold(across);
    return local.find((info) => rules.local.fold(info.name) === wanted)?.name;
  } catch {
    // The folder on the server is gone in any case; this is only for advice.
    return undefined;
  }
}
