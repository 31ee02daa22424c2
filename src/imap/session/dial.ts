/** A TCP connection, direct or through a proxy. */
import { connect, type Socket } from "node:net";
import { connectThroughHttp } from "./http_proxy.ts";
import { type Way, type WaysOptions, waysTo } from "./lookup.ts";
import { proxyUnreachable } from "./proxy_failure.ts";
import { race } from "./race.ts";
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
    return await tcp({ host, port, family, tried, signal });
  }
  const url = parseUrl(proxy);
  const login = {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
  const socket = await tcp({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || 80,
    family: undefined,
    tried: [],
    signal,
  }).catch((error) => {
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

/** The address that answers first, see {@link race}. */
async function tcp(options: WaysOptions): Promise<Socket> {
  const { host, port, signal } = options;
  const open = async (way: Way, signal: AbortSignal) => {
    const socket = connect({ host, port, ...way });
    heedErrors(socket);
    await ready(socket, "connect", signal);
    return socket;
  };
  const ways = await waysTo(options);
  const socket = await race(
    ways.map((way) => (signal) => open(way, signal)),
    { signal, discard: (late) => void late.destroy() },
  );
  socket.setNoDelay(true);
  return socket;
}

function parseUrl(proxy: string): URL {
  const url = URL.parse(proxy);
  if (url !== null && /^(http|socks4a|socks5):$/.test(url.protocol)) return url;
  // Without the text: it may hold a password.
  throw codedError("ERR_INVALID_URL", "Not the URL of a proxy");
}
