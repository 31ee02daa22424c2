/** TLS on a connected socket. */
import { isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { reasonOfEnd } from "../transport.ts";
import { heedErrors, ready } from "./stream_head.ts";

/**
 * What a TLS socket reads on while we are busy. Deno 2.9.6 loses the end of a TLS
 * stream that comes while the socket is stopped, which it is from this mark on; the
 * connection would then sit there until its deadline.
 */
const READ_AHEAD_BYTES = 1024 * 1024;

/** The option for it, which the declared ones lack. */
export const READ_AHEAD = { highWaterMark: READ_AHEAD_BYTES };

/**
 * Puts TLS on a socket and waits for the end of the handshake. Chain and names are
 * checked as the options say.
 *
 * @throws The library's error or the signal's reason; the socket is destroyed.
 */
export async function handshake(
  socket: Duplex,
  { host, tls }: { host: string; tls: ConnectionOptions },
  signal: AbortSignal,
): Promise<TLSSocket> {
  const secure = connect({
    ...tls,
    // Any stream will do, though it is declared otherwise.
    socket: socket as Socket,
    // Also for addresses: it is what the certificate is checked against.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...READ_AHEAD,
  });
  heedErrors(secure);
  if (!(socket instanceof Socket)) sharesEnd(secure, socket);
  try {
    await ready(secure, "secureConnect", signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return secure;
}

/** A stream that is no socket is not closed with TLS, and knows why it ended. */
function sharesEnd(secure: TLSSocket, stream: Duplex): void {
  secure.once("close", () => stream.destroy());
  Object.defineProperty(secure, "endReason", {
    get: () => reasonOfEnd(stream),
  });
}
