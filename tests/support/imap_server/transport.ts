/** A byte stream under a session: plain, TLS, or either one deflated. */

/** What a session reads from and writes to. */
export interface Transport {
  /** Fills (part of) `target`; null at the end of the stream. */
  read(target: Uint8Array): Promise<number | null>;
  /** Resolves when all bytes are handed to the system. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that nothing more follows; the other side can still be read. */
  closeWrite(): Promise<void>;
  /** Ends both directions at once; safe to call again. */
  close(): void;
}

/** How long {@link finish} waits for the client to hang up. */
const LINGER_MS = 500;

/**
 * Ends the stream so that the client gets all that was sent: closing a socket
 * with unread input makes the kernel send a reset, which can overtake data.
 */
export async function finish(transport: Transport): Promise<void> {
  const timer = setTimeout(() => transport.close(), LINGER_MS);
  try {
    await transport.closeWrite();
    const waste = new Uint8Array(16 * 1024);
    while (await transport.read(waste) !== null);
  } catch {
    // It is gone already, which is what we want.
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

/** A socket of Deno as a transport. */
export function connTransport(conn: Deno.Conn): Transport {
  return {
    read: (target) => conn.read(target),
    async write(bytes) {
      for (let at = 0; at < bytes.length;) {
        at += await conn.write(bytes.subarray(at));
      }
    },
    closeWrite: async () => {
      if ("closeWrite" in conn) await conn.closeWrite();
    },
    close() {
      try {
        conn.close();
      } catch {
        // Closed before: by the peer or by a vice.
      }
    },
  };
}
