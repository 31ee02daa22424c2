/** One attempt to connect, with the checks that TLS itself makes. */
import type { Duplex } from "node:stream";
import { type CertificateFacts, describeCertificate } from "./certificate.ts";
import { connectFailure } from "./connect_failure.ts";
import {
  connect,
  type Connected,
  ConnectFailure,
  type ConnectOptions,
} from "./connect.ts";
import { certificateOf, tlsOptions, type Trust } from "./secure.ts";
import { portOf, type SessionSettings, tlsMode } from "./settings.ts";

const CONNECT_TIMEOUT_MS = 30_000;
const REPLY_TIMEOUT_MS = 60_000;

/**
 * Connects, with TLS as the settings say.
 *
 * @throws {ConnectFailure}
 * @throws {MailError} `config.value`: see {@link tlsOptions}.
 */
export async function attempt(
  settings: SessionSettings,
  trust: Trust,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const options: ConnectOptions = {
    host: settings.host,
    port: portOf(settings),
    mode: tlsMode(settings),
    tls: await tlsOptions(settings, trust),
    proxy: settings.proxy,
    tunnel: settings.tunnel,
    family: settings.ipv6 === undefined ? undefined : settings.ipv6 ? 6 : 4,
    connectTimeoutMs: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    greetingTimeoutMs: settings.replyTimeoutMs ?? REPLY_TIMEOUT_MS,
    signal,
  };
  return await connect(options);
}

/** As {@link attempt}, but failures are told to people. @throws {MailError} */
export async function attemptOrExplain(
  settings: SessionSettings,
  trust: Trust,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  try {
    return await attempt(settings, trust, signal);
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    throw connectFailure(error, settings);
  }
}

/** What the server showed on this connection; undefined without TLS. */
export function describe(
  settings: SessionSettings,
  socket: Duplex,
): CertificateFacts | undefined {
  const der = certificateOf(socket);
  return der && describeCertificate(der, settings.host, new Date());
}
