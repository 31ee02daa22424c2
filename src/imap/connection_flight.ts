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

/**
 * The table of commands that were sent and not answered, in that order.
 *
 * A window that is full opens again when half of it is free: a server that gets
 * many commands at once answers them faster than one by one, and both sides
 * need fewer packets.
 */
export class Flight implements Iterable<Running> {
  readonly #window: Window;
  readonly #running = new Map<string, Running>();
  readonly #listening = new Set<Running>();
  readonly #lanes = new Set<string>();
  #alone = false;
  #bytes = 0;
  #full = false;

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

  /** Those that take untagged responses, in the same order. */
  listening(): Iterator<Running> {
    return this.#listening.values();
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
    if (!this.#hasRoom()) return false;
    if (this.#alone) return false;
    return command.lane === undefined || !this.#lanes.has(command.lane);
  }

  #hasRoom(): boolean {
    const { commands, bytes } = this.#window;
    this.#full = this.#full
      ? this.#running.size > commands / 2 || this.#bytes > bytes / 2
      : this.#running.size >= commands || this.#bytes >= bytes;
    return !this.#full;
  }

  add(running: Running): void {
    const { alone, lane, untagged } = running.command;
    this.#running.set(running.tag, running);
    this.#bytes += running.bytes;
    if (untagged !== undefined) this.#listening.add(running);
    if (lane !== undefined) this.#lanes.add(lane);
    if (alone === true) this.#alone = true;
  }

  remove(running: Running): void {
    if (!this.#running.delete(running.tag)) return;
    const { alone, lane } = running.command;
    this.#bytes -= running.bytes;
    this.#listening.delete(running);
    if (lane !== undefined) this.#lanes.delete(lane);
    if (alone === true) this.#alone = false;
  }
}
