/** What opening a session needs to know, as plain values. */
import type { MailError } from "../../errors.ts";
import type { TunnelProcess } from "./tunnel_process.ts";

export { isLoopback } from "../../loopback.ts";

/** When the stream is encrypted: at once, after STARTTLS, or never. */
export type TlsMode = "implicit" | "starttls" | "none";

/** A SASL mechanism by its upper-case name, or `LOGIN` for the LOGIN command. */
export type MechanismName =
  | "GSSAPI"
  | "XOAUTH2"
  | "OAUTHBEARER"
  | "EXTERNAL"
  | "SCRAM-SHA-256"
  | "SCRAM-SHA-1"
  | "CRAM-MD5"
  | "PLAIN"
  | "LOGIN";

/** OfflineIMAP's default of `auth_mechanisms`, and SCRAM. */
export const DEFAULT_MECHANISMS: readonly MechanismName[] = [
  "GSSAPI",
  "XOAUTH2",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
];

/** Extensions that are enabled when the server offers them (RFC 5161). */
export const DEFAULT_ENABLE: readonly string[] = [
  "CONDSTORE",
  "QRESYNC",
  "UTF8=ACCEPT",
];

/** A certificate that was seen before. */
export interface KnownCertificate {
  /** Lower-case hex without colons. */
  readonly sha256: string;
  /** The day of its first use, for texts. */
  readonly since: string;
}

/** Remembers certificates of servers on this machine that nobody vouches for. */
export interface KnownCertificates {
  /** Where that is, for texts: what to edit to have another one accepted. */
  readonly place: string;
  /** The one that `address` (`host:port`) showed first; undefined: none so far. */
  get(address: string): Promise<KnownCertificate | undefined>;
  /** Remembers it before anything of the user is sent. */
  keep(address: string, sha256: string): Promise<void>;
}

/** A version of TLS, spelt as `node:tls` does. Older ones cannot be spoken here. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** The PEM files of a client certificate. */
export interface ClientCertificateFiles {
  readonly certificate: string;
  /** @default The key is in the file of the certificate. */
  readonly key?: string;
}

/** A shell command that leads to the server. */
export interface Tunnel {
  /** With the first the server must have let us in before it speaks. */
  readonly option: "preauthtunnel" | "transporttunnel";
  readonly command: string;
  /** Starts the command elsewhere. @default here */
  readonly start?: () => Promise<TunnelProcess>;
}

/** How to reach a server and what to expect of it. Holds no secrets but a proxy's. */
export interface SessionSettings {
  /** The repository's name, for texts. */
  readonly repository: string;
  /** May be empty when there is a tunnel. */
  readonly host: string;
  /** @default 993 with implicit TLS, else 143 */
  readonly port?: number;
  readonly tls: TlsMode;
  /**
   * Go on in plain text where STARTTLS is not offered. On loopback that is always
   * allowed.
   * @default false
   */
  readonly allowPlaintext?: boolean;
  /** A PEM file of the only authorities to trust. @default those of system and runtime */
  readonly caFile?: string;
  /**
   * SHA-1, -224, -256, -384 or -512 of the server's certificate in hex, colons and
   * case ignored; any match will do. Without `caFile` a match is all that is asked.
   */
  readonly fingerprints?: readonly string[];
  /**
   * Check chain, dates and host name as well as the fingerprints; without
   * fingerprints they are checked in any case.
   * @default whether `caFile` is given
   */
  readonly verifyChain?: boolean;
  /** Shown to a server that asks for one. */
  readonly clientCertificate?: ClientCertificateFiles;
  /** The one version to speak. @default the newest that both sides know */
  readonly tlsVersion?: TlsVersion;
  /** Ways to log in, in the order they are tried. @default {@link DEFAULT_MECHANISMS} */
  readonly mechanisms?: readonly MechanismName[];
  /** `remote_identity`: whose mailbox to open, when it is not the user's own. */
  readonly identity?: string;
  /**
   * Ask for COMPRESS=DEFLATE where it is offered; or only if even the fastest reply
   * of the server took longer than that. @default false
   */
  readonly compression?: boolean | { readonly beyondMs: number };
  /** Only IPv6 (true), only IPv4 (false). @default both */
  readonly ipv6?: boolean;
  /** In place of a connection of our own; no proxy then, and of TLS only STARTTLS. */
  readonly tunnel?: Tunnel;
  /** `socks5://`, `socks4://`, `http://` …: everything goes through it, names too. */
  readonly proxy?: string;
  /** From the first packet to the end of the TLS handshake. @default 30 s */
  readonly connectTimeoutMs?: number;
  /** For every reply. @default 60 s */
  readonly replyTimeoutMs?: number;
  /** Extensions to enable where offered. @default {@link DEFAULT_ENABLE} */
  readonly enable?: readonly string[];
  /** What ID tells the server (RFC 2971), such as name and version. */
  readonly clientId?: Readonly<Record<string, string>>;
}

/** What a login proves: a password, or an OAuth 2 access token. */
export type SecretKind = "password" | "token";

/** What became of a secret that was sent: let in, refused, or neither of them. */
export type Verdict = "accepted" | "refused" | "undecided";

/**
 * Where user name and secrets come from. It decides how many logins are made at a
 * time and that a refused secret is not sent again.
 */
export interface SessionCredentials {
  /** The user name to log in with. */
  user(): Promise<string>;
  /**
   * Makes one login with a secret of this kind. `use` is told its source, by the
   * name that the user knows, where that can help.
   *
   * @returns What `use` returned; `undefined` when there is no such secret.
   */
  login<T extends { verdict: Verdict; error?: MailError | undefined }>(
    kind: SecretKind,
    use: (secret: string, source?: string) => Promise<T>,
  ): Promise<T | undefined>;
  /**
   * Gets another token after one was refused: tokens may end before their time.
   *
   * @returns Whether there is one that was not refused yet. Not after two in a
   * row were refused.
   */
  renewToken?(): Promise<boolean>;
}

/** The port that is meant when none is given. */
export function portOf({ port, tls }: SessionSettings): number {
  return port ?? (tls === "implicit" ? 993 : 143);
}

/**
 * When the stream is encrypted. In a tunnel TLS from the first byte on is left to its
 * command, as in OfflineIMAP, and behind `preauthtunnel` STARTTLS would come too late.
 */
export function tlsMode({ tls, tunnel }: SessionSettings): TlsMode {
  const none = tunnel !== undefined &&
    (tls === "implicit" || tunnel.option === "preauthtunnel");
  return none ? "none" : tls;
}

/** `host:port`, an IPv6 address in brackets, or the tunnel's option: for texts. */
export function addressOf(settings: SessionSettings): string {
  const { host, repository, tunnel } = settings;
  // Never the command: it may hold a password.
  if (tunnel !== undefined) {
    return `${host || "the server"} behind ${tunnel.option} of repository ` +
      `"${repository}"`;
  }
  const name = host.includes(":") ? `[${host}]` : host;
  return `${name}:${portOf(settings)}`;
}
