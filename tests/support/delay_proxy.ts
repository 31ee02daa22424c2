/** A TCP proxy that makes the loopback as slow as a far server, or worse. */

/** Where the proxy listens, what it stands before, and how far away that is. */
export interface DelayProxyOptions {
  /** Port of the server. */
  readonly target: number;
  /** @default "127.0.0.1" */
  readonly targetHost?: string;
  /** @default a free one */
  readonly listen?: number;
  /** Added to each direction: a round trip takes twice as long. @default 0 */
  readonly delayMs?: number;
}

/** Toward the server or toward the client. */
export type Direction = "up" | "down";

/** What happens at a byte. */
export interface ProxyFault {
  readonly direction: Direction;
  /** Bytes that still pass, counted as {@link ProxyFault.from} says. */
  readonly afterBytes: number;
  /** Of each connection from its start, or of all together from now. @default "now" */
  readonly from?: "connection" | "now";
  /** @default "cut" */
  readonly action?: "cut" | "stall";
}

/**
 * Bytes under way at most, in each direction of a connection. Larger than
 * bandwidth × delay of anything measured here, so that only delay is added.
 */
const MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024;

const READ_BYTES = 256 * 1024;

/** A running proxy; stops when disposed. */
export class DelayProxy implements AsyncDisposable {
  /** One-way delay in milliseconds; a change holds for what comes in later. */
  delayMs: number;
  /** Connections since the start. */
  connections = 0;
  /** Bytes that passed, by direction. */
  readonly bytes: { up: number; down: number } = { up: 0, down: 0 };
  /** Pieces read from the client: with one-at-a-time commands, round trips. */
  readonly reads: { up: number; down: number } = { up: 0, down: 0 };
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #target: Deno.ConnectOptions;
  readonly #links = new Set<Link>();
  readonly #accepting: Promise<void>;
  #connectionFault: ProxyFault | undefined;
  #stalled = false;
  #refusing = false;

