/** The options of IMAP repositories that tell how to reach the server. */
import { BadValue } from "./bad_value.ts";
import {
  bool,
  int,
  path,
  python,
  shell,
  splitList,
  text,
  word,
} from "./option_builders.ts";
import { option } from "./option_spec.ts";

/** Lengths in hexadecimal digits of SHA-1, -224, -256, -384 and -512. */
const DIGEST_LENGTHS = [40, 56, 64, 96, 128];

/** The value of `sslcacertfile` that names the system's own certificates. */
export const OS_DEFAULT = "OS-DEFAULT";

const caCertFile = path("sslcacertfile", {
  about: "A file with the certificates that servers are checked against, or " +
    "OS-DEFAULT for those of the system, which are used as well when neither " +
    "this nor cert_fingerprint is set. In that case the certificate of a server " +
    "on this machine (a mail bridge) that nobody vouches for is remembered at " +
    "its first use, and a change of it is an error.",
  defaultText: OS_DEFAULT,
});

/** Host, port, TLS, tunnels, by the names of the typed configuration. */
export const IMAP_SERVER_OPTIONS = {
  remoteHostEval: python("remotehosteval", {
    about: "A Python expression for the server's name; wins over remotehost.",
    kind: "value",
    example: "mail_host()",
  }),
  remoteHost: text("remotehost", {
    about: "The server's name. Needed unless something else tells it.",
    fallback: undefined,
    defaultWords: "none; imap.gmail.com for the type Gmail",
    example: "imap.example.org",
  }),
  remotePortEval: python("remoteporteval", {
    about: "A Python expression for the port; wins over remoteport.",
    kind: "value",
    example: "mail_port()",
  }),
  remotePort: int("remoteport", {
    about: "The server's port.",
    fallback: undefined,
    min: 1,
    max: 65535,
    defaultWords: "993 with ssl, else 143",
    example: "993",
  }),
  ssl: bool("ssl", {
    about: "Speak TLS from the first byte on.",
    fallback: true,
  }),
  starttls: bool("starttls", {
    about:
      "Without ssl: change to TLS before logging in. A server that does not " +
      "offer it is refused unless allowplaintext says otherwise.",
    fallback: true,
  }),
  allowPlaintext: bool("allowplaintext", {
    about:
      "Permit logging in without any TLS to a server that is not this machine. " +
      "Everybody on the way can then read password and mail.",
    fallback: false,
    ours: true,
  }),
  caCertFile: {
    ...caCertFile,
    read: (...[value, context]: Parameters<typeof caCertFile.read>) =>
      value === OS_DEFAULT ? value : caCertFile.read(value, context),
  },
  certFingerprints: option<readonly string[]>(
    "cert_fingerprint",
    "list",
    (value) => splitList(value).map(parseFingerprint),
    {
      about:
        "Fingerprints of the server's certificate in hexadecimal digits (SHA-1 " +
        "to SHA-512; colons do not count), separated by commas: one of them " +
        "must match. Alone, without sslcacertfile, they replace the check " +
        "against known authorities.",
      fallback: [],
      example: "B1:1C:23:99:0F:8A:6C:4D:7E:55:21:0A:9B:3E:77:42:D0:61:C8:F4",
    },
  ),
  clientCert: path("sslclientcert", {
    about:
      "A certificate (PEM) that this side shows to a server that asks for one.",
    example: "~/.certs/mail.pem",
  }),
  clientKey: path("sslclientkey", {
    about: "The key of sslclientcert (PEM, not locked with a passphrase).",
    defaultWords: "it is in the file of sslclientcert",
    example: "~/.certs/mail.key",
  }),
  tlsLevel: word("tls_level", ["tls_secure", "tls_no_ssl", "tls_compat"], {
    about:
      "Which versions of TLS are permitted. Nothing below TLS 1.2 is ever used, " +
      "which is stricter than each of these words, so it needs not be set.",
    fallback: "tls_compat",
  }),
  sslVersion: word(
    "ssl_version",
    ["tls1", "tls1_1", "tls1_2", "tls1_3", "ssl3", "ssl23"],
    {
      about:
        "The one version of TLS to use: tls1_2 or tls1_3; ssl23 means the " +
        "newest that both sides know, as without this option. The older " +
        "versions are broken and cannot be used.",
      fallback: undefined,
      defaultWords: "negotiated",
      example: "tls1_2",
    },
  ),
  ipv6: bool("ipv6", {
    about: "Use IPv6 only (yes) or IPv4 only (no).",
    fallback: undefined,
    defaultWords: "both",
    example: "no",
  }),
  preauthTunnel: shell("preauthtunnel", {
    about:
      "A shell command that speaks IMAP on its standard input and output and " +
      "has logged in already. User and password are not used then.",
    example: "ssh mail.example.org /usr/libexec/dovecot/imap",
  }),
  transportTunnel: shell("transporttunnel", {
    about:
      "A shell command whose standard input and output lead to the server; " +
      "logging in comes after it. ssl = yes adds no TLS in it; with ssl = no " +
      "STARTTLS is used where the server offers it, and the certificate is " +
      "compared with remotehost.",
    example: "openssl s_client -quiet -connect imap.example.org:993",
  }),
  useCompression: bool("usecompression", {
    about:
      "Compress what goes over the line, where the server can. Of use on slow " +
      "lines only; a server that answers within 5 milliseconds is too near for " +
      "it and is not asked.",
    fallback: false,
  }),
  maxConnections: int("maxconnections", {
    about: "How many connections to the server may be open at the same time.",
    fallback: 2,
    min: 1,
  }),
  holdConnectionOpen: bool("holdconnectionopen", {
    about:
      "Keep connections open during the pauses of autorefresh. Implied by " +
      "idlefolders.",
    fallback: false,
  }),
  keepAliveSeconds: int("keepalive", {
    about:
      "Seconds between signs of life on connections that are kept open. 0 " +
      "means nine minutes; more than 29 minutes are taken for 29.",
    fallback: 0,
    min: 0,
  }),
  idleFolders: python("idlefolders", {
    about:
      "A list of folders whose changes are synchronised at once during the " +
      "pauses of autorefresh. Local changes are then, too, and where the " +
      "server has NOTIFY those of all other folders. See docs/watching.md.",
    kind: "value",
    defaultText: "[]",
    example: "['INBOX']",
  }),
  retryCount: int("retrycount", {
    about:
      "How often a synchronisation is tried while connections break under it " +
      "and nothing gets done; 1 or 0 does not try again.",
    fallback: 2,
    min: 0,
  }),
};

/** Lower-case hexadecimal digits without colons. */
function parseFingerprint(item: string): string {
  const digits = item.replaceAll(":", "").toLowerCase();
  if (/^[\da-f]*$/.test(digits) && DIGEST_LENGTHS.includes(digits.length)) {
    return digits;
  }
  throw new BadValue(
    "hexadecimal digits are allowed, as many as SHA-1 (40), SHA-224 (56), " +
      "SHA-256 (64), SHA-384 (96) or SHA-512 (128) have",
  );
}
