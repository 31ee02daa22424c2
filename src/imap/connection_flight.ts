/** The commands under way on a connection. */
import type { MailError } from "../errors.ts";
import type { Command } from "./command/command.ts";
import { ConnectionError } from "./connection_error.ts";

/** One run of one command. */
export class Running {
  readonly command: Command<unknown>;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  tag = "";
  /** Bytes it takes of the window. */
  bytes = 0;
  /** Whether any of it was written. */
  sent = false;
  /** A response that may have been this command's could not be read. */
  spoilt: unknown = undefined;
  /** The caller has its answer, or went away. */
  settled = false;

  constructor(
    command: Command<unknown>,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.command = command;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Answers the caller with what `result` returns or throws. */
  settle(result: () => unknown): void {
    if (this.settled) return;
    this.settled = true;
    try {
      this.#resolve(result());
    } catch (error) {
      this.#reject(error);
    }
  }

  /** The command ends without its result: `error` as it is. */
  abandon(error: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.command.lost?.();
    this.#reject(error);
  }

  /** The connection ended. */
  lose(reason: MailError): void {
    this.abandon(new ConnectionError(reason, this.command.name, this.sent));
  }
}

/** How much may be under way at once. */
export interface Window {
  readonly commands: number;
  readonly bytes: number;
}

/** The table of commands that were sent and not answered, in that order. */
export class Flight implements Iterable<Running> {
  readonly #window: Window;
  readonly #running = new Map<string, Running>();
  #bytes = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  /** Number of commands under way. */
  get size(): number {
    return this.#running.size;
  }

  [Symbol.iterator](): Iterator<Running> {
    return this.#running.values();
  }

  /** The command of a tag. */
  get(tag: string): Running | undefined {
    return this.#running.get(tag);
  }

  /**
   * Whether `command` may be sent now. One command larger than the window may
   * go when there is room at all, else it would never.
   */
  admits(command: Command<unknown>): boolean {
    if (this.#running.size === 0) return true;
    if (command.alone === true) return false;
    if (this.#running.size >= this.#window.commands) return false;
    if (this.#bytes >= this.#window.bytes) return false;
    for (const other of this.#running.values()) {
      if (other.command.alone === true) return false;
      if (command.lane !== undefined && other.command.lane === command.lane) {
        return false;
      }
    }
    return true;
  }

  add(running: Running): void {
    this.#running.set(running.tag, running);
    this.#bytes += running.bytes;
  }

  remove(running: Running): void {
    if (this.#running.delete(running.tag)) this.#bytes -= running.bytes;
  }
}
