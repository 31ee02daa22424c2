/** The sending half of a connection: queue, window, literals. */
import { Buffer } from "node:buffer";
import type { Writable } from "node:stream";
import type { Step } from "../effects.ts";
import { MailError, messageOf } from "../errors.ts";
import type { Flight, Running } from "./connection_flight.ts";
import type { ConnectionStats } from "./connection_stats.ts";
import {
  CommandEncoder,
  type CommandPart,
  type EncoderContext,
  type LiteralPart,
} from "./wire/encoder.ts";

/** Pieces are joined up to this size: one write, one TLS record. */
const JOIN_BYTES = 64 * 1024;

const CRLF = new Uint8Array([0x0d, 0x0a]);

/** What the writer needs of its connection. */
export interface WriterHost {
  readonly context: EncoderContext;
  readonly flight: Flight;
  readonly stats: ConnectionStats;
  readonly step: Step;
  /** Bytes left for the server. */
  onProgress(): void;
  /** Bytes are on their way to the server, for a log. */
  onBytes?(bytes: Uint8Array): void;
  /** What is under way has changed. */
  onSending(): void;
  /** Writing went wrong in the middle of a command: the connection is lost. */
  onBroken(error: unknown): void;
}

/** Sends commands one after the other, as many ahead as the window allows. */
export class CommandWriter {
  readonly #output: Writable;
  readonly #host: WriterHost;
  readonly #queue: Running[] = [];
  #busy = false;
  #done: Promise<void> = Promise.resolve();
  #closed = false;
  #tags = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** The command that waits for a `+`, and how to tell it that one came. */
  #waiting: { running: Running; go: () => void } | undefined;
  /** Writes that the socket has not taken yet. */
  readonly #writes = new Set<() => void>();

  constructor(output: Writable, host: WriterHost) {
    this.#output = output;
    this.#host = host;
  }

  /** Puts a command in the queue. */
  push(running: Running): void {
    this.#queue.push(running);
    this.pump();
  }

