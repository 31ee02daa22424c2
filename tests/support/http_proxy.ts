/** A small HTTP proxy that knows CONNECT (RFC 9110 §9.3.6), on 127.0.0.1. */
import {
  startTunnelServer,
  type TunnelClient,
  type TunnelServer,
} from "./tunnel_server.ts";

/** How the proxy behaves. */
export interface HttpProxyOptions {
  /** Only these are let in. @default anybody */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Answers every request with this status. */
  readonly refuse?: number;
  /** Accepts connections and never answers. */
  readonly silent?: boolean;
}

/** Starts a proxy; disposing of it closes all of its connections. */
export function startHttpProxy(options: HttpProxyOptions = {}): TunnelServer {
  return startTunnelServer((client) => serve(client, options));
}

async function serve(
  client: TunnelClient,
  options: HttpProxyOptions,
): Promise<void> {
  const head = await readHead(client.conn);
  if (options.silent) return;
  const [, host = "", port = ""] = /^CONNECT (.+):(\d+) HTTP\/1\.1\r\n/
    .exec(head) ?? [];
  client.note(host, port);
  if (!isKnown(head, options)) return await refuse(client, 407);
  if (options.refuse !== undefined) return await refuse(client, options.refuse);
  await client.tunnel(
    { hostname: host.replace(/^\[|\]$/g, ""), port: Number(port) },
    new TextEncoder().encode("HTTP/1.1 200 Connection established\r\n\r\n"),
  );
}

function isKnown(head: string, { credentials }: HttpProxyOptions): boolean {
  if (credentials === undefined) return true;
  const { user, password } = credentials;
  const [, given] = /\r\nproxy-authorization: basic (\S+)/i.exec(head) ?? [];
  return given === btoa(`${user}:${password}`);
}

async function refuse(client: TunnelClient, status: number): Promise<void> {
  await client.conn.write(
    new TextEncoder().encode(
      `HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`,
    ),
  );
  client.close();
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
