/** Failed connections in words: what failed, why, and what to do. */
import { MailError, messageOf, type Retry } from "../../errors.ts";
import { printable } from "../connection_error.ts";
import type { CertificateFacts } from "./certificate.ts";
import { addressOf, type SessionSettings } from "./settings.ts";
import { explainTls } from "./tls_failure.ts";

/** A failure of name resolution, TCP, proxy, TLS or greeting as an error for people. */
export function connectFailure(
  cause: unknown,
  received: string,
  settings: SessionSettings,
): MailError {
  const code = codeOf(cause);
  const known = KNOWN[code];
  if (known) {
    const [kind, text, retry, hint] = known;
    const said = kind === "greeting" ? quoted(received) : "";
    return connectError(settings, kind, text + said, { retry, hint });
  }
  if (CLOSED_CODES.has(code)) return closedEarly(cause, received, settings);
  if (isTlsFailure(cause)) {
    const { text, hint } = explainTls(messageOf(cause), settings);
    return connectError(settings, "tls", text, { retry: "never", hint });
  }
  return connectError(settings, "network", messageOf(cause), {
    retry: "later",
  });
}

/** A server whose certificate is not trusted: which it is, and how to accept it. */
export function distrusted(
  settings: SessionSettings,
  why: string,
  facts: CertificateFacts | undefined,
): MailError {
  if (!facts) {
    return connectError(settings, "certificate", why, { retry: "never" });
  }
  const reason = [why, ...facts.faults].join("; ");
  const shown = `subject ${facts.subject}; issuer ${facts.issuer}; ` +
    `valid until ${facts.validTo}; names ${facts.names}; ` +
    `SHA-256 ${facts.sha256}`;
  return connectError(settings, "certificate", `${reason} (${shown})`, {
    retry: "never",
    hint: "If you are sure that this is your server, accept this certificate " +
      `with: cert_fingerprint = ${facts.sha256}`,
  });
}

/** Whether it failed because the certificate's chain or names were not accepted. */
export function isCertificateFailure(cause: unknown): boolean {
  return CERTIFICATE_CODES.test(codeOf(cause));
}

/** Also a reset counts: it is how many systems close with bytes unread. */
const CLOSED_CODES = new Set([
  "NoConnection",
  "ClosedAfterConnectText",
  "ClosedAfterConnectTLS",
  "ECONNRESET",
  "EPIPE",
]);

const CERTIFICATE_CODES =
  /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|INVALID_(CA|PURPOSE)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|PATH_LENGTH)/;

type Known = [kind: string, text: string, retry: Retry, hint?: string];

const UNREACHABLE: Known = [
  "network",
  "there is no way to it from here",
  "later",
  "Check the network; try ipv6 = no if only IPv4 works here",
];
const LOOKUP: Known = [
  "dns",
  "its name could not be looked up now",
  "later",
];
const TIMED_OUT: Known = [
  "timeout",
  "it did not answer in time",
  "later",
  "Check host, port and network; a firewall may drop the packets",
];

/** By imapflow's and the system's error codes. */
const KNOWN: Readonly<Record<string, Known>> = {
  ENOTFOUND: [
    "dns",
    "no such host is known",
    "later",
    "Check remotehost and the network",
  ],
  EAI_AGAIN: LOOKUP,
  EAI_FAIL: LOOKUP,
  ECONNREFUSED: [
    "refused",
    "nothing listens there",
    "later",
    "Check remotehost and remoteport; otherwise the server is down",
  ],
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  ETIMEDOUT: TIMED_OUT,
  CONNECT_TIMEOUT: TIMED_OUT,
  UPGRADE_TIMEOUT: TIMED_OUT,
  GREETING_TIMEOUT: [
    "greeting",
    "it sent no greeting of an IMAP server in time",
    "later",
    "Check remoteport, and ssl: a TLS port says nothing to plain text",
  ],
  STARTTLS_INJECTION: [
    "starttls",
    "it sent data between STARTTLS and TLS, which looks like an attack",
    "never",
  ],
  LineTooLarge: ["greeting", "it sent an endless line", "later"],
  ResponseTooLarge: ["greeting", "it sent an endless line", "later"],
  LiteralTooLarge: ["greeting", "it sent an endless greeting", "later"],
  EPROXY: ["proxy", "the proxy refused or failed", "later"],
  ProxyError: ["proxy", "the proxy refused or failed", "later"],
  ERR_INVALID_URL: ["proxy", "the proxy's address is not a URL", "never"],
};

function closedEarly(
  cause: unknown,
  received: string,
  settings: SessionSettings,
): MailError {
  const said = quoted(saidBy(cause) ?? received);
  return connectError(
    settings,
    "closed",
    `it closed the connection at once${said}`,
    {
      retry: "later",
      hint: said === "" ? "Check remoteport and ssl" : undefined,
    },
  );
}

/** The first line of what the server said, ready to be put behind a sentence. */
function quoted(received: string): string {
  const line = printable(received.split(/\r?\n/)[0] ?? "");
  return line === "" ? "" : `; it said "${line}"`;
}

/** The text of a BYE greeting, as imapflow hands it on. */
function saidBy(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("reason" in cause)) return undefined;
  return typeof cause.reason === "string" ? cause.reason : undefined;
}

/** A connection that failed, in words; the code is `connect.KIND`, scope account. */
export function connectError(
  settings: SessionSettings,
  kind: string,
  text: string,
  { retry, hint }: { retry: Retry; hint?: string | undefined },
): MailError {
  const { repository } = settings;
  return new MailError(
    `Cannot connect to ${
      addressOf(settings)
    } for repository "${repository}": ` +
      text,
    {
      code: `connect.${kind}`,
      scope: "account",
      retry,
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

function isTlsFailure(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  return "tlsFailed" in cause || /SSL|TLS/.test(codeOf(cause)) ||
    /\b(tls|ssl|handshake|certificate)\b/i.test(cause.message);
}

/** The code of an error, of what it wraps, or of the first of several addresses. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  const own = "code" in cause ? String(cause.code ?? "") : "";
  if (own !== "") return own;
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  return cause.cause === undefined ? "" : codeOf(cause.cause);
}
