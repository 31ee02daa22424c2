/** A small HTTP proxy that knows CONNECT (RFC 9110 §9.3.6), on 127.0.0.1. */

/** How the proxy behaves. */
export interface HttpProxyOptions {
  /** Only these are let in. @default anybody */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Answers every request with this status. */
  readonly refuse?: number;
  /** Accepts connections and never answers. */
  readonly silent?: boolean;
}

/** A running proxy. */
export interface HttpProxy extends AsyncDisposable {
  readonly port: number;
  /** What clients asked for, `host:port`; names as they were given. */
  readonly requests: readonly string[];
}

/** Starts a proxy; disposing of it closes all of its connections. */
export function startHttpProxy(options: HttpProxyOptions = {}): HttpProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Deno.Conn>();
  const tunnels: Promise<void>[] = [];
  const accept = async () => {
    for await (const client of listener) {
      open.add(client);
      tunnels.push(
        serve(client, options, requests, open).catch(() => close(client)),
      );
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
      await Promise.all(tunnels);
    },
  };
}

async function serve(
  client: Deno.Conn,
  options: HttpProxyOptions,
  requests: string[],
  open: Set<Deno.Conn>,
): Promise<void> {
  const head = await readHead(client);
  if (options.silent) return;
  const [, host = "", port = ""] = /^CONNECT (.+):(\d+) HTTP\/1\.1\r\n/
    .exec(head) ?? [];
  requests.push(`${host}:${port}`);
  if (!isKnown(head, options)) return await refuse(client, 407);
  if (options.refuse !== undefined) return await refuse(client, options.refuse);
  const server = await Deno.connect({
    hostname: host.replace(/^\[|\]$/g, ""),
    port: Number(port),
  });
  open.add(server);
  await say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
  await Promise.allSettled([
    client.readable.pipeTo(server.writable),
    server.readable.pipeTo(client.writable),
  ]);
}

function isKnown(head: string, { credentials }: HttpProxyOptions): boolean {
  if (credentials === undefined) return true;
  const { user, password } = credentials;
  const [, given] = /\r\nproxy-authorization: basic (\S+)/i.exec(head) ?? [];
  return given === btoa(`${user}:${password}`);
}

async function refuse(client: Deno.Conn, status: number): Promise<void> {
  await say(client, `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
  close(client);
}

/** Byte by byte: what follows belongs to the tunnel. */
async function readHead(client: Deno.Conn): Promise<string> {
  const byte = new Uint8Array(1);
  let head = "";
  while (!head.endsWith("\r\n\r\n")) {
    if (await client.read(byte) === null) throw new Error("No request");
    head += String.fromCharCode(byte[0] ?? 0);
  }
  return head;
}

async function say(client: Deno.Conn, text: string): Promise<void> {
  await client.write(new TextEncoder().encode(text));
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It was closed by one of the two directions.
  }
}
