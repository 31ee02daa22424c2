/** A hostile server: the words of a good one, changed on their way. */

/** Changes what the server sends, given as one character an octet. */
export type Rewrite = (text: string) => string;

/** A running rewriter. Disposing of it cuts every connection. */
export interface Rewriter extends AsyncDisposable {
  readonly port: number;
}

/** Stands before the server at `target` of this machine. */
export function startRewriter(target: number, rewrite: Rewrite): Rewriter {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const links: Promise<unknown>[] = [];
  const accepting = (async () => {
    for await (const client of listener) {
      links.push(link(client, target, rewrite, open).catch(() => {}));
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) close(conn);
      await accepting.catch(() => {});
      await Promise.all(links);
    },
  };
}

async function link(
  client: Deno.Conn,
  port: number,
  rewrite: Rewrite,
  open: Set<Deno.Conn>,
): Promise<void> {
  open.add(client);
  const server = await Deno.connect({ hostname: "127.0.0.1", port });
  open.add(server);
  const up = client.readable.pipeTo(server.writable);
  const down = server.readable.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, out) => out.enqueue(changed(bytes, rewrite)),
    }),
  ).pipeTo(client.writable);
  await Promise.allSettled([up, down]);
  for (const conn of [client, server]) {
    open.delete(conn);
    close(conn);
  }
}

function changed(bytes: Uint8Array, rewrite: Rewrite): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const after = rewrite(text);
  return after === text
    ? bytes
    : Uint8Array.from(after, (char) => char.charCodeAt(0));
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It has ended by itself.
  }
}
