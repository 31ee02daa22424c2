/** Which servers are trusted: TLS settings, and the check of a certificate. */
import { getCACertificates, TLSSocket } from "node:tls";
import type { ConnectionOptions } from "node:tls";
import type { Duplex } from "node:stream";
import { MailError, messageOf } from "../../errors.ts";
import { matchesFingerprint, normalizeFingerprint } from "./certificate.ts";
import { clientCertificate } from "./client_certificate.ts";
import { addressOf, type SessionSettings } from "./settings.ts";
import { codedError } from "./stream_head.ts";

/** Which authorities count beside the ones that a configuration names. */
export type Trust =
  /** Those of the runtime, `NODE_EXTRA_CA_CERTS` and `DENO_CERT`. */
  | "runtime"
  /** Those and the ones that this system trusts. */
  | "system"
  /** Anything goes: to look at a certificate that failed, never to log in. */
  | "none";

/**
 * What `tls.connect` is told.
 *
 * @throws {MailError} `config.value`: the file of authorities, a fingerprint or the
 * client certificate cannot be used.
 */
export async function tlsOptions(
  settings: SessionSettings,
  trust: Trust,
): Promise<ConnectionOptions> {
  checkFingerprints(settings);
  const options: ConnectionOptions = {
    minVersion: settings.tlsVersion ?? "TLSv1.2",
    ...(settings.tlsVersion === undefined
      ? {}
      : { maxVersion: settings.tlsVersion }),
    ...await clientCertificate(settings),
  };
  if (settings.caFile !== undefined) {
    options.ca = await readAuthorities(settings, settings.caFile);
  } else if (trust === "system") {
    options.ca = [...getCACertificates("default"), ...systemAuthorities()];
  }
  options.rejectUnauthorized = trust !== "none" && mustVerify(settings);
  // In a tunnel there may be no name, and TLS would then check for "localhost".
  if (settings.host === "") options.checkServerIdentity = () => NAMELESS;
  return options;
}

/**
 * Whether the chain must be good: with fingerprints alone they are all that
 * counts. Without any, nothing can switch the check off.
 */
export function mustVerify(settings: SessionSettings): boolean {
  if (!settings.fingerprints?.length) return true;
  return settings.verifyChain ?? settings.caFile !== undefined;
}

/** The authorities that this system trusts; none where that cannot be read. */
export function systemAuthorities(): string[] {
  try {
    return getCACertificates("system");
  } catch {
    return [];
  }
}

/**
 * Checks what TLS itself did not: the fingerprints, and once more that the chain
 * was verified where it must be.
 *
 * @returns `undefined` when the server is trusted, else what is wrong.
 */
export function distrust(
  socket: Duplex,
  settings: SessionSettings,
): string | undefined {
  if (!(socket instanceof TLSSocket)) return "it is not protected by TLS";
  if (mustVerify(settings) && !socket.authorized) {
    return "its certificate was not verified";
  }
  const { fingerprints = [] } = settings;
  if (fingerprints.length === 0) return undefined;
  const der = certificateOf(socket);
  if (der && matchesFingerprint(der, fingerprints)) return undefined;
  return "its certificate has another fingerprint than cert_fingerprint says";
}

/** The server's certificate (DER) on an open TLS connection. */
export function certificateOf(socket: Duplex): Uint8Array | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return socket.getPeerCertificate(true)?.raw;
}

const NAMELESS = codedError(
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "There is no name to check the certificate against",
);

async function readAuthorities(
  settings: SessionSettings,
  path: string,
): Promise<string> {
  const problem = (why: string) =>
    new MailError(
      `Cannot use sslcacertfile "${path}" of repository ` +
        `"${settings.repository}": ${why}`,
      { code: "config.value", scope: "account", retry: "never" },
    );
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw problem(messageOf(error));
  }
  // Without this a wrong file would show as a server that is not trusted.
  if (!text.includes("-----BEGIN ")) throw problem("it holds no certificates");
  return text;
}

function checkFingerprints(settings: SessionSettings): void {
  for (const fingerprint of settings.fingerprints ?? []) {
    if (normalizeFingerprint(fingerprint) !== undefined) continue;
    throw new MailError(
      `cert_fingerprint "${fingerprint}" of repository ` +
        `"${settings.repository}" for ${
          addressOf(settings)
        } is not the hex of ` +
        "a SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512 hash",
      { code: "config.value", scope: "account", retry: "never" },
    );
  }
}
