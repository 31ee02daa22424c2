/** The status of one mailbox pair, on SQLite. */
import type {
  Base,
  Intent,
  MailboxState,
  MailboxStatus,
  Mutation,
  Refusal,
} from "../sync/status.ts";
import type { Flags } from "../sync/types.ts";
import type { Database } from "./database.ts";
import {
  type MailboxNames,
  type MailboxRows,
  NO_STATUS,
} from "./mailbox_row.ts";
import { MutationWriter, type Tables } from "./mutation_writer.ts";
import { PairTable } from "./pair_table.ts";
import { allArrays, type Cell, integerOf, refOf, toCell } from "./values.ts";

/** Rows read at a time: three times as fast as one by one through an iterator. */
const PAGE_ROWS = 2_000;

/** Below every ref: SQLite sorts numbers before texts. */
const BEFORE_ALL: Cell = -(2n ** 63n);

/**
 * One mailbox pair of an account. Has no row in the database before its first
 * commit. Everything is synchronous.
 */
export class SqliteMailboxState implements MailboxState {
  readonly #tables: Tables;
  readonly #rows: MailboxRows;
  readonly #names: MailboxNames;

  constructor(tables: Tables, rows: MailboxRows, names: MailboxNames) {
    this.#tables = tables;
    this.#rows = rows;
    this.#names = names;
  }

  /** Without a query, after the account's first. */
  status(): MailboxStatus {
    const row = this.#rows.get(this.#names);
    if (row === undefined) return NO_STATUS;
    const { id: _id, remote: _remote, local: _local, ...status } = row;
    return status;
  }

  /** Without a query, after the account's first, while nothing is noted. */
  intents(): readonly Intent[] {
    const row = this.#rows.get(this.#names);
    return row === undefined ? [] : this.#tables.notes.of(row.id).intents;
  }

  /** As {@link intents}. */
  refusals(): readonly Refusal[] {
    const row = this.#rows.get(this.#names);
    return row === undefined ? [] : this.#tables.notes.of(row.id).refusals;
  }

  /** A picture of the pairs as they are now: later commits do not change it. */
  load(): Base {
    const row = this.#rows.get(this.#names);
    const { database, flagSets } = this.#tables;
    if (row === undefined) return emptyBase();
    return database.readConsistently(emptyBase(), () => {
      const size = countPairs(database, row.id);
      return readPairs(database, row.id, size, flagSets.byNumber());
    });
  }

  /**
   * As {@link MailboxState.commit}. Takes any iterable, so that a status of a
   * million rows can be taken over in one transaction without a list of them.
   */
  commit(mutations: Iterable<Mutation>): void {
    if (Array.isArray(mutations) && mutations.length === 0) return;
    // Whoever does without `fsync` may lose mail here, but nothing is doubled on
    // the server for that: one sync for a thousand uploads.
    const announces = Array.isArray(mutations) &&
      mutations.some(({ kind }: Mutation) => kind === "intend");
    const { database, flagSets, notes } = this.#tables;
    try {
      const writer = database.transaction(() => {
        const row = this.#rows.get(this.#names) ??
          this.#rows.insert(this.#names);
        const writer = new MutationWriter(this.#tables, row);
        for (const mutation of mutations) writer.write(mutation);
        if (writer.rowChanged) this.#rows.update(writer.row);
        return writer;
      }, announces ? true : undefined);
      this.#rows.keep(writer.row);
      if (writer.notesChanged) notes.changed();
    } catch (error) {
      flagSets.reset();
      throw error;
    }
  }
}

function emptyBase(): Base {
  return new PairTable(0, new Map<number, Flags>()).seal();
}

function countPairs(database: Database, mailbox: number): number {
  const sql = "SELECT count(*) AS n FROM pair WHERE mailbox = ?";
  return integerOf(database.prepare(sql).get(BigInt(mailbox))?.["n"]);
}

function readPairs(
  database: Database,
  mailbox: number,
  size: number,
  flagSets: ReadonlyMap<number, Flags>,
): Base {
  const table = new PairTable(size, flagSets);
  const statement = database.prepare(
    "SELECT id, remote, local, flags, doomed FROM pair " +
      "WHERE mailbox = ? AND remote > ? ORDER BY remote LIMIT ?",
  );
  for (let after = BEFORE_ALL;;) {
    const page = allArrays(
      statement,
      BigInt(mailbox),
      after,
      BigInt(PAGE_ROWS),
    );
    for (const [id, remote, local, flags, doomed] of page) {
      const ref = refOf(remote);
      table.add({
        id: integerOf(id),
        remote: ref,
        local: refOf(local),
        flags: integerOf(flags),
        doomed: integerOf(doomed),
      });
      after = toCell(ref);
    }
    if (page.length < PAGE_ROWS) return table.seal();
  }
}
