/** An authenticated connection that commands are run on. */
import { noStep, type Step } from "../effects.ts";
import type { MailError } from "../errors.ts";
import type { Command } from "./command/command.ts";
import { logout } from "./command/logout.ts";
import { ProgressDeadline } from "./connection_deadline.ts";
import {
  closedError,
  endError,
  malformedError,
  printable,
  ResponseError,
  timeoutError,
} from "./connection_error.ts";
import { Flight, Running } from "./connection_flight.ts";
import { ResponseReader } from "./connection_reader.ts";
import { type ConnectionStats, newStats } from "./connection_stats.ts";
import { CommandWriter } from "./connection_writer.ts";
import { reasonOfEnd, type Session, type Transport } from "./transport.ts";
import type { Malformed } from "./wire/decoder.ts";
import type { WireLimits } from "./wire/limits.ts";
import type {
  ContinuationResponse,
  Response,
  TaggedResponse,
  UntaggedResponse,
} from "./wire/response.ts";
import { WireError } from "./wire/wire_error.ts";
import { WireLog } from "./wire_log.ts";
import type {
  ConnectionOptions,
  ExecuteOptions,
} from "./connection_options.ts";

export type {
  ConnectionOptions,
  ExecuteOptions,
} from "./connection_options.ts";

/** How long a server may stay after its BYE. */
const FAREWELL_MS = 500;

/**
 * Runs commands over a {@link Transport}, several at a time, and counts every
 * response: one belongs to a running command or goes to `onUntagged`.
 *
 * Ends at the first thing that leaves the stream in doubt. Then every command
 * rejects with a `ConnectionError`, and there is no way back.
 */
export class ImapConnection implements AsyncDisposable {
  /** Counters; read only. */
  readonly stats: ConnectionStats = newStats();
  /** Resolves with the reason when the connection has ended, however it did. */
  readonly closed: Promise<MailError>;
  /** Gets what no command claimed; see {@link ConnectionOptions.onUntagged}. */
  onUntagged: (response: UntaggedResponse) => void;

  readonly #transport: Transport;
  readonly #onMalformed: (error: WireError) => void;
  readonly #flight: Flight;
  readonly #writer: CommandWriter;
  readonly #reader: ResponseReader;
  readonly #deadline: ProgressDeadline;
  readonly #resolveClosed: (reason: MailError) => void;
  #capabilities: ReadonlySet<string>;
  #enabled: ReadonlySet<string>;
  #reason: MailError | undefined;
  #bye: string | undefined;
  #farewell: ReturnType<typeof setTimeout> | undefined;

