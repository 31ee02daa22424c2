/** Reaching a token endpoint through the proxy that mail goes through. */
import type { Duplex } from "node:stream";
import { getCACertificates } from "node:tls";
import { dial } from "../imap/session/dial.ts";
import { handshake } from "../imap/session/handshake.ts";
import { ProxyFailure, proxyName } from "../imap/session/proxy_failure.ts";

/**
 * Connects to the host of a URL through a proxy, which looks the name up; with TLS
 * for `https`.
 *
 * @param proxy As `proxyUrl()` gives it.
 * @param authorities Beside the runtime's own, as PEM.
 * @throws An error of the system, of TLS or about the proxy, or the signal's reason.
 */
export async function connectThrough(
  proxy: string,
  authorities: readonly string[],
  { protocol, hostname, port }: URL,
  signal: AbortSignal,
): Promise<Duplex> {
  const secure = protocol === "https:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const target = { host, port: Number(port) || (secure ? 443 : 80) };
  const socket = await dial({ ...target, proxy, family: undefined }, [], signal)
    .catch((error) => {
      if (!(error instanceof ProxyFailure)) throw error;
      throw new Error(`the ${proxyName(proxy)} ${error.message}`);
    });
  if (!secure) return socket;
  const ca = [...getCACertificates("default"), ...authorities];
  const tls = { ca, minVersion: "TLSv1.2" } as const;
  return await handshake(socket, { host, tls }, signal);
}
