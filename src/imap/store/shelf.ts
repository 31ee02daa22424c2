/** Connections that are kept from one run to the next (`holdconnectionopen`). */
import { noop } from "../command/noop.ts";
import type { ImapConnection } from "../connection.ts";
import { sayGoodbye } from "./goodbye.ts";
import type { PooledConnection } from "./pool.ts";

/**
 * Holds the connections of one repository while nobody works with them.
 *
 * A connection from here may have died without a sign of it: whoever takes one
 * must be ready to open another.
 */
export class Shelf implements AsyncDisposable {
  /** The server's hierarchy separator, as the last session told it. */
  separator: string | undefined;
  /** Names on the wire are UTF-8, as the last session agreed. */
  utf8Wire = false;
  #connections: PooledConnection[] = [];
  /** Away for a moment: their server is being asked for a sign of life. */
  readonly #asked = new Set<ImapConnection>();
  #closed = false;

  /** How many connections are here. */
  get size(): number {
    return this.#connections.length;
  }

  /** A connection that is not known to be dead. */
  take(): PooledConnection | undefined {
    this.#connections = this.#connections.filter(isOpen);
    return this.#connections.pop();
  }

  /** Takes what a run leaves. */
  async put(connections: readonly PooledConnection[]): Promise<void> {
    const open = connections.filter(isOpen);
    if (!this.#closed) this.#connections.push(...open);
    else await Promise.all(open.map((p) => sayGoodbye(p.connection)));
  }

  /**
   * Asks every connection for a sign of life, which also keeps servers and
   * routers from forgetting it. What does not answer in the connection's own
   * time limit is gone. Never rejects.
   */
  async refresh(): Promise<void> {
    const asked = this.#connections;
    this.#connections = [];
    await Promise.all(asked.map(async (pooled) => {
      const { connection } = pooled;
      this.#asked.add(connection);
      try {
        await connection.execute(noop());
        await this.put([pooled]);
      } catch {
        // Whatever it says to NOOP: a new one is better.
        connection.destroy();
      } finally {
        this.#asked.delete(connection);
      }
    }));
  }

  /** Ends all connections at once: they are known or feared to be dead. */
  drop(): void {
    const connections = this.#connections.map(({ connection }) => connection);
    this.#connections = [];
    for (const one of [...connections, ...this.#asked]) one.destroy();
  }

  /** Says goodbye to all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const connection of this.#asked) connection.destroy();
    await this.put(this.#connections.splice(0));
  }
}

function isOpen({ connection }: PooledConnection): boolean {
  return !connection.isClosed;
}
