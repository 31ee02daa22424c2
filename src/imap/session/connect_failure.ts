/** Failed connections in words: what failed, why, and what to do. */
import { MailError, messageOf, type Retry } from "../../errors.ts";
import { printable } from "../connection_error.ts";
import { reasonOfEnd } from "../transport.ts";
import type { CertificateFacts } from "./certificate.ts";
import type { ConnectFailure } from "./connect.ts";
import { NO_FAMILY } from "./lookup.ts";
import { addressOf, type SessionSettings } from "./settings.ts";
import { ProxyFailure, proxyName } from "./proxy_failure.ts";
import { CLOSED, ENDLESS } from "./stream_head.ts";
import { explainTls } from "./tls_failure.ts";

/** A failure of name resolution, TCP, proxy, TLS or greeting as an error for people. */
export function connectFailure(
  { cause, received, tried }: ConnectFailure,
  settings: SessionSettings,
): MailError {
  const { proxy } = settings;
  if (cause instanceof ProxyFailure && proxy !== undefined) {
    const text = `the ${proxyName(proxy)} ${cause.message}`;
    return connectError(settings, "proxy", text, cause);
  }
  const code = codeOf(cause);
  if (code === NO_FAMILY) return wrongFamily(cause, settings);
  const known = KNOWN[code];
  if (known) {
    const [kind, text, retry, hint] = known;
    const more = kind === "greeting"
      ? quoted(received)
      : where(cause, tried, settings);
    return connectError(settings, kind, text + more, { retry, hint });
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
      `with: cert_fingerprint = ${facts.sha256}` +
      besideChain(settings) + insteadOfTls(settings),
  });
}

/** With a file of authorities the chain has to be good as well. */
function besideChain({ caFile, verifyChain }: SessionSettings): string {
  return verifyChain ?? caFile !== undefined
    ? " and without sslcacertfile, which asks for more than that"
    : "";
}

/** Most tunnels protect what goes through them, as ssh does. */
function insteadOfTls({ host, tunnel }: SessionSettings): string {
  if (tunnel === undefined) return "";
  const name = host === "" ? "; or set remotehost to a name in it" : "";
  return `${name}; or, if the tunnel itself protects the way to the server, say ` +
    "starttls = no";
}

/** Whether it failed because the certificate's chain or names were not accepted. */
export function isCertificateFailure(cause: unknown): boolean {
  return CERTIFICATE_CODES.test(codeOf(cause));
}

/** Which addresses it was, and what came of each where that differs. */
function where(
  cause: unknown,
  tried: readonly string[],
  { proxy }: SessionSettings,
): string {
  if (proxy !== undefined) return ` (through the ${proxyName(proxy)})`;
  const each = cause instanceof AggregateError
    ? cause.errors.map((error) => ({
      address: "address" in error ? String(error.address) : "",
      text: KNOWN[codeOf(error)]?.[1] ?? messageOf(error),
    }))
    : [];
  const same = new Set(each.map(({ text }) => text)).size < 2;
  const list = same
    ? [...new Set(tried)]
    : each.map(({ address, text }) => `${address}: ${text}`);
  return list.length === 0 ? "" : ` (tried ${list.join(", ")})`;
}

/** Addresses of the family that `ipv6` excludes are all there is. */
function wrongFamily(cause: unknown, settings: SessionSettings): MailError {
  const { ipv6 } = settings;
  return connectError(
    settings,
    "dns",
    `it has no ${ipv6 ? "IPv6" : "IPv4"} address, ${messageOf(cause)}`,
    { retry: "never", hint: `Remove ipv6 = ${ipv6 ? "yes" : "no"}` },
  );
}

/** Also a reset counts: it is how many systems close with bytes unread. */
const CLOSED_CODES = new Set([
  CLOSED,
  // These three are imapflow's.
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

/** By our own, imapflow's and the system's error codes. */
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
  NO_GREETING: [
    "greeting",
    "it sent no greeting of an IMAP server",
    "later",
    "Check remotehost and remoteport",
  ],
  [ENDLESS]: ["greeting", "it sent an endless line", "later"],
  LiteralTooLarge: ["greeting", "it sent an endless greeting", "later"],
  ResponseTooLarge: ["greeting", "it talks without end", "later"],
  ERR_INVALID_URL: [
    "proxy",
    "the proxy's address is no URL that can be used",
    "never",
  ],
};

function closedEarly(
  cause: unknown,
  received: string,
  settings: SessionSettings,
): MailError {
  const endReason = reasonOfEnd(cause);
  if (endReason !== undefined) {
    return connectError(settings, "closed", endReason, { retry: "later" });
  }
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

/** The text of a BYE before the login. */
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
  const { repository, tunnel } = settings;
  // Behind a tunnel the address says it.
  const whose = tunnel === undefined ? ` for repository "${repository}"` : "";
  return new MailError(
    `Cannot connect to ${addressOf(settings)}${whose}: ${text}`,
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

/**
 * The code of an error or of what it wraps. Of several addresses the one that could
 * be reached at all tells most.
 */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  if (cause instanceof AggregateError) {
    const codes = cause.errors.map(codeOf);
    return codes.find((code) => KNOWN[code] !== UNREACHABLE) ?? codes[0] ?? "";
  }
  const own = "code" in cause ? String(cause.code ?? "") : "";
  if (own !== "") return own;
  return cause.cause === undefined ? "" : codeOf(cause.cause);
}
