/** The configuration file of a Dovecot 2.3 that lives in a temporary folder. */
import type { CertificateFiles } from "./certificates.ts";

/** What a test may ask of its Dovecot. */
export interface DovecotOptions {
  /** Also listen for implicit TLS, and offer STARTTLS on the plain port. @default false */
  tls?: boolean;
  /** The certificate shown. @default the one valid for `localhost` and 127.0.0.1 */
  certificate?: CertificateFiles;
  /** User names and their passwords. @default `{ user: "secret" }` */
  users?: Readonly<Record<string, string>>;
  /** Users who may act as others by their authorization identity. */
  masterUsers?: Readonly<Record<string, string>>;
  /** Offer COMPRESS=DEFLATE. @default false */
  compress?: boolean;
  /** Capabilities not to be advertised, such as `CONDSTORE` (the commands still work). */
  withoutCapabilities?: readonly string[];
  /** The whole capability list instead of the usual one. */
  capabilities?: string;
  /** The hierarchy separator. @default "/" */
  separator?: string;
  /** The prefix of the personal namespace, such as `INBOX.`. @default "" */
  prefix?: string;
  /** SASL mechanisms. @default `["plain", "login", "cram-md5"]` */
  authMechanisms?: readonly string[];
  /**
   * Refuse logins without TLS (LOGINDISABLED); needs `tls`. Only to be seen by
   * clients of 127.0.0.2, where it listens too: Dovecot takes a connection from
   * an address to itself as secure.
   * @default false
   */
  requireTls?: boolean;
  /** Lines added at the end of the configuration. */
  extra?: string;
}

/** What the server as a process was given: places, ports, system users. */
export interface DovecotPlaces {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number;
  /** System users of the login processes and of the rest, and the rest's group. */
  readonly systemUsers: { login: string; internal: string; group: string };
  readonly asRoot: boolean;
}

/** What Dovecot 2.3.19 says after login, COMPRESS aside. */
const CAPABILITIES =
  "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY " +
  "THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND " +
  "URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED " +
  "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN " +
  "CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY " +
  "PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE";

/** The text of `dovecot.conf`. */
export function dovecotConfig(
  places: DovecotPlaces,
  options: DovecotOptions,
): string {
  const { folder, port, tlsPort, systemUsers, asRoot } = places;
  const unconfined = asRoot ? "" : "chroot =";
  const plugins = options.compress ? "imap_zlib" : "";
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
default_internal_user = ${systemUsers.internal}
default_internal_group = ${systemUsers.group}
default_login_user = ${systemUsers.login}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:~/Maildir:LAYOUT=fs:UTF-8
mail_fsync = never
maildir_very_dirty_syncs = no
mail_max_userip_connections = 200
mail_plugins = ${options.compress ? "zlib" : ""}
disable_plaintext_auth = no
auth_mechanisms = ${
    (options.authMechanisms ?? ["plain", "login", "cram-md5"]).join(" ")
  }
auth_username_chars =
auth_username_format =
auth_failure_delay = 0
auth_verbose = yes
${capabilityLine(options)}
imap_id_log = *
namespace inbox {
  inbox = yes
  separator = ${options.separator ?? "/"}
  prefix = ${JSON.stringify(options.prefix ?? "")}
}
${options.masterUsers ? masterPassdb(folder) : ""}
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
service imap-login {
  ${unconfined}
  process_min_avail = 1
  service_count = 0
  inet_listener imap {
    address = 127.0.0.1${options.requireTls ? " 127.0.0.2" : ""}
    port = ${port}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${options.tls ? tlsPort : 0}
    ssl = yes
  }
}
service imap {
  process_limit = 200
}
service anvil {
  ${unconfined}
  # Else every failed login makes the next one wait longer.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
protocol imap {
  mail_plugins = $mail_plugins ${plugins}
}
${options.tls ? tlsLines(options) : "ssl = no"}
${options.extra ?? ""}
`;
}

/** The lines of a passwd-file: the password in base64, so that it may hold anything. */
export function passwordLines(
  users: Readonly<Record<string, string>>,
  entryOf: (user: string) => string,
): string {
  return Object.entries(users).map(([user, password]) => {
    // Dovecot escapes the name that it looks for, not the ones in the file.
    const name = user.replaceAll(/["'\\]/g, "\\$&");
    return `${name}:{PLAIN.b64}${encode(password)}:${entryOf(user)}\n`;
  }).join("");
}

function encode(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function capabilityLine(options: DovecotOptions): string {
  if (options.capabilities !== undefined) {
    return `imap_capability = ${options.capabilities}`;
  }
  if (options.withoutCapabilities === undefined) return "";
  const without = new Set(
    options.withoutCapabilities.map((name) => name.toUpperCase()),
  );
  const names = CAPABILITIES.split(" ");
  if (options.compress) names.push("COMPRESS=DEFLATE");
  const left = names.filter((name) => !without.has(name)).join(" ");
  return `imap_capability = ${left}`;
}

function masterPassdb(folder: string): string {
  return `
auth_master_user_separator = *
passdb {
  driver = passwd-file
  master = yes
  args = username_format=%u ${folder}/masters
  result_success = continue
}`;
}

function tlsLines(options: DovecotOptions): string {
  return `
ssl = ${options.requireTls ? "required" : "yes"}
ssl_cert = <${options.certificate?.certificate}
ssl_key = <${options.certificate?.key}
ssl_min_protocol = TLSv1.2`;
}
