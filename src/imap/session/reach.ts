/** From settings to a trusted, connected socket; or to an error that explains. */
import type { Duplex } from "node:stream";
import { MailError } from "../../errors.ts";
import { type CertificateFacts, describeCertificate } from "./certificate.ts";
import {
  connectFailure,
  distrusted,
  isCertificateFailure,
} from "./connect_failure.ts";
import {
  connect,
  type Connected,
  ConnectFailure,
  type ConnectOptions,
} from "./imapflow_client.ts";
import {
  certificateOf,
  distrust,
  systemAuthorities,
  tlsOptions,
  type Trust,
} from "./secure.ts";
import {
  addressOf,
  isLoopback,
  portOf,
  type SessionSettings,
  type Tunnel,
} from "./settings.ts";
import { TunnelStream } from "./tunnel.ts";

const CONNECT_TIMEOUT_MS = 30_000;
const REPLY_TIMEOUT_MS = 60_000;

/** Repositories whose server only the system's authorities vouch for. */
const trustedBySystem = new WeakSet<SessionSettings>();

/**
 * Connects and makes sure that the server is the right one and that nobody
 * listens. Nothing of the user has been sent when it returns.
 *
 * @throws {MailError} `connect.…`: see {@link connectFailure}.
 */
export async function reach(
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  if (settings.tunnel !== undefined) {
    return throughTunnel(settings, settings.tunnel);
  }
  const connected = await connectTrusted(settings, signal);
  const { socket } = connected;
  const refusal = connected.secure
    ? untrusted(settings, socket)
    : plaintextRefusal(settings);
  if (refusal === undefined) return connected;
  socket.destroy();
  throw refusal;
}

/**
 * The tunnel is what the user trusts: neither TLS nor a refusal of plain text, as
 * in OfflineIMAP, which tries STARTTLS all the same and fails if it is offered.
 */
function throughTunnel(settings: SessionSettings, tunnel: Tunnel): Connected {
  try {
    const socket = new TunnelStream(tunnel);
    socket.on("error", () => {});
    return { socket, secure: false, greeted: false };
  } catch (error) {
    throw connectFailure(error, "", settings);
  }
}

async function connectTrusted(
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const trust = trustedBySystem.has(settings) ? "system" : "runtime";
  try {
    return await attempt(settings, trust, signal);
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    if (!isCertificateFailure(error.cause)) {
      throw connectFailure(error.cause, error.received, settings);
    }
  }
  return await secondChance(settings, trust, signal);
}

/**
 * The runtime's own authorities do not know a company's; the system's may. They
 * are asked second, since reading them takes time that others need not spend.
 */
async function secondChance(
  settings: SessionSettings,
  failed: Trust,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const more = failed === "runtime" && settings.caFile === undefined &&
    systemAuthorities().length > 0;
  if (more) {
    try {
      const connected = await attempt(settings, "system", signal);
      trustedBySystem.add(settings);
      return connected;
    } catch (error) {
      if (!(error instanceof ConnectFailure)) throw error;
    }
  }
  const facts = await lookAtCertificate(settings, signal);
  throw distrusted(settings, "its certificate is not trusted", facts);
}

async function attempt(
  settings: SessionSettings,
  trust: Trust,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const options: ConnectOptions = {
    host: settings.host,
    port: portOf(settings),
    mode: settings.tls,
    tls: await tlsOptions(settings, trust),
    proxy: settings.proxy,
    connectTimeoutMs: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    greetingTimeoutMs: settings.replyTimeoutMs ?? REPLY_TIMEOUT_MS,
    signal,
  };
  return await connect(options);
}

function untrusted(
  settings: SessionSettings,
  socket: Duplex,
): MailError | undefined {
  const why = distrust(socket, settings);
  if (why === undefined) return undefined;
  return distrusted(settings, why, describe(settings, socket));
}

/** Connects once more without checks, only to see what the server shows. */
async function lookAtCertificate(
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<CertificateFacts | undefined> {
  try {
    const { socket } = await attempt(settings, "none", signal);
    try {
      return describe(settings, socket);
    } finally {
      socket.destroy();
    }
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function describe(
  settings: SessionSettings,
  socket: Duplex,
): CertificateFacts | undefined {
  const der = certificateOf(socket);
  return der && describeCertificate(der, settings.host, new Date());
}

/** STARTTLS that is not offered may have been taken out by somebody in between. */
function plaintextRefusal(settings: SessionSettings): MailError | undefined {
  if (settings.tls === "none") return undefined;
  if (settings.allowPlaintext || isLoopback(settings.host)) return undefined;
  return new MailError(
    `${
      addressOf(settings)
    } does not offer STARTTLS: the password and all mail ` +
      "would be sent in plain text",
    {
      code: "connect.plaintext",
      scope: "account",
      retry: "never",
      hint: "Use ssl = yes; only on a network that is safe by itself say " +
        "starttls = no",
    },
  );
}
