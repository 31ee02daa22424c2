/** The few connections that all mailboxes of a repository share. */
import type { DebugLog } from "../../events.ts";
import { MailError } from "../../errors.ts";
import type { ImapConnection } from "../connection.ts";
import { sayGoodbye } from "./goodbye.ts";
import type { Shelf } from "./shelf.ts";

/** A connection and what is selected on it. */
export interface PooledConnection {
  readonly connection: ImapConnection;
  /** The wire name that is selected, and how; undefined after a failed SELECT. */
  selected: { readonly name: string; readonly readOnly: boolean } | undefined;
}

/** A connection on loan. Disposing of it, any number of times, gives it back. */
export interface Lease extends Disposable {
  readonly pooled: PooledConnection;
  /** It served others before: it may be dead without a sign of it. */
  readonly used: boolean;
}

interface Waiter {
  readonly name: string | undefined;
  /** Whoever waited has gone; what comes for it goes back. */
  gone: boolean;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens at most `limit` connections, when they are needed, and lends each to one
 * user at a time. A connection that ended is forgotten; the next user gets a new
 * one.
 */
export class ConnectionPool {
  readonly #idle: PooledConnection[] = [];
  readonly #lent = new Set<PooledConnection>();
  readonly #waiters: Waiter[] = [];
  /** Connections idle, on loan, and about to be opened. */
  #open = 0;
  #closed = false;
  /** For {@link trace}. */
  readonly #numbers = new WeakMap<ImapConnection, number>();
  #last = 0;

  constructor(
    readonly limit: number,
    readonly connect: () => Promise<ImapConnection>,
    /** Has connections of an earlier run, and gets those of this one. */
    readonly shelf?: Shelf,
    /** `-d thread`: what is lent, given back and waited for. */
    readonly trace?: DebugLog,
  ) {}

  /**
   * Waits for a connection, at best one where the mailbox `name` is selected.
   * @throws {MailError} When a new one cannot be opened, or after {@link close}.
   */
  async acquire(name?: string, signal?: AbortSignal): Promise<Lease> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    const idle = this.#takeIdle(name);
    if (idle !== undefined) return this.#lend(idle, { used: true, name });
    if (this.#open >= this.limit) return await this.#wait(name, signal);
    const kept = this.#unshelve(name);
    if (kept !== undefined) return kept;
    const lease = await this.#connect(name);
    if (!signal?.aborted) return lease;
    lease[Symbol.dispose]();
    throw signal.reason;
  }

  /**
   * Ends all connections: politely those that are idle, unless there is a shelf
   * to put them on, the others at once.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiters.splice(0)) reject(closedError());
    for (const { connection } of this.#lent) connection.destroy();
    const idle = this.#idle.splice(0);
    this.#open -= idle.length;
    if (this.shelf !== undefined) return this.shelf.put(idle);
    await Promise.all(idle.map(({ connection }) => sayGoodbye(connection)));
  }

  #unshelve(name: string | undefined): Lease | undefined {
    const pooled = this.shelf?.take();
    if (pooled === undefined) return undefined;
    this.#open++;
    return this.#lend(pooled, { used: true, name });
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

  async #connect(name: string | undefined): Promise<Lease> {
    this.#open++;
    this.trace?.(
      `connection ${this.#open} of at most ${this.limit} is opened for ` +
        forWhat(name),
    );
    let connection: ImapConnection;
    try {
      connection = await this.connect();
    } catch (error) {
      this.#open--;
      // Whoever waits for a connection tries for itself and gets its own error.
      this.#serve();
      throw error;
    }
    if (this.#closed) {
      connection.destroy();
      this.#open--;
      throw closedError();
    }
    const pooled = { connection, selected: undefined };
    return this.#lend(pooled, { used: false, name });
  }

  #lend(
    pooled: PooledConnection,
    { used, name }: { used: boolean; name: string | undefined },
  ): Lease {
    this.#lent.add(pooled);
    this.trace?.(`${this.#title(pooled)} is taken for ${forWhat(name)}`);
    let held = true;
    return {
      pooled,
      used,
      [Symbol.dispose]: () => {
        if (held) this.#takeBack(pooled);
        held = false;
      },
    };
  }

  #takeBack(pooled: PooledConnection): void {
    this.#lent.delete(pooled);
    const ended = pooled.connection.isClosed;
    this.trace?.(
      `${this.#title(pooled)} is ${ended ? "closed" : "given back"}`,
    );
    if (ended) this.#open--;
    else this.#idle.push(pooled);
    this.#serve();
  }

  #title({ connection }: PooledConnection): string {
    let number = this.#numbers.get(connection);
    if (number === undefined) {
      this.#numbers.set(connection, number = ++this.#last);
    }
    return `connection #${number}`;
  }

  #wait(
    name: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const waiter: Waiter = { name, gone: false, resolve, reject };
    this.#waiters.push(waiter);
    this.trace?.(
      `${forWhat(name)} waits for a connection: all ${this.limit} are taken, ` +
        `${this.#waiters.length} wait`,
    );
    const onAbort = () => {
      waiter.gone = true;
      const at = this.#waiters.indexOf(waiter);
      if (at !== -1) this.#waiters.splice(at, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    return promise.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  /** Gives what is free to those who wait, first come first served. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const [waiter] = this.#waiters;
      const idle = this.#takeIdle(waiter?.name);
      if (idle === undefined && this.#open >= this.limit) return;
      this.#waiters.shift();
      if (waiter === undefined) return;
      const { name } = waiter;
      if (idle !== undefined) {
        waiter.resolve(this.#lend(idle, { used: true, name }));
      } else this.#connectFor(waiter);
    }
  }

  #connectFor(waiter: Waiter): void {
    this.#connect(waiter.name).then((lease) => {
      if (waiter.gone) lease[Symbol.dispose]();
      else waiter.resolve(lease);
    }, waiter.reject);
  }
}

/** What a connection is for. */
function forWhat(name: string | undefined): string {
  return name === undefined ? "the list of folders" : `folder "${name}"`;
}

function closedError(): MailError {
  return new MailError("The connections of this repository were closed", {
    code: "imap.store-closed",
    scope: "account",
    retry: "never",
  });
}
