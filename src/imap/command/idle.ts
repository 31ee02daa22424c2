/** IDLE. */
import type { Command, Reply } from "./command.ts";

const DONE = new TextEncoder().encode("DONE");

/**
 * Waits for news (RFC 2177, RFC 9051 §6.3.13): while it is under way the server
 * tells the connection's listener what changes in the open mailbox.
 *
 * The caller ends it, and renews it before half an hour is over.
 */
export class IdleCommand implements Command<void> {
  readonly name = "IDLE";
  readonly alone = true;
  /** Resolves when the server said that it is listening; never if it refuses. */
  readonly started: Promise<void>;
  readonly #start: () => void;
  #reply: Reply | undefined;
  #done = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.started = promise;
    this.#start = resolve;
  }

  /** Between `+` and DONE silence is no failure. */
  get waits(): boolean {
    return this.#reply !== undefined && !this.#done;
  }

  encode(to: Parameters<Command<void>["encode"]>[0]): void {
    to.text("IDLE");
  }

  continuation(_text: string, reply: Reply): void {
    // Done was called before the server was ready to hear it.
    if (this.#done) return reply(DONE);
    this.#reply = reply;
    this.#start();
  }

  /** Ends it; the promise of `execute` then settles. May be called twice. */
  done(): void {
    if (this.#done) return;
    this.#done = true;
    this.#reply?.(DONE);
  }

  finish(): void {}
}
