/** The first words with a server: a few commands, until the stream is handed on. */
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { Step } from "../../effects.ts";
import { MailError } from "../../errors.ts";
import type { Command } from "../command/command.ts";
import { printable, ResponseError } from "../connection_error.ts";
import { CommandEncoder, type LiteralPart } from "../wire/encoder.ts";
import type {
  Response,
  ResponseCode,
  StatusResponse,
  TaggedResponse,
} from "../wire/response.ts";
import { WireLog } from "../wire_log.ts";
import { ResponseSource } from "./response_source.ts";

/** What a {@link Dialogue} needs beside its socket. */
export interface DialogueOptions {
  /** How the server is called in texts: `imap.example.org:993`. */
  readonly address: string;
  /** For each batch of commands, from the first byte sent to the last reply. */
  readonly replyTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Gets what goes over the line, without secrets. */
  readonly log: ((line: string) => void) | undefined;
  readonly step: Step;
}

/** What became of a command. */
export type Outcome<T> = PromiseSettledResult<T>;

/** A command that is under way. */
interface Pending {
  readonly tag: string;
  readonly command: Command<unknown>;
  outcome: Outcome<unknown> | undefined;
}

/** More than any server says between a command and its reply. */
const MAX_RESPONSES = 1_000;
const CRLF = Buffer.from("\r\n");

/**
 * Runs commands on a socket that will soon be somebody else's: those that open a
 * session, nothing that moves mail.
 */
export class Dialogue {
  /** What the server can do, upper case; undefined until it said so. */
  capabilities: ReadonlySet<string> | undefined;
  /** Milliseconds of the fastest batch: at least what a round trip takes. */
  fastestReplyMs = Infinity;
  readonly #socket: Duplex;
  readonly #options: DialogueOptions;
  readonly #source: ResponseSource;
  readonly #wire: WireLog | undefined;
  #tags = 0;
  /** Texts of untagged BYE, NO and BAD and of alerts: mostly why it hangs up. */
  #lastWords = "";
  readonly #hidden: string[] = [];

