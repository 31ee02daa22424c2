/** What an account shall not get at by a link that lies in its Maildir. */
import {
  type AccountConfig,
  type Config,
  isImap,
  isUsable,
} from "../config/config.ts";

/** The configuration, the state of all accounts, and the mail of the others. */
export function closedTo(
  { name }: Pick<AccountConfig, "name">,
  { file, general, accounts }: Pick<Config, "file" | "general" | "accounts">,
): string[] {
  const others = accounts.filter(isUsable).filter((one) => one.name !== name);
  return [
    file,
    general.metadata,
    ...others.flatMap(({ local }) => isImap(local) ? [] : local.localFolders),
  ];
}
