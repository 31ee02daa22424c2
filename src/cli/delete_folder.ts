/** The mode `--delete-folder`: which account, the lock, and a question. */
import type { AccountIo, AccountRun } from "../account/api.ts";
import type { FolderDeletion } from "../account/delete_folder.ts";
import type { AccountLock } from "../account/lock.ts";
import { type AccountConfig, type Config, isUsable } from "../config/config.ts";
import { MailError, toMailError } from "../errors.ts";
import { type Emit, reportOf } from "../events.ts";
import { escapeText } from "../ui/escape.ts";
import type { Terminal } from "../ui/terminal.ts";

/** Deletes a folder; see `deleteFolder()` of the account. */
export type DeleteFolder = (
  run: AccountRun,
  io: AccountIo,
  deletion: FolderDeletion,
) => Promise<void>;

/** What {@link deleteFolderOf} works by. */
export interface DeletionParts {
  readonly config: Pick<Config, "accounts">;
  readonly folder: string;
  readonly accountRun: (account: AccountConfig) => AccountRun;
  readonly io: AccountIo;
  readonly deleteFolder: DeleteFolder;
  readonly lock: (metadata: string, account: string) => Promise<AccountLock>;
  readonly terminal: Terminal;
}

/**
 * Deletes one folder on the server of the one account of this run. Whatever goes
 * wrong is told as an error. OfflineIMAP ended with 0 then; here it counts.
 */
export async function deleteFolderOf(parts: DeletionParts): Promise<void> {
  const { config, folder, io } = parts;
  const [account, ...others] = config.accounts;
  if (account === undefined || others.length > 0) {
    tellError(io.emit, undefined, severalAccounts());
    return;
  }
  try {
    if (!isUsable(account)) throw account.error;
    const run = parts.accountRun(account);
    // A dry run changes nothing, not even that.
    await using _held = run.options.dryRun
      ? undefined
      : await parts.lock(run.metadata, account.name);
    await parts.deleteFolder(run, io, {
      folder,
      confirm: (about) => confirm(about, parts.terminal, io.signal),
    });
  } catch (cause) {
    tellError(
      io.emit,
      account.name,
      toMailError(cause, {
        message: `Cannot delete folder "${folder}"`,
        code: "delete.failed",
        scope: "account",
      }),
    );
  }
}

function severalAccounts(): MailError {
  return new MailError("You must supply only one account with '-a'", {
    code: "delete.accounts",
    scope: "run",
    retry: "never",
    hint: "Name the account whose server holds the folder: -a ACCOUNT",
  });
}

function tellError(
  emit: Emit,
  account: string | undefined,
  error: MailError,
): void {
  emit({
    type: "error",
    ...(account === undefined ? {} : { account }),
    error: reportOf(error),
  });
}

/**
 * Asks on a terminal; where nobody sits, as in a script, the flag itself is the
 * answer, as it is for OfflineIMAP.
 */
async function confirm(
  about: string,
  { err, keyboard }: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (keyboard === undefined) return true;
  if (signal.aborted) return false;
  err.write(
    `About to delete ${escapeText(about)}. This cannot be undone.\n` +
      'Type "yes" to delete it: ',
  );
  const reader = keyboard.readable.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    const decoder = new TextDecoder();
    let line = "";
    // The terminal hands lines over, as long as it is not in raw mode.
    while (!/[\r\n]/.test(line)) {
      const { value, done } = await reader.read();
      if (done) return false;
      line += decoder.decode(value, { stream: true });
    }
    return line.trim().toLowerCase() === "yes";
  } finally {
    signal.removeEventListener("abort", cancel);
    reader.releaseLock();
  }
}
