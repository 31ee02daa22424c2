/** What a test says to get a server. */
import type { Profile, ProfileName } from "./profile.ts";
import type { TlsIdentity } from "./session_host.ts";
import type { Vice } from "./vices.ts";

/** A message to start with. */
export interface MessageSeed {
  /** Text becomes UTF-8; nothing else is changed, line ends neither. */
  readonly source: string | Uint8Array;
  readonly flags?: readonly string[];
  /** A moment, or an IMAP date-time with its zone. @default now */
  readonly internalDate?: Date | string;
  /** Not below the next UID. @default the next one */
  readonly uid?: number;
  readonly emailId?: string;
}

/** A mailbox to start with. */
export interface MailboxSeed {
  /** As Unicode text with the profile's separator. */
  readonly name: string;
  /** What goes over the wire instead of the encoded name: any ASCII. */
  readonly wireName?: string;
  readonly specialUse?: readonly string[];
  /** @default true */
  readonly subscribed?: boolean;
  readonly uidValidity?: number;
  readonly uidNext?: number;
  readonly highestModSeq?: bigint;
  readonly messages?: readonly (MessageSeed | string | Uint8Array)[];
}

/** A user. */
export interface UserSeed {
  readonly password: string;
  /** Accepted by XOAUTH2 and OAUTHBEARER. */
  readonly tokens?: readonly string[];
  readonly mailboxes?: readonly MailboxSeed[];
}

/** How TLS is offered. */
export interface TlsOptions extends TlsIdentity {
  /** From the first byte, or by STARTTLS. */
  readonly mode: "implicit" | "starttls";
}

/** Options of `startImapServer`. */
export interface ImapServerOptions {
  /** A ready-made profile, or changes to one (`base`). @default "dovecot" */
  readonly profile?: ProfileName | Partial<Profile> & { base?: ProfileName };
  /** Names to passwords or more. @default { user: "secret" } */
  readonly users?: { readonly [name: string]: string | UserSeed };
  /** Mailboxes of the first user. */
  readonly mailboxes?: readonly MailboxSeed[];
  readonly vices?: readonly Vice[];
  /** @default a free one */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  readonly tls?: TlsOptions;
}
