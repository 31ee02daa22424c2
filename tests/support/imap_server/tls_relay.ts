/** TLS on the server's side of a stream that is already open (STARTTLS). */
import type { TlsIdentity } from "./session_host.ts";
import { connTransport, type Transport } from "./transport.ts";

/**
 * A TLS transport on top of a plain one.
 *
 * The runtime can start TLS on an accepted socket only from its first byte, so
 * the rest of the plain stream is passed through a listener of our own.
 */
export async function startServerTls(
  plain: Transport,
  { cert, key }: TlsIdentity,
): Promise<Transport> {
  const listener = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert,
    key,
  });
  try {
    const { port } = listener.addr;
    const inner = connTransport(
      await Deno.connect({ hostname: "127.0.0.1", port }),
    );
    const secure = connTransport(await listener.accept());
    pump(plain, inner);
    pump(inner, plain);
    return {
      ...secure,
      close() {
        secure.close();
        inner.close();
        plain.close();
      },
    };
  } finally {
    listener.close();
  }
}

async function pump(from: Transport, to: Transport): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) break;
      await to.write(buffer.subarray(0, count));
    }
    await to.closeWrite();
  } catch {
    to.close();
  }
}
