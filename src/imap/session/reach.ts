/** From settings to a trusted, connected socket; or to an error that explains. */
import type { Duplex } from "node:stream";
import { MailError } from "../../errors.ts";
import { attempt, attemptOrExplain, describe } from "./attempt.ts";
import type { CertificateFacts } from "./certificate.ts";
import {
  connectFailure,
  distrusted,
  isCertificateFailure,
} from "./connect_failure.ts";
import {
  changed,
  isLocal,
  isLocalPeer,
  mayTrustFirst,
  trusting,
  withoutTls,
} from "./first_use.ts";
import { type Connected, ConnectFailure } from "./connect.ts";
import { distrust, systemAuthorities, type Trust } from "./secure.ts";
import {
  addressOf,
  type KnownCertificate,
  type KnownCertificates,
  type SessionSettings,
  tlsMode,
  type Tunnel,
} from "./settings.ts";
import { TunnelStream } from "./tunnel.ts";

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
  { signal, known }: ReachContext,
): Promise<Connected> {
  if (settings.tunnel !== undefined && tlsMode(settings) === "none") {
    return await throughTunnel(settings, settings.tunnel);
  }
  const memory = mayTrustFirst(settings) ? known : undefined;
  const before = await memory?.get(addressOf(settings));
  if (memory !== undefined && before !== undefined) {
    return await reachKnown(settings, memory, before, signal);
  }
  const connected = await reachVouched(settings, signal);
  if (connected !== undefined) return connected;
  if (memory !== undefined) return await reachFirst(settings, memory, signal);
  const facts = await lookAtCertificate(settings, signal);
  throw distrusted(settings, "its certificate is not trusted", facts);
}

/** What {@link reach} needs beside the settings. */
export interface ReachContext {
  readonly signal?: AbortSignal | undefined;
  readonly known?: KnownCertificates | undefined;
}

/** A server whose certificate is remembered from its first use. */
async function reachKnown(
  settings: SessionSettings,
  memory: KnownCertificates,
  before: KnownCertificate,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const connected = await attemptOrExplain(settings, "none", signal);
  const { socket, secure } = connected;
  if (secure && !distrust(socket, trusting(settings, before))) {
    return connected;
  }
  const facts = describe(settings, socket);
  socket.destroy();
  if (facts === undefined) throw withoutTls(settings, memory, before);
  // It may have one now that somebody vouches for.
  const vouched = await reachVouched(settings, signal);
  if (vouched !== undefined) return vouched;
  throw changed(settings, memory, before, facts);
}

/** A server on this machine that nobody vouches for: remembered from now on. */
async function reachFirst(
  settings: SessionSettings,
  memory: KnownCertificates,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const connected = await attemptOrExplain(settings, "none", signal);
  const { socket } = connected;
  const facts = describe(settings, socket);
  if (facts !== undefined && isLocalPeer(socket)) {
    await memory.keep(addressOf(settings), facts.sha256);
    return connected;
  }
  socket.destroy();
  throw distrusted(settings, "its certificate is not trusted", facts);
}

/**
 * Connects with chain, names and fingerprints checked, and with no TLS where that is
 * allowed.
 *
 * @returns undefined: nobody vouches for the certificate.
 */
async function reachVouched(
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<Connected | undefined> {
  const connected = await connectTrusted(settings, signal);
  if (connected === undefined) return undefined;
  const { socket } = connected;
  const refusal = connected.secure
    ? untrusted(settings, socket)
    : plaintextRefusal(settings);
  if (refusal === undefined) return connected;
  socket.destroy();
  throw refusal;
}

/** The tunnel is what the user trusts: neither TLS nor a refusal of plain text. */
async function throughTunnel(
  settings: SessionSettings,
  tunnel: Tunnel,
): Promise<Connected> {
  try {
    const socket = new TunnelStream(tunnel, await tunnel.start?.());
    socket.on("error", () => {});
    return { socket, secure: false, greeted: false };
  } catch (error) {
    throw connectFailure(new ConnectFailure(error, "", []), settings);
  }
}

async function connectTrusted(
  settings: SessionSettings,
  signal: AbortSignal | undefined,
): Promise<Connected | undefined> {
  const trust = trustedBySystem.has(settings) ? "system" : "runtime";
  try {
    return await attempt(settings, trust, signal);
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    if (!isCertificateFailure(error.cause)) {
      throw connectFailure(error, settings);
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
): Promise<Connected | undefined> {
  const more = failed === "runtime" && settings.caFile === undefined &&
    systemAuthorities().length > 0;
  if (!more) return undefined;
  try {
    const connected = await attempt(settings, "system", signal);
    trustedBySystem.add(settings);
    return connected;
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    return undefined;
  }
}

function untrusted(
  settings: SessionSettings,
  socket: Duplex,
): MailError | undefined {
  const why = distrust(socket, settings);
  if (why === undefined) return undefined;
  // The chain was good, or needs not be.
  const rest = { ...settings, verifyChain: false };
  return distrusted(rest, why, describe(settings, socket));
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

/** STARTTLS that is not offered may have been taken out by somebody in between. */
function plaintextRefusal(settings: SessionSettings): MailError | undefined {
  const { tunnel, tls, allowPlaintext } = settings;
  if (tls === "none" || allowPlaintext || isLocal(settings)) return undefined;
  // A tunnel is trusted, as in OfflineIMAP, unless something says which certificate
  // there has to be.
  if (tunnel !== undefined && !namesTrust(settings)) return undefined;
  return new MailError(
    `${
      addressOf(settings)
    } does not offer STARTTLS: the password and all mail ` +
      "would be sent in plain text",
    {
      code: "connect.plaintext",
      scope: "account",
      retry: "never",
      hint: tunnel === undefined
        ? "Use ssl = yes; only on a network that is safe by itself say " +
          "starttls = no"
        : "If the tunnel itself protects the way to the server, say " +
          "starttls = no",
    },
  );
}

function namesTrust({ caFile, fingerprints }: SessionSettings): boolean {
  return caFile !== undefined || (fingerprints?.length ?? 0) > 0;
}
