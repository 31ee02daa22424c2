/** Whether and how an account synchronises Gmail's labels. */
import type { AccountConfig } from "../config/config.ts";
import { decodeLabel, encodeMailboxName } from "../imap/mailbox_name.ts";
import type { LabelTexts } from "../state/mod.ts";
import { LabelHeader } from "../maildir/label_header.ts";

/**
 * The header that labels are kept in; undefined where they are not synchronised:
 * that takes `synclabels` and both of the types Gmail and GmailMaildir.
 */
export function labelHeaderOf(account: AccountConfig): LabelHeader | undefined {
  if (!account.syncLabels || !canSyncLabels(account)) return undefined;
  return new LabelHeader({
    name: account.labelsHeader,
    ignored: account.ignoreLabels,
    spelling: { encode: encodeMailboxName, decode: decodeLabel },
  });
}

/** Whether both repositories are of types that have labels. */
function canSyncLabels({ local, remote }: AccountConfig): boolean {
  return remote.type === "Gmail" && local.type === "GmailMaildir";
}

/** How OfflineIMAP's status spells an account's labels: as they are on the wire. */
export function labelTextsOf(account: AccountConfig): LabelTexts | undefined {
  const header = labelHeaderOf(account);
  if (header === undefined) return undefined;
  return {
    read: (text) => {
      const label = decodeLabel(text);
      return header.isIgnored(label) ? undefined : label;
    },
    write: encodeMailboxName,
  };
}
