/** From the section of a repository to its typed values. */
import type {
  GeneralConfig,
  ImapRepository,
  RepositoryConfig,
} from "./config.ts";
import type { ValuesOf } from "./option_spec.ts";
import { IMAP_LOGIN_OPTIONS } from "./options_imap_login.ts";
import { GMAIL_OPTIONS, IMAP_MAILBOX_OPTIONS } from "./options_imap_mailbox.ts";
import { IMAP_SERVER_OPTIONS } from "./options_imap_server.ts";
import { MAILDIR_OPTIONS } from "./options_maildir.ts";
import { REPOSITORY_OPTIONS } from "./options_repository.ts";
import { entryOf } from "./parse.ts";
import { type ReadOptions, readOptions } from "./read_options.ts";
import { formatPlace } from "./report.ts";
import { resolveTransport } from "./resolve_transport.ts";
import { findSection, missingSection } from "./sections.ts";

const GMAIL_HOST = "imap.gmail.com";

/** Where to read from, and what `[general]` says. */
export interface RepositoryFrom extends Omit<ReadOptions, "section"> {
  readonly general: GeneralConfig;
}

/** Where a repository is named: the account's section and option. */
interface Named extends RepositoryFrom {
  readonly account: string;
  readonly option: "localrepository" | "remoterepository";
}

/** The local repository of an account; undefined when the report says why not. */
export function resolveLocal(
  name: string,
  account: string,
  from: RepositoryFrom,
): RepositoryConfig | undefined {
  const named: Named = { ...from, account, option: "localrepository" };
  const opened = openRepository(name, named);
  if (opened === undefined) return undefined;
  const { source, common } = opened;
  const { type } = common;
  if (type === "Gmail") {
    failName(
      named,
      `${name} is of type Gmail, which only a remote repository can be`,
    );
    return undefined;
  }
  if (type === "IMAP") return readImap(name, type, opened);
  const values = readOptions(MAILDIR_OPTIONS, source);
  const { general } = from;
  return {
    ...common,
    ...values,
    name,
    type,
    filenameUseMailTimestamp: values.filenameUseMailTimestamp ??
      general.filenameUseMailTimestamp,
    utimeFromHeader: values.utimeFromHeader ?? general.utimeFromHeader,
  };
}

/** The remote repository of an account; undefined when the report says why not. */
export function resolveRemote(
  name: string,
  account: string,
  from: RepositoryFrom,
): ImapRepository | undefined {
  const named: Named = { ...from, account, option: "remoterepository" };
  const opened = openRepository(name, named);
  if (opened === undefined) return undefined;
  const { common } = opened;
  const { type } = common;
  if (type === "Maildir" || type === "GmailMaildir") {
    failName(
      named,
      `${name} is of type ${type}, which only a local repository can be`,
    );
    return undefined;
  }
  return readImap(name, type, opened);
}

/** The options of a repository on a server. */
function readImap(
  name: string,
  type: ImapRepository["type"],
  { source, common }: Opened,
): ImapRepository {
  const values = readOptions(IMAP_SERVER_OPTIONS, source);
  const { remotePort, ...server } = resolveTransport(values, type, source);
  const login = readOptions(IMAP_LOGIN_OPTIONS, source);
  const mailboxes = readOptions(IMAP_MAILBOX_OPTIONS, source);
  const gmail = readOptions(GMAIL_OPTIONS, {
    ...source,
    // Where they mean nothing, checkConfig() says so.
    section: type === "Gmail" ? source.section : "",
  });
  checkMechanisms(login.authMechanisms, source);
  const remoteHost = server.remoteHost ??
    (type === "Gmail" && server.remoteHostEval === undefined
      ? GMAIL_HOST
      : undefined);
  if (
    remoteHost === undefined && server.remoteHostEval === undefined &&
    !["remotehost", "remotehosteval", "preauthtunnel", "transporttunnel"]
      .some((option) => entryOf(source.config, source.section, option)?.value)
  ) {
    source.report.fail(
      "config.missing",
      placeOfSection(source),
      `[${source.section}] has no option "remotehost"`,
    );
  }
  return {
    ...common,
    ...server,
    ...login,
    ...mailboxes,
    ...gmail,
    name,
    type,
    remoteHost,
    remotePort: remotePort ?? (server.ssl || type === "Gmail" ? 993 : 143),
  };
}

/** A repository's section and the options that all of them have. */
interface Opened {
  readonly source: ReadOptions;
  readonly common: ValuesOf<typeof REPOSITORY_OPTIONS>;
}

function openRepository(name: string, from: Named): Opened | undefined {
  const { config, host, report } = from;
  const section = findSection(config, "repository", name);
  if (section === undefined) {
    failName(from, missingSection(config, "repository", name));
    return undefined;
  }
  const source: ReadOptions = { config, host, report, section };
  const common = readOptions(REPOSITORY_OPTIONS, source);
  // Without a valid type (reported) no further option can be judged.
  return common.type === undefined ? undefined : { source, common };
}

/** Notes an error about the option that names the repository. */
function failName(from: Named, text: string): void {
  const { config, report, account, option } = from;
  const entry = entryOf(config, account, option);
  report.fail(
    "config.value",
    entry === undefined ? config.file : formatPlace(entry.source, entry.line),
    `[${account}] ${option}: ${text}`,
  );
}

/** GSSAPI is in OfflineIMAP's default list, so it only matters when asked for. */
function checkMechanisms(
  mechanisms: readonly string[] | undefined,
  { config, section, report }: ReadOptions,
): void {
  const entry = entryOf(config, section, "auth_mechanisms");
  if (entry === undefined || !mechanisms?.includes("GSSAPI")) return;
  const place = formatPlace(entry.source, entry.line);
  const what = `[${section}] auth_mechanisms`;
  if (mechanisms.every((name) => name === "GSSAPI")) {
    report.fail(
      "config.unsupported",
      place,
      `${what} names only GSSAPI (Kerberos), which is not supported`,
      "Name PLAIN (over TLS, with the same password), XOAUTH2, or EXTERNAL " +
        "with sslclientcert",
    );
  } else {
    report.warn(
      "config.suspect",
      place,
      `${what} names GSSAPI (Kerberos), which is not supported; the others ` +
        "are tried",
    );
  }
}

function placeOfSection({ config, section }: ReadOptions): string {
  return formatPlace(config.file, config.sections.get(section)?.line ?? 0);
}