  /** Sends what may be sent now; called again whenever a command has ended. */
  pump(): void {
    if (!this.#busy) this.#done = this.#run();
  }

  /** Resolves when the socket has taken all that may be sent now. */
  idle(): Promise<void> {
    return this.#done;
  }

  /** A `+` came. False: no literal waits for one. */
  continue(): boolean {
    const waiting = this.#waiting;
    if (waiting === undefined) return false;
    this.#waiting = undefined;
    waiting.go();
    return true;
  }

  /** A command has ended, perhaps one whose literal still waits. */
  ended(running: Running): void {
    if (this.#waiting?.running === running) this.continue();
  }

  /** Writes a line of a running command: `DONE`, an answer to a challenge. */
  reply(line: Uint8Array): void {
    if (this.#closed) return;
    this.#pend(line);
    this.#pend(CRLF);
    void this.#flush();
  }

  /** The connection has ended; gives back what was never sent. */
  close(): Running[] {
    this.#closed = true;
    this.continue();
    for (const resolve of this.#writes) resolve();
    return this.#queue.splice(0);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      for (;;) {
        const next = this.#next();
        if (next !== undefined) await this.#send(next);
        // Only when no more can go: many short commands are one write.
        if (next === undefined || this.#pendingBytes > JOIN_BYTES) {
          await this.#flush();
        }
        if (this.#closed || this.#next() === undefined) {
          if (this.#pendingBytes === 0) return;
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  /** The first of the queue, if it may go now; it stays there. */
  #next(): Running | undefined {
    while (this.#queue[0]?.settled) this.#queue.shift();
    const next = this.#queue[0];
    return next !== undefined && this.#host.flight.admits(next.command)
      ? next
      : undefined;
  }

  async #send(running: Running): Promise<void> {
    const { flight, stats, step, context } = this.#host;
    let parts: CommandPart[];
    this.#queue.shift();
    try {
      const encoder = new CommandEncoder(context);
      running.command.encode(encoder);
      parts = encoder.finish();
      step("imap", running.command.name);
    } catch (error) {
      running.abandon(
        error instanceof RangeError ? refusal(running, error) : error,
      );
      return;
    }
    running.tag = `A${++this.#tags}`;
    running.bytes = sizeOf(parts);
    running.sent = true;
    stats.commands++;
    if (flight.size === 0) stats.roundTrips++;
    flight.add(running);
    this.#host.onSending();
    try {
      await this.#parts(running, parts);
    } catch (error) {
      // Half a literal is out: whatever comes next would be taken as its rest.
      // The others only lose their connection.
      running.lose(
        error instanceof MailError ? error : sourceError(running, error),
      );
      this.#host.onBroken(error);
    }
  }

  async #parts(running: Running, parts: CommandPart[]): Promise<void> {
    this.#pend(Buffer.from(`${running.tag} `, "latin1"));
    for (const part of parts) {
      if (part instanceof Uint8Array) this.#pend(part);
      else {
        this.#pend(literalHead(part));
        if (part.sync && !await this.#mayContinue(running)) return;
        await this.#literal(running, part);
      }
      if (this.#closed) return;
    }
    this.#pend(CRLF);
  }

  /** Waits for `+`. False: the command was answered instead. */
  async #mayContinue(running: Running): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { running, go: resolve };
    this.#host.stats.roundTrips++;
    await this.#flush();
    await promise;
    return !this.#closed && this.#host.flight.get(running.tag) === running;
  }

  async #literal(running: Running, part: LiteralPart): Promise<void> {
    if (part.data instanceof Uint8Array) return await this.#bytes(part.data);
    let sent = 0;
    for await (const chunk of part.data) {
      sent += chunk.length;
      if (this.#closed) return;
      if (sent > part.size) throw sizeError(running, part.size);
      this.#pend(chunk);
      // The source may use its buffer again, so the chunk has to be out first.
      await this.#flush();
    }
    if (sent !== part.size) throw sizeError(running, part.size);
  }

  /** In pieces, so that a slow line shows progress before it is all out. */
  async #bytes(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length && !this.#closed; at += JOIN_BYTES) {
      this.#pend(data.subarray(at, at + JOIN_BYTES));
      if (this.#pendingBytes >= JOIN_BYTES) await this.#flush();
    }
  }

  #pend(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  /** Writes what is pending; resolves when the socket has taken it. */
  #flush(): Promise<void> | undefined {
    const parts = this.#pending;
    const size = this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (size === 0 || this.#closed) return undefined;
    this.#host.stats.bytesOut += size;
    const single = parts.length === 1 ? parts[0] : undefined;
    const bytes = single === undefined
      ? Buffer.concat(parts, size)
      : Buffer.from(single.buffer, single.byteOffset, single.byteLength);
    return this.#write(bytes);
  }

  #write(bytes: Buffer): Promise<void> {
    this.#host.onBytes?.(bytes);
    return new Promise((resolve) => {
      this.#writes.add(resolve);
      // Also called, with an error, when the socket is destroyed; the reader
      // tells of that.
      this.#output.write(bytes, () => {
        this.#writes.delete(resolve);
        this.#host.onProgress();
        resolve();
      });
    });
  }
}

function literalHead(part: LiteralPart): Uint8Array {
  const plus = part.sync ? "" : "+";
  const tilde = part.binary ? "~" : "";
  return Buffer.from(`${tilde}{${part.size}${plus}}\r\n`, "latin1");
}

function sizeOf(parts: readonly CommandPart[]): number {
  let size = 0;
  for (const part of parts) {
    size += part instanceof Uint8Array ? part.length : part.size;
  }
  return size;
}

function refusal(running: Running, error: RangeError): MailError {
  return new MailError(
    `Cannot send ${running.command.name}: ${error.message}`,
    { code: "imap.argument", scope: "message", retry: "never", cause: error },
  );
}

function sizeError(running: Running, size: number): MailError {
  return new MailError(
    `Data of ${running.command.name} is not ${size} bytes long as announced`,
    { code: "imap.append_size", scope: "message", retry: "later" },
  );
}

function sourceError(running: Running, error: unknown): MailError {
  return new MailError(
    `Cannot read the data of ${running.command.name}: ${messageOf(error)}`,
    {
      code: "imap.append_source",
      scope: "message",
      retry: "later",
      cause: error,
    },
  );
}