  /** Use {@link startDelayProxy}. */
  constructor(options: DelayProxyOptions) {
    this.delayMs = options.delayMs ?? 0;
    this.#target = {
      hostname: options.targetHost ?? "127.0.0.1",
      port: options.target,
    };
    this.#listener = Deno.listen({
      hostname: "127.0.0.1",
      port: options.listen ?? 0,
    });
    this.port = this.#listener.addr.port;
    this.#accepting = this.#accept();
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#links.size;
  }

  /** Cuts all connections at once; new ones are let through. */
  cutNow(): void {
    for (const link of this.#links) link.cut();
  }

  /** Cuts or stalls after some bytes: those open now, or each new connection. */
  addFault(fault: ProxyFault): void {
    if (fault.from === "connection") this.#connectionFault = fault;
    else for (const link of this.#links) link.arm(fault);
  }

  /** New connections get no fault any more, nothing stalls, all are let in. */
  heal(): void {
    this.#connectionFault = undefined;
    this.#refusing = false;
    this.stall(false);
  }

  /** Nothing passes while stalled, as on a network that died; bytes wait. */
  stall(stalled = true): void {
    this.#stalled = stalled;
    for (const link of this.#links) link.stall(stalled);
  }

  /** New connections are closed at once, as by a server that is down. */
  refuse(refusing = true): void {
    this.#refusing = refusing;
  }

  /** Cuts everything and stops to listen. */
  async stop(): Promise<void> {
    try {
      this.#listener.close();
    } catch {
      // Stopped before.
    }
    this.cutNow();
    await this.#accepting;
    await Promise.all([...this.#links].map((link) => link.done));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#refusing) {
        client.close();
        continue;
      }
      let server: Deno.TcpConn;
      try {
        server = await Deno.connect({ ...this.#target, transport: "tcp" });
      } catch {
        client.close();
        continue;
      }
      this.connections++;
      const link = new Link(this, client, server);
      if (this.#connectionFault !== undefined) link.arm(this.#connectionFault);
      if (this.#stalled) link.stall(true);
      this.#links.add(link);
      link.done.finally(() => this.#links.delete(link));
    }
  }
}

/** Starts a proxy before a port of this machine. */
export function startDelayProxy(options: DelayProxyOptions): DelayProxy {
  return new DelayProxy(options);
}

/** One connection: two pipes. */
class Link {
  readonly done: Promise<void>;
  readonly #ends: readonly Deno.TcpConn[];
  readonly #pipes: { readonly up: Pipe; readonly down: Pipe };

  constructor(proxy: DelayProxy, client: Deno.TcpConn, server: Deno.TcpConn) {
    this.#ends = [client, server];
    for (const end of this.#ends) end.setNoDelay(true);
    const cut = () => this.cut();
    this.#pipes = {
      up: new Pipe(proxy, "up", client, server, cut),
      down: new Pipe(proxy, "down", server, client, cut),
    };
    this.done = Promise.all([this.#pipes.up.done, this.#pipes.down.done])
      .then(cut);
  }

  arm(fault: ProxyFault): void {
    this.#pipes[fault.direction].arm(fault);
  }

  stall(stalled: boolean): void {
    this.#pipes.up.stall(stalled);
    this.#pipes.down.stall(stalled);
  }

  cut(): void {
    for (const end of this.#ends) {
      try {
        end.close();
      } catch {
        // Closed by the other pipe.
      }
    }
    this.#pipes.up.release();
    this.#pipes.down.release();
  }
}

interface Piece {
  readonly bytes: Uint8Array;
  /** `performance.now()` at which it arrives. */
  readonly due: number;
}

/** One direction: a reader that never waits for the delay, and a writer that does. */
class Pipe {
  readonly done: Promise<void>;
  readonly #queue: Piece[] = [];
  #queued = 0;
  #passed = 0;
  #ended = false;
  #released = false;
  #stalled = false;
  #fault: { atByte: number; action: "cut" | "stall" } | undefined;
  #wakeWriter: () => void = () => {};
  #wakeReader: () => void = () => {};

  constructor(
    readonly proxy: DelayProxy,
    readonly direction: Direction,
    readonly source: Deno.TcpConn,
    readonly target: Deno.TcpConn,
    readonly cut: () => void,
  ) {
    this.done = Promise.all([this.#read(), this.#write()]).then(() => {});
  }

  arm(fault: ProxyFault): void {
    this.#fault = {
      atByte: this.#passed + fault.afterBytes,
      action: fault.action ?? "cut",
    };
    this.#wakeWriter();
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled;
    this.#wakeWriter();
  }

  /** Ends both loops, whatever they wait for. */
  release(): void {
    this.#released = true;
    this.#wakeWriter();
    this.#wakeReader();
  }

  async #read(): Promise<void> {
    let buffer = new Uint8Array(READ_BYTES);
    try {
      while (!this.#released) {
        const count = await this.source.read(buffer);
        if (count === null) break;
        this.proxy.reads[this.direction]++;
        const due = performance.now() + this.proxy.delayMs;
        // A large piece keeps its buffer; a small one is copied out of it.
        const large = count > READ_BYTES / 4;
        const bytes = large
          ? buffer.subarray(0, count)
          : buffer.slice(0, count);
        if (large) buffer = new Uint8Array(READ_BYTES);
        this.#queue.push({ bytes, due });
        this.#queued += count;
        this.#wakeWriter();
        if (this.#queued > MAX_IN_FLIGHT_BYTES) {
          await new Promise<void>((resolve) => this.#wakeReader = resolve);
        }
      }
    } catch {
      // Reset by the peer or cut: the writer sends what had come.
    }
    this.#ended = true;
    this.#wakeWriter();
  }

  async #write(): Promise<void> {
    try {
      while (!this.#released) {
        const piece = this.#stalled ? undefined : this.#queue[0];
        if (piece === undefined) {
          if (this.#ended && !this.#stalled && this.#queue.length === 0) break;
          await this.#sleep(undefined);
          continue;
        }
        const wait = piece.due - performance.now();
        if (wait > 0) {
          await this.#sleep(wait);
          continue;
        }
        this.#queue.shift();
        await this.#deliver(piece.bytes);
        this.#queued -= piece.bytes.length;
        if (this.#queued <= MAX_IN_FLIGHT_BYTES) this.#wakeReader();
      }
      await this.target.closeWrite();
    } catch {
      this.cut();
    }
  }

  async #deliver(bytes: Uint8Array): Promise<void> {
    const fault = this.#fault;
    const room = fault === undefined ? Infinity : fault.atByte - this.#passed;
    const passing = bytes.length < room ? bytes : bytes.subarray(0, room);
    for (let at = 0; at < passing.length;) {
      at += await this.target.write(passing.subarray(at));
    }
    this.#passed += passing.length;
    this.proxy.bytes[this.direction] += passing.length;
    if (fault === undefined || this.#passed < fault.atByte) return;
    this.#fault = undefined;
    if (fault.action === "cut") return this.cut();
    this.#stalled = true;
    // What follows goes on from here once the stall is lifted.
    const rest = bytes.subarray(passing.length);
    if (rest.length > 0) {
      this.#queue.unshift({ bytes: rest, due: 0 });
      this.#queued += rest.length;
    }
  }

  /** Until woken or the time is over. */
  async #sleep(ms: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakeWriter = resolve;
    // Rounded up: a piece must never arrive early, and 0 would spin.
    const timer = ms === undefined
      ? undefined
      : setTimeout(resolve, Math.ceil(ms));
    if (this.#released) resolve();
    await promise;
    clearTimeout(timer);
  }
}

/** Reads `--listen P --target Q --delay MS`, runs until killed. */
if (import.meta.main) {
  const { parseArgs } = await import("node:util");
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      listen: { type: "string", default: "0" },
      target: { type: "string" },
      delay: { type: "string", default: "0" },
    },
  });
  const proxy = startDelayProxy({
    target: Number(values.target),
    listen: Number(values.listen),
    delayMs: Number(values.delay),
  });
  // One line for whoever waits for the port.
  await Deno.stdout.write(
    new TextEncoder().encode(`${JSON.stringify({ port: proxy.port })}\n`),
  );
}
