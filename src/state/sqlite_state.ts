/** What an account's two sides last agreed on: the door to its state. */
import type { AccountState, PairStatus } from "../sync/status.ts";
import type { Side } from "../sync/types.ts";
import { Bodies } from "./bodies.ts";
import { Database, type DatabaseOptions } from "./database.ts";
import { FlagSets } from "./flag_sets.ts";
import { type MailboxNames, MailboxRows, NO_STATUS } from "./mailbox_row.ts";
import { SqliteMailboxState } from "./sqlite_mailbox_state.ts";
import type { Tables } from "./mutation_writer.ts";
import { Notes } from "./notes.ts";
import { StatusFiles } from "./status_files.ts";
import { optionalText } from "./values.ts";

/**
 * Opens the state of an account. The file is opened when it is first asked for
 * something and created by the first commit: a run that only looks leaves none.
 *
 * The caller holds the account's lock: one process at a time writes here.
 */
export function openState(options: DatabaseOptions): SqliteState {
  return new SqliteState(new Database(options));
}

/**
 * The state of one account. All methods are synchronous and throw a
 * {@link MailError} with a code `state.*` and scope account when SQLite fails.
 */
export class SqliteState implements AccountState, Disposable {
  readonly #tables: Tables;
  readonly #rows: MailboxRows;
  /** How far OfflineIMAP's own status files have come. */
  readonly statusFiles: StatusFiles;
  /** Where bodies lie that the server shows in several mailboxes. */
  readonly bodies: Bodies;

  constructor(database: Database) {
    const flagSets = new FlagSets(database);
    this.#tables = { database, flagSets, notes: new Notes(database) };
    this.#rows = new MailboxRows(database);
    this.bodies = new Bodies(database);
    this.statusFiles = new StatusFiles(database, flagSets, this.#rows);
  }

  /** Path of the database. */
  get file(): string {
    return this.#tables.database.file;
  }

  /**
   * The status of a pair of mailboxes. It takes both names to name it: two pairs
   * that OfflineIMAP would give one status file stay two.
   */
  mailbox(remote: string, local: string): SqliteMailboxState {
    const names = { remote, local };
    return new SqliteMailboxState(this.#tables, this.#rows, names);
  }

  /** All pairs that were ever recorded, by three queries whatever their number. */
  statuses(): PairStatus[] {
    return this.#rows.list().map(({ id, ...status }) => {
      const unsettled = this.#tables.notes.of(id).intents.length;
      return { ...status, unsettled };
    });
  }

  /**
   * Whether anything was ever recorded about a pair, a purge included. If not,
   * what OfflineIMAP left may be taken over.
   */
  isRecorded(remote: string, local: string): boolean {
    return this.#rows.get({ remote, local }) !== undefined;
  }

  /**
   * Forgets all messages, notes and tokens of a pair but not that it exists, so
   * that nothing older is taken over for it either. For a mailbox that was just
   * created on one side: what its status says is about another one of that name.
   */
  purge(remote: string, local: string): void {
    const { database, notes } = this.#tables;
    const names: MailboxNames = { remote, local };
    const row = database.transaction(() => {
      const row = this.#rows.get(names) ?? this.#rows.insert(names);
      database.prepare("DELETE FROM pair WHERE mailbox = ?")
        .run(BigInt(row.id));
      notes.clear(row.id);
      const purged = { ...row, ...NO_STATUS };
      this.#rows.update(purged);
      return purged;
    });
    this.#rows.keep(row);
    notes.changed();
  }

  /** What a store noted for itself under `name`. */
  storeToken(side: Side, name: string): string | undefined {
    const { database } = this.#tables;
    const sql = "SELECT value FROM store_token WHERE side = ? AND name = ?";
    return database.read(undefined, () => {
      const row = database.prepare(sql).get(side, name);
      return row === undefined ? undefined : optionalText(row["value"]);
    });
  }

  /** Notes something for a store; undefined removes it. */
  setStoreToken(side: Side, name: string, value: string | undefined): void {
    const { database } = this.#tables;
    database.transaction(() => {
      if (value === undefined) {
        const sql = "DELETE FROM store_token WHERE side = ? AND name = ?";
        database.prepare(sql).run(side, name);
      } else {
        const sql = "INSERT OR REPLACE INTO store_token (side, name, value) " +
          "VALUES (?, ?, ?)";
        database.prepare(sql).run(side, name, value);
      }
    });
  }

  /** Closes the file. Bases that were loaded stay usable. */
  close(): void {
    this.#tables.database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
