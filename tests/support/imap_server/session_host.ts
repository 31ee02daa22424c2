/** What a session needs of its server. */
import type { CommandLog, LoggedCommand } from "./command_log.ts";
import type { Completion } from "./completion.ts";
import type { MailStore } from "./mail_store.ts";
import type { Profile } from "./profile.ts";
import type { Session } from "./session.ts";
import type { ViceSet } from "./vice_set.ts";

/** A user with secrets and mailboxes. */
export interface Account {
  readonly name: string;
  readonly password: string;
  /** Accepted bearer tokens. */
  tokens: readonly string[];
  readonly store: MailStore;
}

/** Certificate and key, both PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** The server as its sessions see it. */
export interface SessionHost {
  readonly profile: Profile;
  readonly log: CommandLog;
  readonly vices: ViceSet;
  readonly tls: TlsIdentity | undefined;
  /** The account of a user name. */
  account(name: string): Account | undefined;
  /** Sessions of the account that are logged in. */
  sessionCount(account: Account): number;
  /** Capability names after the vices. */
  advertised(names: readonly string[]): readonly string[];
  /** Hooks of the test; a completion stands in for the command. */
  beforeCommand(
    session: Session,
    entry: LoggedCommand,
  ): Promise<Completion | "BYE" | undefined>;
  /** After the reply was written. */
  afterCommand(entry: LoggedCommand): Promise<void>;
  /** Something that is a bug of the server itself. */
  failed(error: unknown): void;
}
