/** A shell command whose standard input and output are the way to the server. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { printable } from "../connection_error.ts";
import type { Tunnel } from "./settings.ts";
import {
  startTunnel,
  type TunnelProcess,
  type TunnelStatus,
} from "./tunnel_process.ts";

/** How much of what a tunnel complains of is kept, and shown. */
const COMPLAINT_BYTES = 4096;
const COMPLAINT_LINES = 3;
/** How long the exit status may take once the output has ended. */
const STATUS_LIMIT_MS = 2_000;

/**
 * A running tunnel as a byte stream. Destroying it ends the command and all that it
 * started. When the command ends by itself the stream ends, and {@link endReason}
 * says why.
 */
export class TunnelStream extends Duplex {
  readonly #option: Tunnel["option"];
  readonly #process: TunnelProcess;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** The last of its standard error. */
  #complaint = "";
  readonly #complaints: Promise<void>;
  #status: TunnelStatus | undefined;
  #endReason: string | undefined;

  /**
   * @param process The command; by default it is started here.
   * @throws {Deno.errors.NotFound} There is no shell, or another error of the system.
   */
  constructor(
    tunnel: Tunnel,
    process: TunnelProcess = startTunnel(tunnel.command),
  ) {
    super({ highWaterMark: 64 * 1024 });
    this.#option = tunnel.option;
    this.#process = process;
    this.#reader = process.stdout.getReader();
    this.#writer = process.stdin.getWriter();
    this.#writer.closed.catch(() => {});
    this.#complaints = this.#listen();
    void process.status.then((status) => this.#status = status);
  }

  /** Why the stream ended, once it has: a clause such as `the command of transporttunnel ended …`. */
  get endReason(): string | undefined {
    return this.#endReason;
  }

  override _read(): void {
    void this.#pull();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    callback: (error?: Error | null) => void,
  ): void {
    this.#writer.write(chunk).then(
      () => callback(),
      // It reads no more. What it still says, and why it ends, comes by the
      // other direction, and tells more than "broken pipe".
      () => {
        callback();
        void this.#end();
      },
    );
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#writer.close().then(() => callback(), () => callback());
  }

  override _destroy(
    error: Error | null,
    callback: (error?: Error | null) => void,
  ): void {
    this.#writer.close().catch(() => {});
    this.#reader.cancel().catch(() => {});
    this.#process.end();
    callback(error);
  }

  async #pull(): Promise<void> {
    try {
      const { value } = await this.#reader.read();
      if (value !== undefined) {
        this.push(Buffer.from(value.buffer, value.byteOffset, value.length));
        return;
      }
    } catch {
      // The stream was destroyed.
    }
    await this.#end();
  }

  /** Waits for what explains the end, then lets it be seen. */
  async #end(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      Promise.all([this.#process.status, this.#complaints]),
      new Promise((resolve) => timer = setTimeout(resolve, STATUS_LIMIT_MS)),
    ]);
    clearTimeout(timer);
    if (this.destroyed || this.#endReason !== undefined) return;
    this.#endReason = this.#explain();
    this.push(null);
  }

  #explain(): string {
    const lines = this.#complaint.split(/\r?\n/)
      .map((line) => printable(line.trim())).filter((line) => line !== "")
      .slice(-COMPLAINT_LINES);
    const said = lines.length === 0 ? "" : `; it said: ${lines.join(" / ")}`;
    return `the command of ${this.#option} ${how(this.#status)}${said}`;
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#process.stderr) {
      const text = this.#complaint + decoder.decode(bytes, { stream: true });
      this.#complaint = text.slice(-COMPLAINT_BYTES);
    }
  }
}

function how(status: TunnelStatus | undefined): string {
  if (status === undefined) return "closed its output";
  if (status.signal !== null) return `was ended by ${status.signal}`;
  // What a shell says of a command that it did not find.
  const known = status.code === 127 ? " (command not found)" : "";
  return `ended with status ${status.code}${known}`;
}
