/** From the sections of an account and its repositories to typed values. */
import {
  type AccountConfig,
  type FailedAccount,
  type GeneralConfig,
  type ImapRepository,
  isImap,
} from "./config.ts";
import { ACCOUNT_OPTIONS } from "./options_account.ts";
import { readOptions } from "./read_options.ts";
import { formatPlace, Report } from "./report.ts";
import {
  type RepositoryFrom,
  resolveLocal,
  resolveRemote,
} from "./resolve_repository.ts";
import { findSection, missingSection } from "./sections.ts";
import { entryOf } from "./parse.ts";

/** What {@link resolveAccount} gives: the account, and what is odd about it. */
export interface ResolvedAccount {
  readonly account: AccountConfig | FailedAccount;
  readonly warnings: Report["warnings"];
}

/** Where to read from, and what holds for the whole run. */
export interface AccountFrom extends Omit<RepositoryFrom, "report"> {
  readonly general: GeneralConfig;
  /** The folders that `-f` names for this account. */
  readonly onlyFolders: readonly string[] | undefined;
}

/** Read `[Account NAME]`. What is wrong makes this account fail, no other. */
export function resolveAccount(
  name: string,
  from: AccountFrom,
): ResolvedAccount {
  const report = new Report();
  const account = readAccount(name, { ...from, report });
  const error = report.toError(
    `Account ${name} cannot be synchronised`,
    "account",
  );
  const { warnings } = report;
  if (error !== undefined) return { account: { name, error }, warnings };
  // Nothing was reported, so nothing is missing.
  return { account: account as AccountConfig, warnings };
}

/** Two repositories that are one, as far as the file tells. */
function isSameMailbox(local: ImapRepository, remote: ImapRepository): boolean {
  if (local.name === remote.name) return true;
  const { remoteHost: host, remoteUser: user } = local;
  return host !== undefined && user !== undefined &&
    host.toLowerCase() === remote.remoteHost?.toLowerCase() &&
    user === remote.remoteUser && local.remotePort === remote.remotePort;
}

function readAccount(
  name: string,
  from: AccountFrom & { readonly report: Report },
): AccountConfig | undefined {
  const { config, host, report, general, onlyFolders } = from;
  const section = findSection(config, "account", name);
  if (section === undefined) {
    report.fail(
      "config.missing",
      config.file,
      missingSection(config, "account", name),
    );
    return undefined;
  }
  const { localRepository, remoteRepository, ...values } = readOptions(
    ACCOUNT_OPTIONS,
    { config, host, report, section },
  );
  const entry = entryOf(config, section, "autorefresh");
  if (entry !== undefined && values.autorefreshMinutes < 0) {
    report.warn(
      "config.suspect",
      formatPlace(entry.source, entry.line),
      `[${section}] autorefresh is negative; the account is synchronised once`,
    );
  }
  const local = localRepository === undefined
    ? undefined
    : resolveLocal(localRepository, section, from);
  const remote = remoteRepository === undefined
    ? undefined
    : resolveRemote(remoteRepository, section, from);
  if (local === undefined || remote === undefined) return undefined;
  if (values.utf8FolderNames && remote.decodeFolderNames) {
    report.fail(
      "config.value",
      formatPlace(config.file, config.sections.get(section)?.line ?? 0),
      "utf8foldernames and decodefoldernames exclude each other",
      `Keep utf8foldernames = yes in [${section}]: it works in both directions`,
    );
  }
  if (isImap(local) && isSameMailbox(local, remote)) {
    report.fail(
      "config.value",
      formatPlace(config.file, config.sections.get(section)?.line ?? 0),
      `[${section}] localrepository ${local.name} and remoterepository ` +
        `${remote.name} are the same user on the same server: every message ` +
        "would be copied onto itself",
    );
  }
  if (
    values.syncLabels &&
    !(remote.type === "Gmail" && local.type === "GmailMaildir")
  ) {
    report.warn(
      "config.suspect",
      formatPlace(config.file, config.sections.get(section)?.line ?? 0),
      `[${section}] synclabels has no effect: it needs a remote repository of ` +
        "type Gmail and a local one of type GmailMaildir",
    );
  }
  const limits = [values.maxAge, local.startDate, remote.startDate]
    .filter((limit) => limit !== undefined);
  if (limits.length > 1) {
    report.fail(
      "config.value",
      formatPlace(config.file, config.sections.get(section)?.line ?? 0),
      "maxage and the startdate of either repository exclude each other",
      "Keep one of them",
    );
  }
  return {
    ...values,
    name,
    autorefreshMinutes: Math.max(0, values.autorefreshMinutes),
    onlyFolders,
    local,
    remote: {
      ...remote,
      ...(general.sequential ? { maxConnections: 1 } : {}),
      ...(onlyFolders === undefined
        ? {}
        : { folderFilter: undefined, folderIncludes: undefined }),
    },
  };
}
