/** The few connections that all mailboxes of a repository share. */
import type { ImapConnection } from "../connection.ts";

/** A connection and what is selected on it. */
export interface PooledConnection {
  readonly connection: ImapConnection;
  /** The wire name that is selected, and how; undefined after a failed SELECT. */
  selected: { readonly name: string; readonly readOnly: boolean } | undefined;
}

/** A connection on loan. Disposing of it gives it back. */
export interface Lease extends Disposable {
  readonly pooled: PooledConnection;
}

interface Waiter {
  readonly name: string | undefined;
  readonly resolve: (pooled: PooledConnection) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens at most `limit` connections, when they are needed, and lends each to one
 * user at a time. A connection that ended is forgotten; the next user gets a new
 * one.
 */
export class ConnectionPool {
  readonly #idle: PooledConnection[] = [];
  readonly #waiters: Waiter[] = [];
  #open = 0;
  #closing = false;

  constructor(
    readonly limit: number,
    readonly connect: () => Promise<ImapConnection>,
  ) {}

  /**
   * Waits for a connection, at best one where the mailbox `name` is selected.
   * @throws {MailError} When a new one cannot be opened.
   */
  async acquire(name?: string, signal?: AbortSignal): Promise<Lease> {
    signal?.throwIfAborted();
    const pooled = this.#takeIdle(name) ??
      (this.#open < this.limit
        ? await this.#connect()
        : await this.#wait(name, signal));
    return { pooled, [Symbol.dispose]: () => this.#release(pooled) };
  }

  #takeIdle(name: string | undefined): PooledConnection | undefined {
    this.#dropDead();
    const same = this.#idle.findIndex((p) => p.selected?.name === name);
    const at = same === -1 ? this.#idle.length - 1 : same;
    return this.#idle.splice(at, 1)[0];
  }

  #dropDead(): void {
    for (let at = this.#idle.length - 1; at >= 0; at--) {
      if (this.#idle[at]?.connection.isClosed) {
        this.#idle.splice(at, 1);
        this.#open--;
      }
    }
  }

  async #connect(): Promise<PooledConnection> {
    this.#open++;
    try {
      return { connection: await this.connect(), selected: undefined };
    } catch (error) {
      this.#open--;
      // Whoever waits for a connection tries for itself and gets its own error.
      this.#serve();
      throw error;
    }
  }

  #wait(
    name: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<PooledConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<
      PooledConnection
    >();
    const waiter: Waiter = { name, resolve, reject };
    this.#waiters.push(waiter);
    const onAbort = () => {
      const at = this.#waiters.indexOf(waiter);
      if (at !== -1) this.#waiters.splice(at, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    return promise.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  #release(pooled: PooledConnection): void {
    if (pooled.connection.isClosed || this.#closing) {
      this.#open--;
      if (this.#closing) void pooled.connection.logout();
    } else this.#idle.push(pooled);
    this.#serve();
  }

  /** Gives what is free to those who wait, first come first served. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const [waiter] = this.#waiters;
      const pooled = this.#takeIdle(waiter?.name);
      if (pooled === undefined && this.#open >= this.limit) return;
      this.#waiters.shift();
      if (waiter === undefined) return;
      if (pooled !== undefined) waiter.resolve(pooled);
      else this.#connect().then(waiter.resolve, waiter.reject);
    }
  }

  /** Says goodbye on every idle connection; those on loan end when given back. */
  async close(): Promise<void> {
    this.#closing = true;
    const idle = this.#idle.splice(0);
    this.#open -= idle.length;
    await Promise.all(idle.map(({ connection }) => connection.logout()));
  }
}
