/** Counts the round trips of a connection from outside, as bytes on a wire. */

/** A forwarder in front of a server. */
export interface Tap extends AsyncDisposable {
  readonly port: number;
  /** How often the server spoke after the client (or after the connect). */
  roundTrips(): number;
}

/** Forwards connections to `port`, each direction delayed by `delayMs`. */
export function tap(port: number, delayMs = 0): Tap {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let roundTrips = 0;
  const accept = async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      for (const conn of [client, server]) {
        conn.setNoDelay(true);
        open.add(conn);
      }
      let clientSpoke = true;
      forward(client, server, delayMs, () => clientSpoke = true);
      forward(server, client, delayMs, () => {
        if (clientSpoke) roundTrips++;
        clientSpoke = false;
      });
    }
  };
  const accepting = accept().catch(() => {});
  return {
    port: listener.addr.port,
    roundTrips: () => roundTrips,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) close(conn);
      await accepting;
    },
  };
}

async function forward(
  from: Deno.Conn,
  to: Deno.Conn,
  delayMs: number,
  saw: () => void,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) break;
      saw();
      if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
      for (let at = 0; at < count;) {
        at += await to.write(buffer.subarray(at, count));
      }
    }
  } catch {
    // One side was closed: the other follows.
  }
  close(to);
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