  constructor(
    session: Pick<Session, "transport" | "capabilities" | "enabled">,
    options: ConnectionOptions = {},
  ) {
    this.#transport = session.transport;
    this.#capabilities = session.capabilities;
    this.#enabled = session.enabled;
    this.onUntagged = options.onUntagged ?? (() => {});
    this.#onMalformed = options.onMalformed ?? (() => {});
    const { promise, resolve } = Promise.withResolvers<MailError>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.#flight = new Flight({
      commands: options.windowCommands ?? 512,
      bytes: options.windowBytes ?? 4 * 1024 * 1024,
    });
    const timeoutMs = options.timeoutMs ?? 60_000;
    this.#deadline = new ProgressDeadline(
      timeoutMs,
      () => this.#fail(timeoutError(timeoutMs)),
    );
    const wire = options.log && new WireLog(options.log);
    if (wire !== undefined) {
      session.transport.input.on("data", (chunk) => wire.received(chunk));
    }
    this.#writer = this.#newWriter(options.step ?? noStep, wire);
    this.#reader = this.#newReader(options.limits);
    session.transport.output.on(
      "error",
      (error) => this.#fail(closedError(this.#bye, error)),
    );
    this.#reader.start();
  }

  /** Upper-case names in force now. */
  get capabilities(): ReadonlySet<string> {
    return this.#capabilities;
  }

  /** Upper-case names that ENABLE answered. */
  get enabled(): ReadonlySet<string> {
    return this.#enabled;
  }

  /** Whether the connection has ended. */
  get isClosed(): boolean {
    return this.#reason !== undefined;
  }

  /**
   * Runs a command. It is written as soon as the window and the commands before
   * it allow; calls made in one go share a round trip.
   * @throws {ResponseError} NO or BAD.
   * @throws {ConnectionError} The connection ended; `sent` tells when.
   * @throws {MailError} `imap.argument`: it cannot be written;
   *   `imap.malformed`: an answer could not be read.
   */
  execute<T>(command: Command<T>, options: ExecuteOptions = {}): Promise<T> {
    const { signal } = options;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const running = new Running(
      command,
      // What comes of a command is what its `finish` returns: a T.
      resolve as (value: unknown) => void,
      reject,
    );
    if (this.#reason !== undefined) running.lose(this.#reason);
    else if (signal?.aborted) running.abandon(signal.reason);
    else this.#writer.push(running);
    if (signal === undefined || running.settled) return promise;
    const onAbort = () => {
      running.abandon(signal.reason);
      this.#writer.pump();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** Runs commands in one go; rejects with the first failure, after all ended. */
  async executeAll<T>(
    commands: Iterable<Command<T>>,
    options: ExecuteOptions = {},
  ): Promise<T[]> {
    const outcomes = await Promise.allSettled(
      Array.from(commands, (command) => this.execute(command, options)),
    );
    return outcomes.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  }

  /** Says goodbye and ends the connection. Never rejects. */
  async logout(options: ExecuteOptions = {}): Promise<void> {
    try {
      await this.execute(logout(), options);
    } catch {
      // A server that hangs up at once is as good.
    }
    this.destroy();
  }

  /**
   * Says goodbye and ends the connection without waiting for the answer, which
   * would take a round trip and tell nothing. Never rejects.
   */
  async leave(): Promise<void> {
    const answered = this.logout();
    const { output } = this.#transport;
    const sent = this.#writer.idle().then(() =>
      new Promise<void>((resolve) => output.end(() => resolve()))
    );
    await Promise.race([answered, sent]);
    this.destroy();
  }

  /** Ends the connection at once; whatever is under way rejects. */
  destroy(): void {
    this.#fail(closedError("closed by us"));
  }

  /** As {@link logout}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.logout();
  }

  #newWriter(step: Step, wire: WireLog | undefined): CommandWriter {
    return new CommandWriter(this.#transport.output, {
      context: this,
      flight: this.#flight,
      stats: this.stats,
      step,
      onProgress: () => this.#deadline.progress(),
      onSending: () => this.#watch(),
      ...(wire === undefined ? {} : {
        onBytes: (bytes: Uint8Array) => wire.sent(bytes),
      }),
      onBroken: (error) => this.#fail(closedError(this.#bye, error)),
    });
  }

  #newReader(limits: Partial<WireLimits> | undefined): ResponseReader {
    return new ResponseReader(this.#transport.input, {
      flight: this.#flight,
      onBytes: (count) => {
        this.stats.bytesIn += count;
        this.#deadline.progress();
      },
      onResponse: (response) => this.#onResponse(response),
      onMalformed: (malformed) => this.#malformed(malformed),
      onPause: () => this.#deadline.hold(),
      onResume: () => this.#deadline.release(),
      onEnd: (error) =>
        this.#fail(
          endError(error ?? reasonOfEnd(this.#transport.carrier), this.#bye),
        ),
    }, limits);
  }

  #onResponse(response: Response): void | Promise<void> {
    switch (response.kind) {
      case "tagged":
        return this.#onTagged(response);
      case "continuation":
        return this.#onContinuation(response);
      default:
        return this.#onUntagged(response);
    }
  }

  #onUntagged(response: UntaggedResponse): void | Promise<void> {
    this.#note(response);
    const offers = this.#flight.listening();
    for (let next = offers.next(); !next.done; next = offers.next()) {
      const running = next.value;
      if (running.settled) continue;
      const claimed = running.command.untagged?.(response, running.tag);
      if (claimed === true) return;
      if (claimed instanceof Promise) {
        return this.#offerRest(response, claimed, offers);
      }
    }
    this.#unsolicited(response);
  }

  /** Goes on offering after a command took its time to decide. */
  async #offerRest(
    response: UntaggedResponse,
    first: Promise<boolean>,
    offers: Iterator<Running>,
  ): Promise<void> {
    if (await first) return;
    for (let next = offers.next(); !next.done; next = offers.next()) {
      const { command, settled, tag } = next.value;
      if (!settled && await command.untagged?.(response, tag)) return;
    }
    this.#unsolicited(response);
  }

  #unsolicited(response: UntaggedResponse): void {
    this.stats.unsolicited++;
    this.onUntagged(response);
    if (response.kind === "status" && response.status === "BYE") {
      // Some say it and keep the socket open. What is on its way may still come.
      this.#farewell ??= setTimeout(
        () => this.#fail(closedError(this.#bye)),
        FAREWELL_MS,
      );
    }
  }

  /** What a response says of the connection itself. */
  #note(response: UntaggedResponse | TaggedResponse): void {
    if (response.kind === "fetch") return;
    if (response.kind === "capability") {
      this.#capabilities = new Set(response.capabilities);
    } else if (response.kind === "enabled") {
      this.#enabled = this.#enabled.union(new Set(response.capabilities));
    } else if (response.kind === "status" || response.kind === "tagged") {
      if (response.code?.name === "CAPABILITY") {
        this.#capabilities = new Set(response.code.capabilities);
      }
      if (response.status === "BYE") this.#bye = response.text;
    }
  }

  #onTagged(response: TaggedResponse): void {
    const running = this.#flight.get(response.tag);
    if (running === undefined) {
      return this.#strange(
        new WireError("No command has this tag", printable(response.tag)),
      );
    }
    this.#note(response);
    running.settle(() => resultOf(running, response));
    this.#end(running);
  }

  #end(running: Running): void {
    this.#flight.remove(running);
    this.#watch();
    this.#writer.ended(running);
    this.#writer.pump();
  }

  #onContinuation({ text }: ContinuationResponse): void {
    if (this.#writer.continue()) return;
    for (const { command } of this.#flight) {
      if (command.continuation === undefined) continue;
      command.continuation(text, (line) => {
        this.#writer.reply(line);
        this.#watch();
      });
      return this.#watch();
    }
    this.#strange(
      new WireError("Nothing waits for a continuation", printable(text)),
    );
  }

  #malformed({ error, tag }: Malformed): void {
    this.#strange(error);
    const answered = tag === undefined ? undefined : this.#flight.get(tag);
    if (answered !== undefined) {
      answered.abandon(malformedError(answered.command.name, error));
      return this.#end(answered);
    }
    // It may have belonged to any command that waits for untagged responses.
    for (const running of this.#flight) {
      if (running.command.untagged === undefined) continue;
      if (running.command.malformed?.(error) !== true) running.spoilt = error;
    }
  }

  #strange(error: WireError): void {
    this.stats.malformed++;
    this.#onMalformed(error);
  }

  /** Keeps the deadline running exactly while the server owes something. */
  #watch(): void {
    let owed = false;
    for (const { command } of this.#flight) {
      if (command.waits === true) continue;
      owed = true;
      break;
    }
    this.#deadline.active = owed;
  }

  #fail(reason: MailError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#deadline.stop();
    clearTimeout(this.#farewell);
    this.#reader.close();
    const queued = this.#writer.close();
    for (const running of [...this.#flight, ...queued]) {
      this.#flight.remove(running);
      running.lose(reason);
    }
    this.#transport.destroy();
    this.#resolveClosed(reason);
  }
}

function resultOf(running: Running, response: TaggedResponse): unknown {
  const { command, spoilt } = running;
  if (response.status === "OK") {
    if (spoilt !== undefined) throw malformedError(command.name, spoilt);
    return command.finish(response);
  }
  const result = response.status === "NO"
    ? command.refused?.(response)
    : undefined;
  if (result !== undefined) return result;
  command.lost?.();
  throw new ResponseError(command.name, response);
}
