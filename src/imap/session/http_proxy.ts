/** CONNECT through an HTTP proxy (RFC 9110 §9.3.6). */
import { Buffer } from "node:buffer";
import { isIPv6, type Socket } from "node:net";
import type { ProxyLogin } from "./proxy_login.ts";
import { fromProxy, ProxyFailure, proxyLoginFailure } from "./proxy_failure.ts";
import { readHead, type Taken } from "./stream_head.ts";

/**
 * Makes a socket that leads to the proxy lead to the target.
 * @throws {ProxyFailure} or the signal's reason.
 */
export async function connectThroughHttp(
  socket: Socket,
  { host, port }: { host: string; port: number },
  { user, password }: ProxyLogin,
  signal: AbortSignal,
): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (user !== "" || password !== "") {
    const basic = Buffer.from(`${user}:${password}`).toString("base64");
    lines.push(`Proxy-Authorization: Basic ${basic}`);
  }
  if (lines.some((line) => /[\r\n]/.test(line))) {
    throw new ProxyFailure("cannot be asked for such a name", "never");
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const status = await fromProxy(readHead(socket, takeStatus, signal), signal);
  if (status.startsWith("2")) return;
  if (status === "407") throw proxyLoginFailure();
  if (status === "") throw new ProxyFailure("does not speak HTTP", "never");
  throw new ProxyFailure(
    `refused: HTTP status ${status}`,
    status === "403" || status === "405" ? "never" : "later",
    "Many HTTP proxies allow port 443 only; a proxy of the type SOCKS5 may do " +
      "better",
  );
}

/** The status of the answer; empty: this is no HTTP. */
function takeStatus(bytes: Buffer): Taken<string> | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const [, value = ""] = /^HTTP\/\d\.\d (\d{3})/.exec(head) ?? [];
  return { value, used: end + 4 };
}
