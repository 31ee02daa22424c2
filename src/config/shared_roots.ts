/** Refuses accounts that would write into the same Maildirs. */
import { MailError } from "../errors.ts";
import {
  type AccountConfig,
  type FailedAccount,
  isImap,
  isUsable,
} from "./config.ts";
import { type Host, pathOf } from "./host.ts";

/**
 * The accounts, each of those that share a `localfolders` with another one
 * replaced by its error. In one Maildir the UIDs of two servers overlap: mail
 * would be uploaded again and again, or never fetched.
 *
 * Paths are compared as texts (without letter case on Windows and macOS); links
 * are not followed.
 */
export function refuseSharedRoots(
  accounts: readonly (AccountConfig | FailedAccount)[],
  host: Host,
): (AccountConfig | FailedAccount)[] {
  const groups = Map.groupBy(
    accounts.filter(isUsable).filter(({ local }) => !isImap(local)),
    ({ local }) => isImap(local) ? "" : rootKey(local.localFolders, host),
  );
  return accounts.map((account) => {
    if (!isUsable(account) || isImap(account.local)) return account;
    const root = account.local.localFolders;
    const others = (groups.get(rootKey(root, host)) ?? [])
      .filter(({ name }) => name !== account.name);
    if (others.length === 0) return account;
    const names = others.map(({ name }) => name).join(", ");
    return {
      name: account.name,
      error: new MailError(
        `Account ${account.name} cannot be synchronised: its localfolders ` +
          `${root} is also that of ${names}`,
        {
          code: "config.shared-folders",
          scope: "account",
          retry: "never",
          hint: "Give each account a folder of its own",
        },
      ),
    };
  });
}

function rootKey(path: string, host: Host): string {
  const { normalize } = pathOf(host);
  const plain = normalize(path).replace(/(?<=.)[/\\]+$/, "");
  const foldsCase = host.platform === "windows" || host.platform === "darwin";
  return foldsCase ? plain.toLowerCase() : plain;
}
