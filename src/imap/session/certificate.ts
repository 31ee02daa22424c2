/** What a server shows of itself: told to people, compared with fingerprints. */
import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** Hash functions of `cert_fingerprint` by the length of their hex text. */
const HASHES = new Map([
  [40, "sha1"],
  [56, "sha224"],
  [64, "sha256"],
  [96, "sha384"],
  [128, "sha512"],
]);

/**
 * `fingerprint` as lower-case hex without colons and blanks.
 *
 * @returns `undefined` when it is not hex of a length that a known hash has.
 */
export function normalizeFingerprint(fingerprint: string): string | undefined {
  const hex = fingerprint.replaceAll(/[:\s]/g, "").toLowerCase();
  return /^[0-9a-f]+$/.test(hex) && HASHES.has(hex.length) ? hex : undefined;
}

/** Whether one of `fingerprints` is the hash of the certificate (DER). */
export function matchesFingerprint(
  der: Uint8Array,
  fingerprints: readonly string[],
): boolean {
  return fingerprints.some((fingerprint) => {
    const wanted = normalizeFingerprint(fingerprint);
    const hash = HASHES.get(wanted?.length ?? 0);
    if (wanted === undefined || hash === undefined) return false;
    return createHash(hash).update(der).digest("hex") === wanted;
  });
}

/** A certificate in words. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** `Jan  1 00:00:00 2045 GMT` */
  readonly validTo: string;
  /** The names it is for, such as `DNS:imap.example.org`. */
  readonly names: string;
  /** Lower-case hex without colons, as `cert_fingerprint` takes it. */
  readonly sha256: string;
  /** What is wrong with it for `host`, best guess first; empty: nothing seen here. */
  readonly faults: readonly string[];
}

/** Reads a certificate (DER) that was shown for `host` at the moment `now`. */
export function describeCertificate(
  der: Uint8Array,
  host: string,
  now: Date,
): CertificateFacts {
  const certificate = new X509Certificate(der);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validTo: certificate.validTo,
    names: certificate.subjectAltName ?? "none",
    sha256: createHash("sha256").update(der).digest("hex"),
    faults: faultsOf(certificate, host, now),
  };
}

function faultsOf(
  certificate: X509Certificate,
  host: string,
  now: Date,
): string[] {
  const faults: string[] = [];
  const { subject, issuer, validFrom, validTo } = certificate;
  if (new Date(validTo) < now) faults.push(`it expired on ${validTo}`);
  if (new Date(validFrom) > now) faults.push(`it begins on ${validFrom}`);
  const named = isIP(host) === 0
    ? certificate.checkHost(host)
    : certificate.checkIP(host);
  if (host === "") faults.push("there is no remotehost to compare it with");
  else if (named === undefined) faults.push(`it is not for "${host}"`);
  if (subject === issuer) faults.push("it is signed by itself");
  return faults;
}

/** Escapes what a certificate may hold to fool a terminal. */
function oneLine(name: string): string {
  return name.replaceAll(/\s*\n\s*/g, ", ").replaceAll(/[\x00-\x1f\x7f]/g, "?");
}
