/** A TCP connection to a server, direct or through a proxy. */
import { connect, type Socket } from "node:net";
import { connectThroughHttp } from "./http_proxy.ts";
import { type DialOptions, dialOptions } from "./lookup.ts";
import { proxyUnreachable } from "./proxy_failure.ts";
import { connectThroughSocks4, connectThroughSocks5 } from "./socks_proxy.ts";
import { codedError, heedErrors, ready } from "./stream_head.ts";

/** Where to. */
export interface DialTarget {
  readonly host: string;
  readonly port: number;
  /** `socks5://user:password@host:port`, also `socks4a` and `http`; percent-encoded. */
  readonly proxy: string | undefined;
  readonly family: 4 | 6 | undefined;
}

/** A proxy's URL in its parts, decoded. */
export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Connects. With a proxy the name of the host is looked up by it, never here.
 *
 * @param tried Gets the addresses that the host's name stands for.
 * @throws {ProxyFailure}, an error of the system, or the signal's reason.
 */
export async function dial(
  { host, port, proxy, family }: DialTarget,
  tried: string[],
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy === undefined) {
    return await tcp(host, port, dialOptions(family, tried), signal);
  }
  const url = parseUrl(proxy);
  const login = {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
  const socket = await tcp(
    url.hostname.replace(/^\[|\]$/g, ""),
    Number(url.port) || 80,
    dialOptions(undefined, []),
    signal,
  ).catch((error) => {
    throw signal.aborted ? error : proxyUnreachable(error);
  });
  try {
    const target = { host, port };
    switch (url.protocol) {
      case "http:":
        await connectThroughHttp(socket, target, login, signal);
        return socket;
      case "socks4a:":
        await connectThroughSocks4(socket, target, login, signal);
        return socket;
      default:
        await connectThroughSocks5(socket, target, login, signal);
        return socket;
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function tcp(
  host: string,
  port: number,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host, port, ...options });
  heedErrors(socket);
  await ready(socket, "connect", signal);
  socket.setNoDelay(true);
  return socket;
}

function parseUrl(proxy: string): URL {
  const url = URL.parse(proxy);
  if (url !== null && /^(http|socks4a|socks5):$/.test(url.protocol)) return url;
  // Without the text: it may hold a password.
  throw codedError("ERR_INVALID_URL", "Not the URL of a proxy");
}
