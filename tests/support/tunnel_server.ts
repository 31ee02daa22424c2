/** What a proxy of any kind does, once it knows what to say: accept and tunnel. */

/** A running proxy. */
export interface TunnelServer extends AsyncDisposable {
  readonly port: number;
  /** What clients asked for, `host:port`; names as they were given. */
  readonly requests: readonly string[];
}

/** A client of a proxy, and what is noted of it. */
export interface TunnelClient {
  readonly conn: Deno.Conn;
  /** Notes what the client asks for. */
  note(host: string, port: number | string): void;
  /** Connects to a target, says `granted` to the client, and tunnels until the end. */
  tunnel(
    target: { readonly hostname: string; readonly port: number },
    granted: Uint8Array<ArrayBuffer>,
  ): Promise<void>;
  /** Ends the connection. */
  close(): void;
}

/**
 * Starts a server on 127.0.0.1; disposing of it closes all of its connections.
 * @param serve Talks to one client. What it throws closes the connection.
 */
export function startTunnelServer(
  serve: (client: TunnelClient) => Promise<void>,
): TunnelServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Deno.Conn>();
  const served: Promise<void>[] = [];
  const clientOf = (conn: Deno.Conn): TunnelClient => ({
    conn,
    note: (host, port) => void requests.push(`${host}:${port}`),
    async tunnel(target, granted) {
      const server = await Deno.connect(target);
      open.add(server);
      await conn.write(granted);
      await Promise.allSettled([
        conn.readable.pipeTo(server.writable),
        server.readable.pipeTo(conn.writable),
      ]);
    },
    close: () => close(conn),
  });
  const accept = async () => {
    for await (const conn of listener) {
      open.add(conn);
      served.push(serve(clientOf(conn)).catch(() => close(conn)));
    }
  };
  const accepting = accept();
  return {
    port: listener.addr.port,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) close(conn);
      await accepting.catch(() => {});
      await Promise.all(served);
    },
  };
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It was closed by one of the two directions.
  }
}
