/** What `--info` shows of an account: both repositories and their folders. */
import { isImap, type RepositoryConfig } from "../config/config.ts";
import { toMailError } from "../errors.ts";
import { type ErrorReport, reportOf } from "../events.ts";
import { portOf } from "../imap/session/settings.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import { otherSide, type Side } from "../sync/types.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import type { RemoteListing } from "./list_remote.ts";
import { nameAcross } from "./naming.ts";
import { type OpenAccount, openAccount } from "./open_account.ts";

/** A folder of a repository. */
export interface FolderInfo {
  /** As the repository names it. */
  readonly name: string;
  /** After `nametrans`; what the other side calls it. */
  readonly translated: string;
  /** `folderfilter` leaves it out. */
  readonly disabled: boolean;
}

/** One side of an account. */
export interface RepositoryInfo {
  readonly name: string;
  /** `IMAP`, `Maildir` … */
  readonly type: string;
  /** Where it is and how it is reached, in order: host, port, ssl, or a path. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** As the configuration has them: folderfilter, nametrans … */
  readonly rules: readonly (readonly [option: string, text: string])[];
  readonly folders: readonly FolderInfo[];
  /** Why there are no folders. */
  readonly error?: ErrorReport;
}

/** An account with its two sides. */
export interface AccountInfo {
  readonly account: string;
  readonly remote: RepositoryInfo;
  readonly local: RepositoryInfo;
}

/**
 * Looks at both repositories of an account and changes nothing. A side that
 * cannot be read says why; the other is shown all the same.
 */
export async function accountInfo(
  run: AccountRun,
  io: AccountIo,
): Promise<AccountInfo> {
  await using account = await openAccount(
    { ...run, options: { ...run.options, dryRun: true } },
    io,
  );
  const tell = ({ mailboxes, problems }: RemoteListing) => {
    for (const problem of problems) {
      const error = reportOf(problem);
      io.emit({ type: "error", account: run.account.name, error });
    }
    return mailboxes;
  };
  // The separators of both sides are needed to translate names of either.
  const remote = await listing(async () =>
    tell(await account.names.list("remote"))
  );
  const local = await listing(async () =>
    tell(await account.names.list("local"))
  );
  const lists = { remote, local };
  return {
    account: run.account.name,
    remote: await describe(account, "remote", lists),
    local: await describe(account, "local", lists),
  };
}

type Listing = readonly string[] | ErrorReport;

async function listing(
  list: () => Promise<readonly MailboxInfo[]>,
): Promise<Listing> {
  try {
    return (await list()).map(({ name }) => name).sort();
  } catch (cause) {
    return reportOf(
      toMailError(cause, { code: "info.list", scope: "account" }),
    );
  }
}

function isNames(list: Listing): list is readonly string[] {
  return Array.isArray(list);
}

async function describe(
  account: OpenAccount,
  side: Side,
  lists: Readonly<Record<Side, Listing>>,
): Promise<RepositoryInfo> {
  const repository = account.run.account[side];
  const list = lists[side];
  const about = {
    name: repository.name,
    type: repository.type,
    facts: await facts(account, side),
    rules: rulesOf(repository),
  };
  if (!isNames(list)) return { ...about, folders: [], error: list };
  return { ...about, folders: await folders(account, side, list, lists) };
}

async function folders(
  account: OpenAccount,
  side: Side,
  names: readonly string[],
  lists: Readonly<Record<Side, Listing>>,
): Promise<FolderInfo[]> {
  const both = isNames(lists.remote) && isNames(lists.local);
  const rules = both ? account.names.rules() : undefined;
  const found: FolderInfo[] = [];
  for (const name of names) {
    if (rules === undefined) {
      found.push({ name, translated: name, disabled: false });
      continue;
    }
    const { across } = await nameAcross(
      name,
      rules[side],
      rules[otherSide(side)],
    );
    const disabled = !await rules[side].accepts(name);
    found.push({ name, translated: across, disabled });
  }
  return found;
}

async function facts(
  account: OpenAccount,
  side: Side,
): Promise<RepositoryInfo["facts"]> {
  const repository = account.run.account[side];
  if (!isImap(repository)) return [["localfolders", repository.localFolders]];
  const sessions = side === "local" && account.localSessions !== undefined
    ? account.localSessions
    : account.sessions;
  const settings = await sessions.settings();
  const session = sessions.latest;
  const id = [...session?.serverId ?? []].map(([name, value]) =>
    `${name}=${value}`
  );
  return [
    ...(settings.tunnel === undefined
      ? [
        ["host", settings.host] as const,
        ["port", String(portOf(settings))] as const,
        ["ssl", settings.tls === "implicit" ? "yes" : "no"] as const,
        ["starttls", settings.tls === "starttls" ? "yes" : "no"] as const,
      ]
      : [["reached by", settings.tunnel.option] as const]),
    ...(session === undefined ? [] : [
      ["greeting", session.greeting] as const,
      ["server id", id.length > 0 ? id.join(", ") : "not told"] as const,
      ["capabilities", [...session.capabilities].sort().join(" ")] as const,
    ]),
  ];
}

function rulesOf(repository: RepositoryConfig): RepositoryInfo["rules"] {
  const sources = [
    repository.folderFilter,
    repository.folderIncludes,
    repository.nameTrans,
  ];
  return sources.flatMap((source) =>
    source === undefined ? [] : [[source.option, source.text] as const]
  );
}
