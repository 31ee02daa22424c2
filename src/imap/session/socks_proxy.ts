/** SOCKS proxies: version 5 (RFC 1928, 1929) and 4 with names (4a). */
import { Buffer } from "node:buffer";
import { isIPv4, isIPv6, type Socket } from "node:net";
import type { ProxyLogin } from "./proxy_login.ts";
import { fromProxy, ProxyFailure, proxyLoginFailure } from "./proxy_failure.ts";
import { readHead, type Taken } from "./stream_head.ts";

interface Target {
  readonly host: string;
  readonly port: number;
}

/** Replies of RFC 1928 §6. */
const REPLIES: Readonly<Record<number, string>> = {
  1: "could not reach the server",
  2: "does not permit connections to this server",
  3: "finds no way to the server",
  4: "cannot reach the server, or does not know its name",
  5: "says that nothing listens at the server's address",
  6: "finds no way to the server",
  7: "cannot make connections",
  8: "does not know this kind of address",
};

/** Makes a socket that leads to the proxy lead to the target. @throws {ProxyFailure} */
export async function connectThroughSocks5(
  socket: Socket,
  target: Target,
  login: ProxyLogin,
  signal: AbortSignal,
): Promise<void> {
  const ask = async <T>(
    bytes: Uint8Array,
    take: (answer: Buffer) => Taken<T> | undefined,
  ) => {
    socket.write(bytes);
    return await fromProxy(readHead(socket, take, signal), signal);
  };
  const hasLogin = login.user !== "" || login.password !== "";
  const methods = hasLogin ? [0, 2] : [0];
  const [version, method] = await ask(
    Buffer.from([5, methods.length, ...methods]),
    takeBytes(2),
  );
  if (version !== 5) throw new ProxyFailure("does not speak SOCKS5", "never");
  if (method === 2 && hasLogin) {
    const user = counted(login.user);
    const password = counted(login.password);
    const [, verdict] = await ask(
      Buffer.concat([Buffer.from([1]), user, password]),
      takeBytes(2),
    );
    if (verdict !== 0) throw proxyLoginFailure();
  } else if (method !== 0) throw proxyLoginFailure();
  const request = Buffer.concat([
    Buffer.from([5, 1, 0]),
    address(target.host),
    portBytes(target.port),
  ]);
  const [, reply = 1] = await ask(request, takeReply);
  if (reply === 0) return;
  throw new ProxyFailure(
    REPLIES[reply] ?? `refused with the code ${reply}`,
    reply === 2 ? "never" : "later",
  );
}

/** As {@link connectThroughSocks5}; the proxy looks names up, as version 4a says. */
export async function connectThroughSocks4(
  socket: Socket,
  { host, port }: Target,
  { user }: ProxyLogin,
  signal: AbortSignal,
): Promise<void> {
  if (isIPv6(host)) {
    throw new ProxyFailure("does not know IPv6 addresses", "never");
  }
  const address = isIPv4(host) ? host.split(".").map(Number) : [0, 0, 0, 1];
  const parts = [
    Buffer.from([4, 1]),
    portBytes(port),
    Buffer.from(address),
    Buffer.from(`${user}\0`),
  ];
  if (!isIPv4(host)) parts.push(Buffer.from(`${host}\0`));
  socket.write(Buffer.concat(parts));
  const answer = readHead(socket, takeBytes(8), signal);
  const [, code] = await fromProxy(answer, signal);
  if (code === 0x5a) return;
  if (code === 0x5c || code === 0x5d) throw proxyLoginFailure();
  throw new ProxyFailure("could not reach the server", "later");
}

function takeBytes(count: number) {
  return (bytes: Buffer): Taken<Buffer> | undefined =>
    bytes.length < count
      ? undefined
      : { value: bytes.subarray(0, count), used: count };
}

/** The reply has the address that the proxy connects from; nobody needs it. */
function takeReply(bytes: Buffer): Taken<Buffer> | undefined {
  const [, reply, , type, length = 0] = bytes;
  if (reply !== undefined && reply !== 0) return takeBytes(2)(bytes);
  if (bytes.length < 5) return undefined;
  const size = type === 1 ? 4 : type === 4 ? 16 : 1 + length;
  return takeBytes(4 + size + 2)(bytes);
}

function address(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split(".").map(Number)]);
  // Also an IPv6 address goes as text: proxies take it for what it is.
  return Buffer.concat([Buffer.from([3]), counted(host)]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) {
    throw new ProxyFailure("takes no text longer than 255 bytes", "never");
  }
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function portBytes(port: number): Buffer {
  return Buffer.from([port >> 8, port & 0xff]);
}
