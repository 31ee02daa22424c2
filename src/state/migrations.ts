/** The schema of the state, as the ordered list of steps that lead to it. */
import type { DatabaseSync } from "node:sqlite";
import { MailError } from "../errors.ts";

/**
 * One SQL script per version: the n-th (from one) turns version n-1 into n.
 * Scripts that were released are never edited; a change is a new one.
 */
export const MIGRATIONS: readonly string[] = [
  // ANY in a STRICT table keeps a ref's type: the UID 5 and the name "5" differ.
  // AUTOINCREMENT: the id of a forgotten pair never names another one.
  `
  CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY,
    remote_name TEXT NOT NULL,
    local_name TEXT NOT NULL,
    remote_validity INTEGER,
    local_validity INTEGER,
    remote_token TEXT,
    local_token TEXT,
    options TEXT,
    size INTEGER NOT NULL DEFAULT 0,
    UNIQUE (remote_name, local_name)
  ) STRICT;

  CREATE TABLE flag_set (
    id INTEGER PRIMARY KEY,
    flags TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE pair (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL,
    remote ANY NOT NULL,
    local ANY NOT NULL,
    flags INTEGER NOT NULL,
    doomed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX pair_remote ON pair (mailbox, remote);
  CREATE UNIQUE INDEX pair_local ON pair (mailbox, local) WHERE doomed = 0;

  CREATE TABLE intent (
    mailbox INTEGER NOT NULL,
    to_side TEXT NOT NULL CHECK (to_side IN ('remote', 'local')),
    ref ANY NOT NULL,
    next_ref INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    PRIMARY KEY (mailbox, to_side, ref)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE refusal (
    mailbox INTEGER NOT NULL,
    from_side TEXT NOT NULL CHECK (from_side IN ('remote', 'local')),
    ref ANY NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (mailbox, from_side, ref)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE store_token (
    side TEXT NOT NULL CHECK (side IN ('remote', 'local')),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (side, name)
  ) STRICT, WITHOUT ROWID;
  `,
  // OfflineIMAP's status file of a mailbox as it was last written, and what it
  // lacks since. By triggers, so that both are part of the pair's own commit.
  // A file that was never written gets all pairs: nothing is noted for it.
  `
  CREATE TABLE status_file (
    mailbox INTEGER PRIMARY KEY,
    stamp TEXT NOT NULL
  ) STRICT;

  CREATE TABLE status_file_lag (
    mailbox INTEGER NOT NULL,
    remote ANY NOT NULL,
    PRIMARY KEY (mailbox, remote)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER pair_added AFTER INSERT ON pair
    WHEN EXISTS (SELECT 1 FROM status_file WHERE mailbox = new.mailbox)
  BEGIN
    INSERT OR IGNORE INTO status_file_lag VALUES (new.mailbox, new.remote);
  END;
  CREATE TRIGGER pair_flagged AFTER UPDATE OF flags ON pair
    WHEN EXISTS (SELECT 1 FROM status_file WHERE mailbox = new.mailbox)
  BEGIN
    INSERT OR IGNORE INTO status_file_lag VALUES (new.mailbox, new.remote);
  END;
  CREATE TRIGGER pair_removed AFTER DELETE ON pair
    WHEN EXISTS (SELECT 1 FROM status_file WHERE mailbox = old.mailbox)
  BEGIN
    INSERT OR IGNORE INTO status_file_lag VALUES (old.mailbox, old.remote);
  END;
  `,
  // Only for servers that show a message in several mailboxes.
  `
  CREATE TABLE body (
    mailbox TEXT NOT NULL,
    local ANY NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (mailbox, local)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX body_id ON body (id);

  CREATE TRIGGER pair_body_removed AFTER DELETE ON pair
  BEGIN
    DELETE FROM body WHERE local = old.local AND mailbox =
      (SELECT local_name FROM mailbox WHERE id = old.mailbox);
  END;
  `,
  // Between two servers OfflineIMAP has a map of UIDs, which this changes.
  `
  CREATE TRIGGER pair_rebound AFTER UPDATE OF local ON pair
    WHEN typeof(new.local) = 'integer'
      AND EXISTS (SELECT 1 FROM status_file WHERE mailbox = new.mailbox)
  BEGIN
    INSERT OR IGNORE INTO status_file_lag VALUES (new.mailbox, new.remote);
  END;
  `,
];

/** The schema version in a database: 0 for one without tables. */
export function schemaVersion(database: DatabaseSync): number {
  const row = database.prepare("PRAGMA user_version").get();
  return Number(row?.["user_version"] ?? 0);
}

/**
 * Refuses a database that a newer release of this program, or another program,
 * wrote.
 * @throws {MailError} `state.newer`, `state.foreign`
 */
export function checkSchema(
  database: DatabaseSync,
  file: string,
  latest = MIGRATIONS.length,
): void {
  const version = schemaVersion(database);
  if (version > latest) {
    throw new MailError(
      `State database "${file}" has format ${version}; ` +
        `this release knows formats up to ${latest}`,
      {
        code: "state.newer",
        scope: "account",
        retry: "never",
        hint: "Use the release that wrote it, or a later one",
      },
    );
  }
  if (version > 0) return;
  const row = database.prepare("SELECT count(*) AS n FROM sqlite_master").get();
  if (Number(row?.["n"]) > 0) {
    throw new MailError(
      `"${file}" is a database of another program`,
      { code: "state.foreign", scope: "account", retry: "never" },
    );
  }
}

/**
 * Brings a database up to date, all or nothing: a run that is killed in the
 * middle leaves the old version. `commit` is called right before the commit.
 */
export function migrate(
  database: DatabaseSync,
  migrations: readonly string[] = MIGRATIONS,
  commit: () => void = () => {},
): void {
  if (schemaVersion(database) >= migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Read again: another process may have been first.
    const version = schemaVersion(database);
    for (const script of migrations.slice(version)) database.exec(script);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    commit();
    database.exec("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Ends a failed transaction. SQLite may have done so by itself (disk full). */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // There was no transaction left.
  }
}
