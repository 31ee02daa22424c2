/**
 * The typed configuration. Plain data: an account passes a structured clone, so
 * that it can be sent to a worker.
 */
import type { MailError } from "../errors.ts";
import type { ValuesOf } from "./option_spec.ts";
import type { ACCOUNT_OPTIONS } from "./options_account.ts";
import type { GENERAL_OPTIONS } from "./options_general.ts";
import type { IMAP_LOGIN_OPTIONS } from "./options_imap_login.ts";
import type {
  GMAIL_OPTIONS,
  IMAP_MAILBOX_OPTIONS,
} from "./options_imap_mailbox.ts";
import type { IMAP_SERVER_OPTIONS } from "./options_imap_server.ts";
import type { MAILDIR_OPTIONS } from "./options_maildir.ts";
import type { MBNAMES_OPTIONS } from "./options_mbnames.ts";
import type { REPOSITORY_OPTIONS } from "./options_repository.ts";
import type { ConfigWarning } from "./report.ts";

export type { ConfigWarning } from "./report.ts";
export type { CustomFlags } from "./options_maildir.ts";
export type { AuthMechanism } from "./options_imap_login.ts";
export type { DateOrDays } from "./quantities.ts";
export type { Proxy } from "./proxy.ts";
export type { PythonSource } from "./python_source.ts";
export type { UiName } from "./ui_name.ts";

/** Everything that a file and the flags of a run say. */
export interface Config {
  /** Path of the file. */
  readonly file: string;
  readonly general: GeneralConfig;
  /** Undefined without a section `[mbnames]`, and where it is switched off. */
  readonly mbnames: MbnamesConfig | FailedMbnames | undefined;
  /** The accounts of this run in their order. */
  readonly accounts: readonly (AccountConfig | FailedAccount)[];
  /** To be shown once, before anything else is done. */
  readonly warnings: readonly ConfigWarning[];
}

/** `[general]` after the flags. */
export interface GeneralConfig
  extends Omit<ValuesOf<typeof GENERAL_OPTIONS>, "accounts" | "metadata"> {
  /** Absolute path of the metadata folder. */
  readonly metadata: string;
  /** `-1`: one account, one connection, one folder at a time. */
  readonly sequential: boolean;
  /** `-l`: absolute path of a log file to append to. */
  readonly logFile: string | undefined;
}

/** `[mbnames]` that is complete and switched on. */
export type MbnamesConfig =
  & Omit<ValuesOf<typeof MBNAMES_OPTIONS>, "enabled" | MbnamesText>
  & {
    readonly [K in MbnamesText]-?: NonNullable<
      ValuesOf<typeof MBNAMES_OPTIONS>[K]
    >;
  };

/** What a list of folders cannot be written without. */
type MbnamesText = "filename" | "header" | "perItem" | "separator" | "footer";

/** `[mbnames]` that is wrong: no list is written, all else goes on. */
export interface FailedMbnames {
  readonly error: MailError;
}

/** An account whose section is wrong; the others go on. */
export interface FailedAccount {
  readonly name: string;
  readonly error: MailError;
}

/** Whether an account can be synchronised. */
export function isUsable(
  account: AccountConfig | FailedAccount,
): account is AccountConfig {
  return !("error" in account);
}

/** `[Account NAME]` with its two repositories. */
export interface AccountConfig extends
  Omit<
    ValuesOf<typeof ACCOUNT_OPTIONS>,
    "localRepository" | "remoteRepository"
  > {
  readonly name: string;
  /**
   * `-f`: only these folders of the remote repository, by the names that the
   * server gives them; its `folderFilter` and `folderIncludes` are undefined
   * then. Undefined without `-f`.
   */
  readonly onlyFolders: readonly string[] | undefined;
  readonly local: RepositoryConfig;
  readonly remote: ImapRepository;
}

/** `[Repository NAME]` of any type. */
export type RepositoryConfig = MaildirRepository | ImapRepository;

/** Whether a repository is on a server. */
export function isImap(
  repository: RepositoryConfig,
): repository is ImapRepository {
  return repository.type === "IMAP" || repository.type === "Gmail";
}

/** What all repositories have. */
export interface RepositoryBase
  extends Omit<ValuesOf<typeof REPOSITORY_OPTIONS>, "type"> {
  /** The name of its section without the word "Repository". */
  readonly name: string;
}

/** A repository of folders on this machine. */
export interface MaildirRepository extends
  RepositoryBase,
  Omit<
    ValuesOf<typeof MAILDIR_OPTIONS>,
    "filenameUseMailTimestamp" | "utimeFromHeader"
  > {
  readonly type: "Maildir" | "GmailMaildir";
  /** Its own value, else that of `[general]`. */
  readonly filenameUseMailTimestamp: boolean;
  /** Its own value, else that of `[general]`. */
  readonly utimeFromHeader: boolean;
}

/** A repository on an IMAP server. */
export interface ImapRepository extends
  RepositoryBase,
  Omit<
    ValuesOf<typeof IMAP_SERVER_OPTIONS>,
    | "remotePort"
    | "caCertFile"
    | "certFingerprints"
    | "clientCert"
    | "clientKey"
    | "tlsLevel"
    | "sslVersion"
    | "preauthTunnel"
    | "transportTunnel"
  >,
  ValuesOf<typeof IMAP_LOGIN_OPTIONS>,
  ValuesOf<typeof IMAP_MAILBOX_OPTIONS>,
  ValuesOf<typeof GMAIL_OPTIONS> {
  readonly type: "IMAP" | "Gmail";
  /** The configured port, else the one that belongs to `ssl`. */
  readonly remotePort: number;
  readonly trust: Trust;
  /** Leads to the server instead of a connection of our own. */
  readonly tunnel: Tunnel | undefined;
}

/** A command that leads to a server. */
export interface Tunnel {
  /** With the first the server must have let us in before it speaks. */
  readonly option: "preauthtunnel" | "transporttunnel";
  /** For the system's shell. */
  readonly command: string;
}

/** How the certificate of a server is judged. All that is asked for must hold. */
export interface Trust {
  /**
   * Check chain, dates and host name. False only when fingerprints are
   * configured and `sslcacertfile` is not.
   */
  readonly verifyChain: boolean;
  /** Absolute path of a PEM bundle; undefined: the system's trust store. */
  readonly caFile: string | undefined;
  /**
   * Nothing says how to check it: a server on this machine that nobody vouches for
   * may be trusted at its first use.
   */
  readonly onFirstUse: boolean;
  /** Lower-case hexadecimal digits; one of them must match unless there are none. */
  readonly fingerprints: readonly string[];
  /** Absolute paths (PEM) of what this side shows; undefined: nothing. */
  readonly client: ClientCertificate | undefined;
  /** The only version to speak; undefined: the newest that both sides know. */
  readonly version: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** `sslclientcert` and `sslclientkey`. */
export interface ClientCertificate {
  readonly certificate: string;
  /** Undefined: it is in the same file. */
  readonly key: string | undefined;
}
