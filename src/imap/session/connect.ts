/** A connection that is ready for its first command: dialled, greeted, under TLS. */
import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import { dial } from "./dial.ts";
import { handshake } from "./handshake.ts";
import { connectDirectly } from "./imapflow_client.ts";
import type { WaysOptions } from "./lookup.ts";
import { readGreeting, upgrade } from "./starttls.ts";
import type { Tunnel } from "./settings.ts";
import { heedErrors, Limit } from "./stream_head.ts";
import { TunnelStream } from "./tunnel.ts";

/** Where to connect and how. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly mode: "implicit" | "starttls" | "none";
  readonly tls: ConnectionOptions;
  readonly proxy: string | undefined;
  /** In place of a connection of our own; `implicit` has no meaning then. */
  readonly tunnel?: Tunnel | undefined;
  /** Only addresses of this family. */
  readonly family: 4 | 6 | undefined;
  /** Names, proxy, TCP, and TLS from the start. */
  readonly connectTimeoutMs: number;
  /** The greeting; and STARTTLS with its handshake. */
  readonly greetingTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Finds the addresses of the host. @default the system's */
  readonly lookup?: WaysOptions["lookup"];
}

/** A connected socket, paused, from which nothing is missing. */
export interface Connected {
  /** Its next bytes are the greeting, unless `greeted`. */
  readonly socket: Duplex;
  /** Whether TLS protects it. */
  readonly secure: boolean;
  /** True after STARTTLS: the greeting came before it and counts no more. */
  readonly greeted: boolean;
}

/** A connection that failed, and what was learned until then. */
export class ConnectFailure extends Error {
  override readonly name = "ConnectFailure";
  /** What the server sent in plain text, at most some hundred bytes. */
  readonly received: string;
  /** The addresses that the host's name stands for; none when it is an address. */
  readonly tried: readonly string[];

  constructor(cause: unknown, received: string, tried: readonly string[]) {
    super("Connecting failed", { cause });
    this.received = received;
    this.tried = tried;
  }
}

/**
 * Connects, with TLS as `mode` says: directly by imapflow; through a tunnel, which it
 * does not know, by ourselves, and through a proxy, since imapflow loses a greeting
 * that comes in one piece with a SOCKS
 * proxy's reply, and looks names up here that only the proxy should see. In mode `starttls` a server that does not
 * offer it gives a connection that is not `secure`: the caller decides.
 *
 * @throws {ConnectFailure} Whatever went wrong. A reply to STARTTLS with more
 * bytes behind it is a failure: they would count as sent under TLS (RFC 9051 §11.1).
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { signal } = options;
  signal?.throwIfAborted();
  const seen = { received: "", tried: [] as string[] };
  let socket: Duplex | undefined;
  try {
    if (options.proxy === undefined && options.tunnel === undefined) {
      return await connectDirectly(options, seen);
    }
    socket = await open(options, seen.tried);
    const connected = await greet(socket, options, seen);
    connected.socket.pause();
    return connected;
  } catch (error) {
    socket?.destroy();
    signal?.throwIfAborted();
    throw new ConnectFailure(error, seen.received, seen.tried);
  }
}

async function open(
  options: ConnectOptions,
  tried: string[],
): Promise<Duplex> {
  if (options.tunnel !== undefined) {
    const tunnel = new TunnelStream(
      options.tunnel,
      await options.tunnel.start?.(),
    );
    heedErrors(tunnel);
    return tunnel;
  }
  using limit = new Limit(
    options.connectTimeoutMs,
    "CONNECT_TIMEOUT",
    options.signal,
  );
  const socket = await dial(options, tried, limit.signal);
  if (options.mode !== "implicit") return socket;
  return await handshake(socket, options, limit.signal);
}

async function greet(
  socket: Duplex,
  options: ConnectOptions,
  seen: { received: string },
): Promise<Connected> {
  const { greetingTimeoutMs, signal, mode } = options;
  const received = (text: string) => void (seen.received = text);
  let offered: boolean;
  {
    using limit = new Limit(greetingTimeoutMs, "GREETING_TIMEOUT", signal);
    offered = await readGreeting(socket, limit.signal, received);
  }
  if (mode === "starttls" && offered) {
    using limit = new Limit(greetingTimeoutMs, "UPGRADE_TIMEOUT", signal);
    const secure = await upgrade(socket, options, limit.signal);
    if (secure) return { socket: secure, secure: true, greeted: true };
  }
  return { socket, secure: mode === "implicit", greeted: false };
}
