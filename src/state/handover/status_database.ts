/** A status database of OfflineIMAP in the making: never the one in use. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { AgreedMessage } from "../status_files.ts";
import type { FlagLetters } from "../takeover/legacy_flags.ts";

/** As OfflineIMAP makes one, see its folder/LocalStatusSQLite.py. */
const SCHEMA = `
  CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));
  INSERT INTO metadata VALUES('db_version', '2');
  CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50), mtime INTEGER, labels VARCHAR(256));
`;

/**
 * Makes the database `file` hold exactly `messages`. Rows that are right already
 * stay as they are, with what OfflineIMAP noted there about labels.
 *
 * @param changed Only these UIDs can be wrong; undefined: any can.
 * @returns Whether anything was to be changed.
 */
export function fillStatus(
  file: string,
  messages: Iterable<AgreedMessage>,
  changed: readonly number[] | undefined,
  letters: FlagLetters,
): boolean {
  using database = new DatabaseSync(file);
  // The file is a copy that nobody sees before it is whole and synced.
  database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
  const fresh = !isCurrent(database);
  database.exec("BEGIN");
  if (fresh) database.exec(startAgain(database) + SCHEMA);
  const surplus = fresh
    ? new NoSurplus()
    : changed === undefined
    ? new AnySurplus(database)
    : new SomeSurplus(database, changed);
  const set = setRows(database, messages, letters, (uid) => surplus.keep(uid));
  const removed = surplus.remove();
  database.exec("COMMIT");
  return fresh || removed || set;
}

/** Whether it has the tables of the format that is written here. */
function isCurrent(database: DatabaseSync): boolean {
  try {
    const sql = "SELECT value FROM metadata WHERE key = 'db_version'";
    database.prepare("SELECT id, flags, mtime, labels FROM status LIMIT 1")
      .all();
    return database.prepare(sql).get()?.["value"] === "2";
  } catch {
    // No such table or column.
    return false;
  }
}

/** Removes what there is: an older format is written anew. */
function startAgain(database: DatabaseSync): string {
  const rows = database.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table'",
  ).all();
  return rows.map(({ name }) =>
    `DROP TABLE "${String(name).replaceAll('"', '""')}";`
  ).join("");
}

/** Rows of messages that are gone. */
interface Surplus {
  /** The message of this UID is there. */
  keep(uid: number): void;
  /** Removes the rows of all others. @returns Whether there were any. */
  remove(): boolean;
}

/** A new file has none. */
class NoSurplus implements Surplus {
  keep(): void {}
  remove(): boolean {
    return false;
  }
}

/** Only some rows can be surplus. */
class SomeSurplus implements Surplus {
  readonly #left: Set<number>;

  constructor(readonly database: DatabaseSync, uids: readonly number[]) {
    this.#left = new Set(uids);
  }

  keep(uid: number): void {
    this.#left.delete(uid);
  }

  remove(): boolean {
    const remove = this.database.prepare("DELETE FROM status WHERE id = ?");
    let removed = 0;
    for (const uid of this.#left) {
      removed += Number(remove.run(BigInt(uid)).changes);
    }
    return removed > 0;
  }
}

/** Any row can be: what is kept is noted in the database, not in memory. */
class AnySurplus implements Surplus {
  readonly #keep: StatementSync;

  constructor(readonly database: DatabaseSync) {
    database.exec("CREATE TEMP TABLE kept (id INTEGER PRIMARY KEY)");
    this.#keep = database.prepare("INSERT OR IGNORE INTO kept VALUES (?)");
  }

  keep(uid: number): void {
    this.#keep.run(BigInt(uid));
  }

  remove(): boolean {
    const sql = "DELETE FROM status WHERE id NOT IN (SELECT id FROM kept)";
    return Number(this.database.prepare(sql).run().changes) > 0;
  }
}

function setRows(
  database: DatabaseSync,
  messages: Iterable<AgreedMessage>,
  letters: FlagLetters,
  visit: (uid: number) => void,
): boolean {
  const flagged = database.prepare(
    "INSERT INTO status (id, flags, mtime, labels) VALUES (?, ?, 0, '') " +
      "ON CONFLICT (id) DO UPDATE SET flags = excluded.flags " +
      "WHERE flags IS NOT excluded.flags",
  );
  // Whatever OfflineIMAP finds in a file that is not younger is in step.
  const labelled = database.prepare(
    "UPDATE status SET mtime = ?, labels = ? " +
      "WHERE id = ? AND (labels IS NOT ? OR mtime = 0)",
  );
  const now = BigInt(Math.floor(Date.now() / 1000));
  let set = 0;
  for (const { uid, flags } of messages) {
    visit(uid);
    const written = letters.write(flags);
    set += Number(flagged.run(BigInt(uid), written).changes);
    const labels = letters.writeLabels(flags);
    // Undefined: what stands there stays.
    if (labels === undefined) continue;
    set += Number(labelled.run(now, labels, BigInt(uid), labels).changes);
  }
  return set > 0;
}
