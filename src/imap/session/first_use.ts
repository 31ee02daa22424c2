/**
 * Trust on first use, for servers on this machine alone: mail bridges make their
 * certificates themselves, and nothing but another program of this machine could
 * stand in for them.
 */
import type { Duplex } from "node:stream";
import type { MailError } from "../../errors.ts";
import type { CertificateFacts } from "./certificate.ts";
import { connectError } from "./connect_failure.ts";
import {
  addressOf,
  isLoopback,
  type KnownCertificate,
  type KnownCertificates,
  type SessionSettings,
} from "./settings.ts";

/**
 * Whether the first certificate of this server may be believed: the name leads to
 * this machine and no proxy could take it elsewhere, and nothing was configured that
 * says how to check it.
 */
export function mayTrustFirst(settings: SessionSettings): boolean {
  return settings.tls !== "none" && isLocal(settings) &&
    settings.caFile === undefined &&
    !settings.fingerprints?.length;
}

/** Whether the server is on this machine by its name, and nothing lies between. */
export function isLocal({ host, proxy, tunnel }: SessionSettings): boolean {
  return proxy === undefined && tunnel === undefined && isLoopback(host);
}

/** What a known certificate makes of the settings: it is all that is asked for. */
export function trusting(
  settings: SessionSettings,
  { sha256 }: KnownCertificate,
): SessionSettings {
  return { ...settings, fingerprints: [sha256], verifyChain: false };
}

/** Whether a name that should lead to this machine really did. */
export function isLocalPeer(socket: Duplex): boolean {
  const address = "remoteAddress" in socket ? socket.remoteAddress : undefined;
  return typeof address === "string" &&
    isLoopback(address.replace(/^::ffff:/i, ""));
}

/** Another certificate than the one of the first use, and nobody vouches for it. */
export function changed(
  settings: SessionSettings,
  known: KnownCertificates,
  before: KnownCertificate,
  facts: CertificateFacts,
): MailError {
  const address = addressOf(settings);
  return connectError(
    settings,
    "certificate-changed",
    `its certificate is not the one that was remembered on ${before.since} ` +
      `(SHA-256 ${before.sha256}); another program may stand in for it. It ` +
      `shows subject ${facts.subject}; issuer ${facts.issuer}; valid until ` +
      `${facts.validTo}; names ${facts.names}; SHA-256 ${facts.sha256}`,
    {
      retry: "never",
      hint: "If you installed the server anew or it renewed its certificate, " +
        `remove the line of ${address} from "${known.place}", or accept this ` +
        `one with: cert_fingerprint = ${facts.sha256}`,
    },
  );
}

/** No TLS any more: whoever stands in for a server would leave it out. */
export function withoutTls(
  settings: SessionSettings,
  known: KnownCertificates,
  before: KnownCertificate,
): MailError {
  return connectError(
    settings,
    "plaintext",
    `it offers no STARTTLS any more, though it did on ${before.since}`,
    {
      retry: "never",
      hint: "If you switched TLS off there, remove the line of " +
        `${addressOf(settings)} from "${known.place}"`,
    },
  );
}
