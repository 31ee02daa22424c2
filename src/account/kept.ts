/** What one sync of an account leaves for the next one of the same run. */
import { Shelf } from "../imap/store/shelf.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { NamedPair } from "./naming.ts";

/** What the last full sync saw: enough to synchronise a few mailboxes by name. */
export interface Seen {
  /** Every mailbox of the remote side, without tokens: those have aged. */
  readonly remote: readonly MailboxInfo[];
  readonly pairs: readonly NamedPair[];
}

/**
 * Open connections by repository (`holdconnectionopen`), and the names of the
 * last full sync. Nothing here is needed for a sync to be right; whatever is
 * missing is asked for again.
 */
export class Kept implements AsyncDisposable {
  seen: Seen | undefined;
  readonly #shelves = new Map<string, Shelf>();

  /** The connections of a repository. */
  shelfOf(repository: string): Shelf {
    let shelf = this.#shelves.get(repository);
    if (shelf === undefined) this.#shelves.set(repository, shelf = new Shelf());
    return shelf;
  }

  /** Asks all connections for a sign of life; drops those without. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#shelves.values()].map((s) => s.refresh()));
  }

  /** Ends all connections at once. */
  drop(): void {
    for (const shelf of this.#shelves.values()) shelf.drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#shelves.values()].map((s) => s[Symbol.asyncDispose]()),
    );
  }
}
