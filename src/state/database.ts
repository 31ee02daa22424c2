/** One SQLite file: opened when needed, created when first written. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { dirname } from "node:path";
import { noStep, type Step } from "../effects.ts";
import {
  checkSchema,
  migrate,
  MIGRATIONS,
  rollBack,
  schemaVersion,
} from "./migrations.ts";
import { guarded, stateError } from "./state_error.ts";
import { exists, makeStateFile } from "./state_files.ts";
import { copyAside, type TemporaryCopy } from "./copy_aside.ts";

/** A commit is on disk when it returns. */
const FULL = "PRAGMA synchronous = FULL";

/**
 * The file is sound after a power cut, only the last commits may be lost: it is
 * synced at checkpoints alone.
 */
const NORMAL = "PRAGMA synchronous = NORMAL";

/** How a state database is opened. */
export interface DatabaseOptions {
  /** Its path; folders above it are made with mode 0700, the file with 0600. */
  readonly file: string;
  /** Whether a commit is on disk when it returns. */
  readonly fsync: boolean;
  /** @default noStep */
  readonly step?: Step;
  /**
   * The file is not created, upgraded or written: what is committed goes to a
   * copy that is thrown away. @default false
   */
  readonly dryRun?: boolean;
  /** How long another process may hold the write lock. @default 5000 */
  readonly busyTimeoutMs?: number;
}

/**
 * The connection behind an account's state.
 *
 * A file that does not exist is an empty state; only {@link Database.transaction}
 * creates it. All errors of SQLite come out as {@link MailError}.
 */
export class Database implements Disposable {
  readonly file: string;
  readonly #fsync: boolean;
  readonly #step: Step;
  readonly #dryRun: boolean;
  readonly #busyTimeoutMs: number;
  readonly #statements = new Map<string, StatementSync>();
  #connection: DatabaseSync | undefined;
  #copy: TemporaryCopy | undefined;
  /** The connection is to something that goes with it: it may be written. */
  #isScratch = false;
  #closed = false;

  constructor(options: DatabaseOptions) {
    this.file = options.file;
    this.#fsync = options.fsync;
    this.#step = options.step ?? noStep;
    this.#dryRun = options.dryRun ?? false;
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 5_000;
  }

  /**
   * Runs `work` on the database, or returns `empty` when there is none yet.
   * @throws {MailError} `state.*`, scope account
   */
  read<T>(empty: T, work: () => T): T {
    return guarded(this.file, () => {
      this.#connection ??= this.#openExisting();
      return this.#connection === undefined ? empty : work();
    });
  }

  /**
   * Runs `work` with one unchanging view of the database.
   * @throws {MailError} `state.*`, scope account
   */
  readConsistently<T>(empty: T, work: () => T): T {
    return this.read(empty, () => {
      const connection = this.#opened();
      connection.exec("BEGIN");
      try {
        return work();
      } finally {
        rollBack(connection);
      }
    });
  }

  /**
   * Runs `work` in one transaction: all of it is recorded when this returns, or,
   * when it throws, nothing. With `durable` it is then on disk.
   * @param durable Only with `fsync`, unless it is asked for.
   * @throws {MailError} `state.*`, scope account; whatever `work` or a step throws
   */
  transaction<T>(work: () => T, durable: boolean = this.#fsync): T {
    const connection = guarded(this.file, () => this.#writable());
    const step = this.#dryRun ? noStep : this.#step;
    const raised = durable && !this.#fsync && !this.#dryRun;
    try {
      if (raised) connection.exec(FULL);
      // IMMEDIATE: two writers meet here, where nothing was read yet.
      connection.exec("BEGIN IMMEDIATE");
      const result = work();
      step("state", "commit");
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      rollBack(connection);
      throw stateError(error, this.file);
    } finally {
      if (raised && connection.isOpen) connection.exec(NORMAL);
    }
  }

  /** The statement of `sql`, prepared once. Only inside `work`. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#opened().prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Closes the file. The last one to close it folds the log back into it. */
  close(): void {
    this.#closed = true;
    this.#statements.clear();
    try {
      guarded(this.file, () => this.#connection?.close());
    } finally {
      this.#connection = undefined;
      this.#copy?.[Symbol.dispose]();
      this.#copy = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #opened(): DatabaseSync {
    if (this.#connection === undefined) {
      throw new Error(`State database "${this.file}" is not open`);
    }
    return this.#connection;
  }

  #writable(): DatabaseSync {
    if (!this.#dryRun) {
      return this.#connection ??= this.#openExisting() ?? this.#create();
    }
    const connection = this.#connection ?? this.#openExisting();
    if (this.#isScratch && connection !== undefined) return connection;
    if (connection === undefined) return this.#connection = this.#inMemory();
    connection.close();
    this.#statements.clear();
    return this.#connection = this.#openCopy();
  }

  #openExisting(): DatabaseSync | undefined {
    if (this.#closed) {
      throw new Error(`State database "${this.file}" was closed`);
    }
    if (!exists(this.file)) return undefined;
    const connection = this.#connect(this.file);
    try {
      checkSchema(connection, this.file);
      if (this.#dryRun) return this.#forLooking(connection);
      this.#tune(connection);
      migrate(connection, MIGRATIONS, () => this.#step("state", "migrate"));
      return connection;
    } catch (error) {
      if (connection.isOpen) connection.close();
      throw error;
    }
  }

  #forLooking(connection: DatabaseSync): DatabaseSync | undefined {
    const version = schemaVersion(connection);
    if (version === MIGRATIONS.length) {
      connection.exec("PRAGMA query_only = ON");
      return connection;
    }
    connection.close();
    return version === 0 ? undefined : this.#openCopy();
  }

  #openCopy(): DatabaseSync {
    this.#copy = copyAside(this.file, dirname(this.file));
    const copy = this.#connect(this.#copy.file);
    copy.exec("PRAGMA synchronous = OFF");
    migrate(copy);
    this.#isScratch = true;
    return copy;
  }

  #inMemory(): DatabaseSync {
    const connection = this.#connect(":memory:");
    migrate(connection);
    this.#isScratch = true;
    return connection;
  }

  #create(): DatabaseSync {
    this.#step("state", "create");
    makeStateFile(this.file);
    const created = this.#openExisting();
    if (created === undefined) throw new Error(`"${this.file}" vanished`);
    return created;
  }

  #connect(file: string): DatabaseSync {
    const connection = new DatabaseSync(file);
    connection.exec(`PRAGMA busy_timeout = ${this.#busyTimeoutMs}`);
    return connection;
  }

  #tune(connection: DatabaseSync): void {
    // Where shared memory is missing (some network file systems) SQLite stays
    // with its rollback journal, which is as safe and only slower.
    connection.exec("PRAGMA journal_mode = WAL");
    connection.exec(
      "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; " +
        (this.#fsync ? FULL : NORMAL),
    );
  }
}