  constructor(socket: Duplex, options: DialogueOptions) {
    this.#socket = socket;
    this.#options = options;
    const wire = options.log && new WireLog(options.log);
    this.#wire = wire;
    this.#source = new ResponseSource(
      socket,
      (...problem) => this.#failure(...problem),
      options.signal,
      wire && ((bytes) => wire.received(bytes)),
    );
  }

  /**
   * Takes these out of everything that the server says from now on and that is
   * logged or told: some repeat what they got.
   */
  hide(secrets: readonly string[]): void {
    const hidden = secrets.filter((secret) => secret !== "");
    this.#hidden.push(...hidden);
    this.#wire?.hide(hidden);
  }

  /** A text of the server without what is to be hidden, for people. */
  clean(text: string): string {
    return printable(
      this.#hidden.reduce(
        (rest, secret) => rest.replaceAll(secret, "***"),
        text,
      ),
    );
  }

  /** What the server said beside its replies, for people; empty when nothing. */
  get lastWords(): string {
    return this.#lastWords;
  }

  /**
   * Waits for the greeting.
   * @throws {MailError} When there is none, or it is BYE.
   */
  async greeting(): Promise<StatusResponse & { status: "OK" | "PREAUTH" }> {
    const response = await this.#response(this.#deadline());
    if (response.kind === "status") {
      const { status } = response;
      if (status === "OK" || status === "PREAUTH") {
        return { ...response, status };
      }
      if (status === "BYE") throw this.#failure("closed", "it refuses us");
    }
    throw this.#failure("protocol", "it does not greet as IMAP servers do");
  }

  /**
   * Runs one command.
   * @throws {ResponseError} When the server refuses it.
   * @throws {MailError} `connect.…` when the connection fails.
   */
  async run<T>(command: Command<T>): Promise<T> {
    const [outcome] = await this.runAll([command]);
    if (outcome?.status === "fulfilled") return outcome.value as T;
    throw outcome?.reason;
  }

  /**
   * Runs several commands in one round trip. One that is refused does not stop
   * the others.
   * @throws {MailError} `connect.…` when the connection fails.
   */
  async runAll(
    commands: readonly Command<unknown>[],
  ): Promise<Outcome<unknown>[]> {
    const deadline = this.#deadline();
    const started = performance.now();
    const batch = commands.map((command): Pending => ({
      tag: `S${++this.#tags}`,
      command,
      outcome: undefined,
    }));
    await this.#send(batch, deadline);
    for (let count = 0; batch.some(({ outcome }) => !outcome); count++) {
      if (count > MAX_RESPONSES) {
        throw this.#failure("protocol", "it talks without end");
      }
      await this.#handle(await this.#response(deadline), batch);
    }
    const tookMs = performance.now() - started;
    this.fastestReplyMs = Math.min(this.fastestReplyMs, tookMs);
    return batch.flatMap(({ outcome }) => outcome ?? []);
  }

  /** Leaves the socket to its next owner, with all that was not read. */
  release(): void {
    this.#source.release();
  }

  #failure(kind: string, text: string, cause?: unknown): MailError {
    const said = this.#lastWords === "" ? "" : ` (it said: ${this.#lastWords})`;
    return new MailError(
      `Cannot open a session with ${this.#options.address}: ${text}${said}`,
      {
        code: `connect.${kind}`,
        scope: "account",
        retry: "later",
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }

  #deadline(): number {
    return performance.now() + this.#options.replyTimeoutMs;
  }

  /** Writes all in one go; waits only where a literal must be asked for. */
  async #send(batch: Pending[], deadline: number): Promise<void> {
    let ready: Uint8Array[] = [];
    const flush = () => {
      this.#write(Buffer.concat(ready));
      ready = [];
    };
    for (const pending of batch) {
      const { tag, command } = pending;
      const encoder = this.#encoder();
      command.encode(encoder);
      this.#options.step("imap", command.name);
      ready.push(Buffer.from(`${tag} `));
      for (const part of encoder.finish()) {
        if (part instanceof Uint8Array) {
          ready.push(part);
          continue;
        }
        ready.push(literalHead(part));
        if (part.sync) {
          flush();
          await this.#literalWanted(pending, batch, deadline);
          if (pending.outcome) break;
        }
        ready.push(part.data as Uint8Array);
      }
      if (!pending.outcome) ready.push(CRLF);
    }
    flush();
  }

  #write(bytes: Buffer): void {
    this.#wire?.sent(bytes);
    this.#socket.write(bytes);
  }

  #encoder(): CommandEncoder {
    return new CommandEncoder({
      capabilities: this.capabilities ?? new Set(),
      enabled: new Set(),
    });
  }

  /** Returns at `+`, or when the command was refused for its literal. */
  async #literalWanted(
    pending: Pending,
    batch: Pending[],
    deadline: number,
  ): Promise<void> {
    while (!pending.outcome) {
      const response = await this.#response(deadline);
      if (response.kind === "continuation") return;
      await this.#handle(response, batch);
    }
  }

  async #handle(response: Response, batch: Pending[]): Promise<void> {
    if (response.kind === "tagged") return this.#settle(response, batch);
    const waiting = batch.filter(({ outcome }) => !outcome);
    if (response.kind === "continuation") {
      const asked = waiting.find(({ command }) => command.continuation);
      if (!asked) throw this.#failure("protocol", "it asks for more");
      asked.command.continuation?.(
        response.text,
        (line) => this.#write(Buffer.concat([line, CRLF])),
      );
      return;
    }
    for (const { command, tag } of waiting) {
      if (await command.untagged?.(response, tag)) return;
    }
  }

  #settle(response: TaggedResponse, batch: Pending[]): void {
    const pending = batch.find(({ tag }) => tag === response.tag);
    if (!pending || pending.outcome) {
      throw this.#failure("protocol", "it answers what was not asked");
    }
    pending.outcome = outcomeOf(pending.command, response);
  }

  async #response(deadline: number): Promise<Response> {
    const response = await this.#source.next(deadline);
    if (response.kind === "capability") this.#offers(response.capabilities);
    if (response.kind === "tagged" || response.kind === "status") {
      this.#note(response.code);
    }
    if (response.kind === "status") this.#overhear(response);
    return response;
  }

  #note(code: ResponseCode | undefined): void {
    if (code?.name === "CAPABILITY") this.#offers(code.capabilities);
  }

  #offers(names: readonly string[]): void {
    this.capabilities = new Set(names.map((name) => name.toUpperCase()));
  }

  #overhear({ status, code, text }: StatusResponse): void {
    const welcome = status === "OK" || status === "PREAUTH";
    if (welcome && code?.name !== "ALERT") return;
    this.#lastWords = this.clean(text);
  }
}

function outcomeOf(
  command: Command<unknown>,
  response: TaggedResponse,
): Outcome<unknown> {
  try {
    if (response.status === "OK") {
      return { status: "fulfilled", value: command.finish(response) };
    }
    const value = response.status === "NO"
      ? command.refused?.(response)
      : undefined;
    if (value !== undefined) return { status: "fulfilled", value };
    throw new ResponseError(command.name, response);
  } catch (reason) {
    return { status: "rejected", reason };
  }
}

function literalHead({ size, binary, sync }: LiteralPart): Uint8Array {
  return Buffer.from(`${binary ? "~" : ""}{${size}${sync ? "" : "+"}}\r\n`);
}
