/** The news that a folder is synchronised for the first time. */
import type { NamedPair } from "./naming.ts";
import type { OpenAccount } from "./open_account.ts";

/** Tells it, but not in a dry run. Scripts of OfflineIMAP's users wait for it. */
export function tellNewStatus(
  { run, io, remote }: OpenAccount,
  { visible }: NamedPair,
): void {
  if (run.options.dryRun) return;
  io.emit({
    type: "status.created",
    account: run.account.name,
    repository: run.account.local.name,
    // OfflineIMAP's name of the file.
    mailbox: visible.replaceAll(remote.separator, "."),
  });
}
