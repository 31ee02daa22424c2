/** A status database of OfflineIMAP in the making: never the one in use. */
import { DatabaseSync } from "node:sqlite";
import type { AgreedMessage } from "../status_files.ts";
import type { FlagLetters } from "../takeover/legacy_flags.ts";
import { integerOf } from "../values.ts";

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
  messages: readonly AgreedMessage[],
  changed: readonly number[] | undefined,
  letters: FlagLetters,
): boolean {
  using database = new DatabaseSync(file);
  // The file is a copy that nobody sees before it is whole and synced.
  database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
  const fresh = !isCurrent(database);
  database.exec("BEGIN");
  if (fresh) database.exec(startAgain(database) + SCHEMA);
  const wanted = new Map(
    messages.map(({ uid, flags }): [number, Row] => [uid, {
      flags: letters.write(flags),
      labels: letters.writeLabels(flags),
    }]),
  );
  const removed = removeSurplus(database, wanted, changed);
  const set = setRows(database, wanted);
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

function removeSurplus(
  database: DatabaseSync,
  wanted: ReadonlyMap<number, Row>,
  changed: readonly number[] | undefined,
): boolean {
  const known = changed ??
    database.prepare("SELECT id FROM status").all()
      .map((row) => integerOf(row["id"]));
  const remove = database.prepare("DELETE FROM status WHERE id = ?");
  let removed = 0;
  for (const uid of known) {
    if (wanted.has(uid)) continue;
    removed += Number(remove.run(BigInt(uid)).changes);
  }
  return removed > 0;
}

/** What a row says of a message. */
interface Row {
  readonly flags: string;
  /** Undefined: what stands there stays. */
  readonly labels: string | undefined;
}

function setRows(
  database: DatabaseSync,
  wanted: ReadonlyMap<number, Row>,
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
  for (const [uid, { flags, labels }] of wanted) {
    set += Number(flagged.run(BigInt(uid), flags).changes);
    if (labels === undefined) continue;
    set += Number(labelled.run(now, labels, BigInt(uid), labels).changes);
  }
  return set > 0;
}
