/** From which UID on OfflineIMAP synchronises a folder with `startdate`. */
import { readStartUid, remoteFileName } from "../state/mod.ts";
import type { NamedPair } from "./naming.ts";
import type { OpenAccount } from "./open_account.ts";

/**
 * The StartUID of the server's folder, if OfflineIMAP or an earlier run has
 * written one; see `ValidityFiles.writeStart()` for how it comes about here.
 */
export function startUid(
  { run: { account, metadata }, remote, io }: OpenAccount,
  pair: Pick<NamedPair, "remote">,
): number | undefined {
  if (account.remote.startDate === undefined) return undefined;
  return readStartUid({
    metadata,
    repository: account.remote.name,
    fileName: remoteFileName(pair.remote, remote.separator),
    warn: (text) =>
      io.emit({
        type: "warning",
        account: account.name,
        mailbox: pair.remote,
        code: "takeover",
        text,
      }),
  });
}
