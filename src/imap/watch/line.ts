/** One connection that is always there: opened again whenever it ends. */
import type { Clock } from "../../clock.ts";
import { type MailError, toMailError } from "../../errors.ts";
import type { ImapConnection } from "../connection.ts";
import { sayGoodbye } from "../store/goodbye.ts";
import type { Listener } from "./listen.ts";

/** What a {@link Line} works by. */
export interface LineOptions {
  readonly clock: Clock;
  /** Opens a connection of its own. */
  readonly connect: () => Promise<ImapConnection>;
  /** Makes a connection listen. */
  readonly listen: (connection: ImapConnection) => Promise<Listener>;
  /** How long to wait after so many failures in a row; undefined: no more. */
  readonly onFailure: (error: unknown, failures: number) => number | undefined;
  /** It listens, after so many failures. */
  readonly onListening: (failures: number) => void;
}

/** A listener has been at it for so long: what ends it is no failure in a row. */
const STEADY_MS = 60_000;

/** Keeps a listener going until it is disposed of or gives up. */
export class Line implements AsyncDisposable {
  readonly #options: LineOptions;
  readonly #done: Promise<void>;
  #connection: ImapConnection | undefined;
  #listener: Listener | undefined;
  #stopped = false;
  #failures = 0;
  #hurry = () => {};

  constructor(options: LineOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** Drops the connection and opens another at once. */
  reset(): void {
    this.#failures = 0;
    this.#connection?.destroy();
    this.#hurry();
  }

  /** Asks for a sign of life; without one there will be another connection. */
  prove(limitMs: number): void {
    // What fails ends the connection, which is seen where it is used.
    this.#listener?.prove(limitMs).catch(() => {});
    this.#hurry();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#hurry();
    const connection = this.#connection;
    if (connection !== undefined) {
      // DONE is owed before LOGOUT; a listener that idles gets neither.
      if (this.#listener === undefined) connection.destroy();
      else await this.#leave(connection, this.#listener);
    }
    await this.#done;
  }

  async #leave(connection: ImapConnection, listener: Listener): Promise<void> {
    listener.prove(1_000).catch(() => {});
    await sayGoodbye(connection);
  }

  async #run(): Promise<void> {
    const { clock, onFailure } = this.#options;
    while (!this.#stopped) {
      const start = clock.now();
      let error: unknown;
      try {
        await this.#listen();
      } catch (cause) {
        error = cause;
      }
      this.#listener = undefined;
      this.#connection?.destroy();
      this.#connection = undefined;
      if (this.#stopped) return;
      if (clock.now() - start >= STEADY_MS) this.#failures = 0;
      this.#failures++;
      const wait = onFailure(error, this.#failures);
      if (wait === undefined) return;
      await this.#wait(wait);
    }
  }

  async #listen(): Promise<void> {
    const { connect, listen, onListening } = this.#options;
    const connection = await connect();
    this.#connection = connection;
    if (this.#stopped) return connection.destroy();
    this.#listener = await listen(connection);
    onListening(this.#failures);
    await this.#listener.ended;
  }

  #wait(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#hurry = () => {};
        resolve();
      };
      const cancel = this.#options.clock.after(ms, end);
      this.#hurry = end;
    });
  }
}

/** What ended a line, for people. */
export function lineError(cause: unknown): MailError {
  return toMailError(cause, { code: "watch.lost", scope: "account" });
}
