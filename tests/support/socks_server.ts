/** A small proxy on 127.0.0.1: SOCKS5 (RFC 1928, 1929), SOCKS4 and SOCKS4a. */
import {
  startTunnelServer,
  type TunnelClient,
  type TunnelServer,
} from "./tunnel_server.ts";

/** How the proxy behaves. */
export interface SocksOptions {
  /** Where a request really goes. @default where it asks to go */
  route?: (host: string, port: number) => { hostname: string; port: number };
  /** Only these are let in. @default anybody */
  credentials?: { user: string; password: string };
  /** Answers every request with this error of RFC 1928 §6. */
  refuse?: number;
}

/** A running proxy. */
export interface SocksServer extends TunnelServer {
  /** `socks5://127.0.0.1:PORT` */
  readonly url: string;
}

/** Starts a proxy; disposing of it closes all of its connections. */
export function startSocksServer(options: SocksOptions = {}): SocksServer {
  const server = startTunnelServer((client) => serve(client, options));
  return { ...server, url: `socks5://127.0.0.1:${server.port}` };
}

async function serve(
  client: TunnelClient,
  options: SocksOptions,
): Promise<void> {
  const { conn } = client;
  const [version, count = 0] = await read(conn, 2);
  if (version === 4) return await serveVersion4(client, options);
  const methods = await read(conn, count);
  const wanted = options.credentials ? 2 : 0;
  if (!methods.includes(wanted)) {
    await conn.write(Uint8Array.of(5, 0xff));
    return client.close();
  }
  await conn.write(Uint8Array.of(5, wanted));
  if (options.credentials && !await checkLogin(conn, options.credentials)) {
    return client.close();
  }
  const { host, port } = await readRequest(conn);
  client.note(host, port);
  if (options.refuse !== undefined) {
    await conn.write(reply(options.refuse));
    return client.close();
  }
  await client.tunnel(targetOf(options, host, port), reply(0));
}

/**
 * SOCKS4 and, with an address 0.0.0.x, SOCKS4a: a name follows. Its command byte was
 * read already. The user is compared with that of the options.
 */
async function serveVersion4(
  client: TunnelClient,
  options: SocksOptions,
): Promise<void> {
  const { conn } = client;
  const [high = 0, low = 0, ...address] = await read(conn, 6);
  const user = await readToZero(conn);
  const named = address.slice(0, 3).every((part) => part === 0);
  const host = named ? await readToZero(conn) : address.join(".");
  const port = high * 256 + low;
  client.note(host, port);
  const known = !options.credentials || options.credentials.user === user;
  const answer = (code: number) => Uint8Array.of(0, code, 0, 0, 0, 0, 0, 0);
  if (!known || options.refuse !== undefined) {
    await conn.write(answer(0x5b));
    return client.close();
  }
  await client.tunnel(targetOf(options, host, port), answer(0x5a));
}

function targetOf({ route }: SocksOptions, host: string, port: number) {
  return route?.(host, port) ?? { hostname: host, port };
}

async function readToZero(client: Deno.Conn): Promise<string> {
  let found = "";
  for (;;) {
    const [byte = 0] = await read(client, 1);
    if (byte === 0) return found;
    found += String.fromCharCode(byte);
  }
}

async function checkLogin(
  client: Deno.Conn,
  { user, password }: { user: string; password: string },
): Promise<boolean> {
  const [, userLength = 0] = await read(client, 2);
  const givenUser = text(await read(client, userLength));
  const [passwordLength = 0] = await read(client, 1);
  const givenPassword = text(await read(client, passwordLength));
  const good = givenUser === user && givenPassword === password;
  await client.write(Uint8Array.of(1, good ? 0 : 1));
  return good;
}

async function readRequest(
  client: Deno.Conn,
): Promise<{ host: string; port: number }> {
  const [, , , type] = await read(client, 4);
  let host: string;
  if (type === 1) host = (await read(client, 4)).join(".");
  else {
    const [length = 0] = await read(client, 1);
    host = text(await read(client, length));
  }
  const [high = 0, low = 0] = await read(client, 2);
  return { host, port: high * 256 + low };
}

function reply(status: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(5, status, 0, 1, 0, 0, 0, 0, 0, 0);
}

async function read(conn: Deno.Conn, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const got = await conn.read(bytes.subarray(at));
    if (got === null) throw new Error("The client hung up");
    at += got;
  }
  return bytes;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
