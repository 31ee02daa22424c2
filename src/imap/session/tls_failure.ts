/** What an alert of TLS means, in words, and what to do about it. */
import type { SessionSettings } from "./settings.ts";

/** An explained failure of the handshake. */
export interface TlsFailure {
  /** A clause, such as `it speaks plain text on this port`. */
  readonly text: string;
  readonly hint: string | undefined;
}

/**
 * Explains what the TLS library says (RFC 8446 §6.2 names the alerts; their
 * spelling is rustls's).
 */
export function explainTls(
  said: string,
  settings: SessionSettings,
): TlsFailure {
  const detail = said.replace(/ \(SSL routines.*$/, "");
  const text = `TLS failed: ${detail}`;
  const { clientCertificate, tlsVersion, tls } = settings;
  if (/InvalidContentType|wrong version number|corrupt message/.test(detail)) {
    return {
      text,
      hint: tls === "implicit"
        ? "The server speaks plain text on this port: use ssl = no (STARTTLS " +
          "is then used), or the port for TLS, mostly 993"
        : undefined,
    };
  }
  if (/ProtocolVersion/.test(detail)) {
    return {
      text: `${text}: it does not speak ${
        tlsVersion === undefined ? "TLS 1.2 or newer" : spelt(tlsVersion)
      }`,
      hint: tlsVersion === undefined
        ? "Older versions are broken and not supported. Update the server, or " +
          "reach it by a transporttunnel"
        : "Remove ssl_version: the newest version that both sides know is then " +
          "used",
    };
  }
  if (!REFUSED_CLIENT.test(detail)) return { text, hint: undefined };
  return clientCertificate === undefined
    ? {
      text: /CertificateRequired/.test(detail)
        ? `${text}: it wants to see a certificate of this side`
        : text,
      hint: "Where the server wants a client certificate, name its files as " +
        "sslclientcert and sslclientkey",
    }
    : {
      text: `${text}: it does not accept the client certificate ` +
        `"${clientCertificate.certificate}"`,
      hint: "See whether sslclientcert has expired or belongs to another " +
        "account or authority",
    };
}

/** Alerts of a server that is not content with the client's certificate. */
const REFUSED_CLIENT =
  /received fatal alert: (CertificateRequired|HandshakeFailure|UnknownCA|BadCertificate|Certificate(Unknown|Expired|Revoked)|UnsupportedCertificate|AccessDenied|DecryptError)/;

function spelt(version: string): string {
  return version.replace("TLSv", "TLS ");
}
