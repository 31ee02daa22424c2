/** OfflineIMAP's status in SQLite, format 1 and 2. */
import { DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { messageOf } from "../../errors.ts";
import { copyAside } from "../copy_aside.ts";
import { integerOf } from "../values.ts";
import type { FlagLetters } from "./legacy_flags.ts";
import type { LegacyRow, Warn } from "./legacy_row.ts";

/** The latest `db_version` that OfflineIMAP writes. */
const LATEST = 2;

/**
 * The rows of the database `file`, which is not changed. None for one that was
 * never filled; undefined when it cannot be read, which `warn` is told.
 */
export function readSqliteStatus(
  file: string,
  letters: FlagLetters,
  warn: Warn,
): LegacyRow[] | undefined {
  try {
    // What a run left in the middle of a commit has to be rolled back first,
    // and reading alone cannot do that: done in a copy, in the account's folder.
    if (isPresent(`${file}-journal`) || isPresent(`${file}-wal`)) {
      using copy = copyAside(file, dirname(dirname(file)));
      using database = new DatabaseSync(copy.file);
      return readRows(database, file, letters, warn);
    }
    using database = new DatabaseSync(file, { readOnly: true });
    return readRows(database, file, letters, warn);
  } catch (error) {
    warn(`OfflineIMAP's status "${file}" is not used: ${messageOf(error)}`);
    return undefined;
  }
}

function readRows(
  database: DatabaseSync,
  file: string,
  letters: FlagLetters,
  warn: Warn,
): LegacyRow[] | undefined {
  if (!hasTables(database)) return [];
  const sql = "SELECT value FROM metadata WHERE key = 'db_version'";
  const version = Number(database.prepare(sql).get()?.["value"]);
  if (!(version >= 1 && version <= LATEST)) {
    warn(`OfflineIMAP's status "${file}" is not used: unknown format`);
    return undefined;
  }
  const rows: LegacyRow[] = [];
  const statement = database.prepare(
    `SELECT id, flags, ${version >= 2 ? "labels" : "NULL AS labels"} ` +
      "FROM status WHERE id > 0 ORDER BY id",
  );
  for (const row of statement.iterate()) {
    const flags = letters.read(
      String(row["flags"] ?? ""),
      String(row["labels"] ?? ""),
    );
    rows.push({ uid: integerOf(row["id"]), flags });
  }
  return rows;
}

/** An empty file is a database without tables: OfflineIMAP starts so. */
function hasTables(database: DatabaseSync): boolean {
  const row = database.prepare(
    "SELECT count(*) AS n FROM sqlite_master " +
      "WHERE type = 'table' AND name IN ('metadata', 'status')",
  ).get();
  return row?.["n"] === 2;
}

function isPresent(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
