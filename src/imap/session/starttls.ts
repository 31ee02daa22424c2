/** The greeting, and the change to TLS after it. */
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { handshake } from "./handshake.ts";
import { CLOSED, codedError, readHead, takeLine } from "./stream_head.ts";

const TAG = "T1";
/** More than any server says between STARTTLS and its reply. */
const MAX_LINES = 100;

/**
 * Reads the greeting and gives it back: it is the next owner's.
 *
 * @param received Is told what came, for texts.
 * @returns Whether STARTTLS may be asked for: offered, or nothing said of offers, which
 * asking for it tells as well. After PREAUTH it would come too late (RFC 9051 §11.1).
 */
export async function readGreeting(
  stream: Duplex,
  signal: AbortSignal,
  received: (text: string) => void,
): Promise<boolean> {
  const line = await readHead(stream, (bytes) => {
    received(bytes.toString("latin1", 0, 300));
    const taken = takeLine(bytes);
    return taken && { value: taken.value, used: 0 };
  }, signal);
  const [, status, text = ""] = /^\* (OK|PREAUTH|BYE)(?: (.*))?$/i.exec(line) ??
    [];
  switch (status?.toUpperCase()) {
    case "OK": {
      const [, offers] = /^\[CAPABILITY ([^\]]*)\]/i.exec(text) ?? [];
      return offers === undefined || /(^| )STARTTLS( |$)/i.test(offers);
    }
    case "PREAUTH":
      return false;
    case "BYE":
      throw codedError(CLOSED, "Refused", {
        reason: text.replace(/^\[[^\]]*\] /, ""),
      });
    default:
      throw codedError("NO_GREETING", "This is not IMAP");
  }
}

/**
 * Asks for STARTTLS and does the handshake.
 *
 * @returns undefined: the server refused, and the stream is as it was before.
 * @throws `STARTTLS_INJECTION`: something came behind the reply, which somebody may have
 * put there to be taken as sent under TLS. Else as {@link handshake}.
 */
export async function upgrade(
  socket: Duplex,
  options: { host: string; tls: ConnectionOptions },
  signal: AbortSignal,
): Promise<TLSSocket | undefined> {
  const greeting = await readHead(socket, takeLine, signal);
  socket.write(`${TAG} STARTTLS\r\n`);
  const status = await reply(socket, signal);
  if (status !== "OK") {
    socket.unshift(Buffer.from(`${greeting}\r\n`, "latin1"));
    return undefined;
  }
  if (socket.readableLength > 0) {
    throw codedError("STARTTLS_INJECTION", "Data before TLS");
  }
  return await handshake(socket, options, signal);
}

async function reply(socket: Duplex, signal: AbortSignal): Promise<string> {
  let reason: string | undefined;
  for (let count = 0; count < MAX_LINES; count++) {
    const line = await readHead(socket, takeLine, signal).catch((error) => {
      throw reason === undefined ? error : Object.assign(error, { reason });
    });
    const [, status] = new RegExp(`^${TAG} (OK|NO|BAD)\\b`, "i").exec(line) ??
      [];
    if (status !== undefined) return status.toUpperCase();
    reason = /^\* BYE (.*)$/i.exec(line)?.[1] ?? reason;
  }
  throw codedError("ResponseTooLarge", "Talk without end");
}
