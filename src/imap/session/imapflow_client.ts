/**
 * imapflow, used to get connected where no proxy stands between: it resolves names,
 * sets up TLS or STARTTLS and waits for the greeting; then its socket is taken away.
 *
 * What is overridden are methods that its documentation calls internal: the
 * version is pinned, and the contract tests of sessions are run on each new one.
 */
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { ImapFlow, ImapFlowOptions } from "imapflow";
import type { Connected, ConnectOptions } from "./connect.ts";
import { READ_AHEAD } from "./handshake.ts";
import { type Way, waysTo } from "./lookup.ts";
import { race } from "./race.ts";
import { Limit, ready } from "./stream_head.ts";

/** The parts of imapflow 2.1.2 that its type declarations leave out. */
interface ImapFlowInternals {
  /** Called when the transport is up, before its bytes are read. */
  setEventHandlers(): void;
  /** Called with the greeting read and nothing of what follows. */
  startSession(): Promise<void>;
  run(command: string, ...args: unknown[]): Promise<unknown>;
  readonly socket: Socket;
  readonly rawCapabilities: unknown;
}

type OpenImapFlow = new (
  options: ImapFlowOptions,
) => ImapFlow & ImapFlowInternals;

const LONGEST_LINE_BYTES = 64 * 1024;

/** What was learned on the way. */
export interface Seen {
  /** What the server sent in plain text, at most some hundred bytes. */
  received: string;
  /** The addresses that the host's name stands for. */
  readonly tried: string[];
}

/**
 * Connects directly; see `connect`. A name with several addresses has one client
 * for each that is tried; the first with an open socket goes on.
 *
 * @throws Whatever went wrong; `seen` holds what is known.
 */
export async function connectDirectly(
  options: ConnectOptions,
  seen: Seen,
): Promise<Connected> {
  const { signal } = options;
  signal?.throwIfAborted();
  const { client, opened } = await firstOpen(options, seen);
  const abort = () => client.close();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) abort();
    await opened;
  } catch (error) {
    signal?.throwIfAborted();
    throw client.timeout ?? error;
  } finally {
    seen.received = client.received();
    signal?.removeEventListener("abort", abort);
  }
  signal?.throwIfAborted();
  if (client.result) return client.result;
  throw new Error("No connection");
}

/**
 * The library: loaded when it is needed and not at start-up, since it costs more
 * than all of ours together; or ahead, by whoever has to wait.
 */
export async function loadImapflow() {
  return await import("imapflow");
}

/** A client whose socket is open, and the end of its `connect()`. */
async function firstOpen(options: ConnectOptions, { tried }: Seen) {
  const { ImapFlow } = await loadImapflow();
  const Takeover = takeoverClass(ImapFlow as unknown as OpenImapFlow);
  const { host, port, family, lookup, connectTimeoutMs } = options;
  const started = performance.now();
  using limit = new Limit(connectTimeoutMs, "CONNECT_TIMEOUT", options.signal);
  const { signal } = limit;
  const begin = async (way: Way, signal: AbortSignal) => {
    const client = new Takeover(clientOptions(options, way, started));
    client.upgradeTimeoutMs = options.greetingTimeoutMs;
    // What ends connect() early may be told a second time by this event, which
    // would end the process if nobody listened.
    client.on("error", () => {});
    const opened = client.connect();
    opened.catch(() => {});
    try {
      await ready(client.socket, "connect", signal);
    } catch (error) {
      client.close();
      throw error;
    }
    return { client, opened };
  };
  const ways = await waysTo({ host, port, family, tried, signal, lookup });
  return await race(
    ways.map((way) => (signal) => begin(way, signal)),
    { signal, discard: ({ client }) => client.close() },
  );
}

function clientOptions(
  options: ConnectOptions,
  way: Way,
  started: number,
): ImapFlowOptions {
  const { host, port, mode, connectTimeoutMs } = options;
  const spentMs = performance.now() - started;
  return {
    host,
    port,
    secure: mode === "implicit",
    doSTARTTLS: mode === "starttls" ? undefined : false,
    // It hands these on to whatever makes the socket, with TLS or without.
    tls: { ...options.tls, ...way, ...READ_AHEAD },
    connectionTimeout: Math.max(1, connectTimeoutMs - spentMs),
    greetingTimeout: options.greetingTimeoutMs,
    logger: false,
    maxLineLength: LONGEST_LINE_BYTES,
    maxLiteralSize: LONGEST_LINE_BYTES,
    maxResponseSize: LONGEST_LINE_BYTES,
  } as ImapFlowOptions;
}

/** The class can only be made once imapflow is loaded. */
function takeoverClass(Base: OpenImapFlow) {
  return class Takeover extends Base {
    result: Connected | undefined;
    /** From asking for STARTTLS to the end of the handshake. */
    upgradeTimeoutMs = 0;
    timeout: Error | undefined;
    #seen: Uint8Array[] = [];
    readonly #record = (chunk: Uint8Array) => void this.#seen.push(chunk);

    /** What the server sent in plain text so far, shortened. */
    received(): string {
      return Buffer.concat(this.#seen).toString("latin1", 0, 300);
    }

    override setEventHandlers(): void {
      super.setEventHandlers();
      // Every byte that imapflow's parser eats is kept, to be given back.
      this.socket.on("data", this.#record);
    }

    override async startSession(): Promise<void> {
      // Nothing may be awaited before: right now nothing of what follows the
      // greeting has been eaten.
      const mode = this.options.doSTARTTLS === undefined &&
          !this.secureConnection
        ? "starttls"
        : "direct";
      const offered = this.rawCapabilities === null ||
        this.capabilities.has("STARTTLS");
      if (mode === "direct" || !offered || this.authenticated) {
        return this.#handOver(this.secureConnection, this.#seen);
      }
      const greeting = firstLine(Buffer.concat(this.#seen));
      // A greeting without capabilities: asking for STARTTLS tells as well as
      // asking what there is, and the answer to that would count no more.
      this.capabilities.set("STARTTLS", true);
      this.socket.off("data", this.#record);
      if (await this.#upgrade()) return this.#handOver(true, undefined);
      this.#handOver(false, [greeting]);
    }

    /** imapflow has a limit for the handshake alone, which cannot be set. */
    async #upgrade(): Promise<boolean> {
      const timer = setTimeout(() => {
        this.timeout = Object.assign(new Error("No TLS in time"), {
          code: "UPGRADE_TIMEOUT",
        });
        this.close();
      }, this.upgradeTimeoutMs);
      try {
        return await this.upgradeToSTARTTLS();
      } finally {
        clearTimeout(timer);
      }
    }

    /** After STARTTLS the first command is ours, not imapflow's. */
    override run(command: string, ...args: unknown[]): Promise<unknown> {
      if (command === "CAPABILITY") return Promise.resolve(false);
      return super.run(command, ...args);
    }

    #handOver(secure: boolean, replay: Uint8Array[] | undefined): void {
      this.socket.off("data", this.#record);
      const { socket } = this.unbind();
      socket.pause();
      socket.setTimeout(0);
      // An error between here and the first listener must not end the process;
      // it still destroys the socket, which every reader and writer sees.
      socket.on("error", () => {});
      if (replay && replay.length > 0 && !socket.readableEnded) {
        socket.unshift(Buffer.concat(replay));
      }
      this.result = { socket, secure, greeted: replay === undefined };
    }
  };
}

function firstLine(chunk: Uint8Array): Uint8Array {
  const end = chunk.indexOf(0x0a);
  return end < 0 ? chunk : chunk.subarray(0, end + 1);
}
