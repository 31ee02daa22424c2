/** The far end of a connection, in the same process: reads commands, says things. */
import { Buffer } from "node:buffer";
import { PassThrough, Writable } from "node:stream";
import {
  type ConnectionOptions,
  ImapConnection,
} from "../../../src/imap/connection.ts";
import type { Transport } from "../../../src/imap/transport.ts";

/** One command as it came: text with its literals in place. */
export interface Received {
  readonly tag: string;
  /** Without tag; `{n}` of literals is followed by CRLF and the bytes. */
  readonly text: string;
}

/** What a server does with a command: what it says, octets in a string. */
export type Answer = (
  command: Received,
  server: FakeServer,
) => string | undefined | void;

/** How a {@link FakeServer} is set up. */
export interface FakeOptions extends ConnectionOptions {
  /** @default none */
  readonly capabilities?: readonly string[];
  /** @default none */
  readonly enabled?: readonly string[];
  /** How long the server takes over each piece that the client writes. */
  readonly takeMs?: number;
  /** Says what literals that wait are told. @default "+ go\r\n" */
  readonly onLiteral?: (server: FakeServer, tag: string) => string | undefined;
}

/** A server that answers each command by a function, over streams in memory. */
export class FakeServer {
  /** What the connection is given. */
  readonly transport: Transport;
  readonly connection: ImapConnection;
  /** All commands so far. */
  readonly received: Received[] = [];
  /** Set when the client tore the connection down. */
  destroyed = false;
  /** While true the client's bytes are not taken: its writes wait. */
  stalled = false;

  readonly #input = new PassThrough({ highWaterMark: 64 * 1024 });
  readonly #answer: Answer;
  readonly #onLiteral: NonNullable<FakeOptions["onLiteral"]>;
  #buffer = "";
  #scanned = 0;
  #resume: () => void = () => {};

  constructor(answer: Answer, options: FakeOptions = {}) {
    this.#answer = answer;
    this.#onLiteral = options.onLiteral ?? (() => "+ go\r\n");
    const output = new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        const take = () => {
          this.#take(chunk);
          done();
        };
        if (this.stalled) this.#resume = take;
        else if (options.takeMs !== undefined) setTimeout(take, options.takeMs);
        else take();
      },
    });
    this.transport = {
      input: this.#input,
      output,
      destroy: () => {
        this.destroyed = true;
        this.#input.destroy();
        output.destroy();
      },
    };
    this.connection = new ImapConnection({
      transport: this.transport,
      capabilities: new Set(options.capabilities ?? []),
      enabled: new Set(options.enabled ?? []),
    }, options);
  }

  /** Sends octets to the client. False: it does not read on for now. */
  say(text: string | Uint8Array): boolean {
    if (this.destroyed) return true;
    return this.#input.write(
      typeof text === "string" ? Buffer.from(text, "latin1") : text,
    );
  }

  /** Resolves when the client reads on. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#input.once("drain", resolve);
      this.#input.once("close", resolve);
    });
  }

  /** Ends the stream to the client. */
  hangUp(): void {
    this.#input.end();
  }

  /** The connection breaks with an error. */
  fail(error: Error): void {
    this.#input.destroy(error);
  }

  /** Takes the client's bytes again. */
  unstall(): void {
    this.stalled = false;
    this.#resume();
  }

  #take(chunk: Uint8Array): void {
    this.#buffer += Buffer.from(chunk).toString("latin1");
    for (;;) {
      const end = this.#buffer.indexOf("\r\n", this.#scanned);
      if (end < 0) return;
      const head = this.#buffer.slice(this.#scanned, end);
      const literal = /\{(\d+)(\+?)\}$/.exec(head);
      if (literal === null) {
        this.#command(this.#buffer.slice(0, end));
        this.#buffer = this.#buffer.slice(end + 2);
        this.#scanned = 0;
        continue;
      }
      const size = Number(literal[1]);
      if (literal[2] === "" && this.#buffer.length === end + 2) {
        const tag = this.#buffer.split(" ", 1)[0] ?? "";
        const said = this.#onLiteral(this, tag);
        if (said === undefined) return;
        // What refuses the literal ends the command.
        if (!said.startsWith("+")) this.#buffer = "";
        this.say(said);
        if (this.#buffer === "") return;
      }
      if (this.#buffer.length < end + 2 + size) return;
      this.#scanned = end + 2 + size;
    }
  }

  #command(line: string): void {
    const space = line.indexOf(" ");
    const command = space < 0
      ? { tag: "", text: line }
      : { tag: line.slice(0, space), text: line.slice(space + 1) };
    this.received.push(command);
    const said = this.#answer(command, this);
    if (typeof said === "string") this.say(said);
  }
}

/** Answers every command with `lines`, then OK; `TAG` in them is its tag. */
export function saying(...lines: string[]): Answer {
  return ({ tag }) =>
    [...lines, `${tag} OK done`].map((line) =>
      `${line.replaceAll("TAG", tag)}\r\n`
    ).join("");
}

/** Waits until `ready` holds. */
export async function until(ready: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!ready()) {
    if (performance.now() > deadline) throw new Error("Waited for 5 seconds");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
