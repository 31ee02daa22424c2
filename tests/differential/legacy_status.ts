/** OfflineIMAP's status in the forms of older releases. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { World } from "./world.ts";

/** Names of all folders' status files. */
function statusFiles(world: World): string[] {
  return [...Deno.readDirSync(dirname(world.statusFile("INBOX")))]
    .map(({ name }) => name);
}

/** Puts text files in place of OfflineIMAP's databases. */
export function asText(world: World, format: 1 | 2): void {
  for (const name of statusFiles(world)) {
    const database = world.statusFile(name);
    const rows = rowsOf(database);
    Deno.removeSync(database);
    const file = join(dirname(dirname(database)), "LocalStatus", name);
    mkdirSync(dirname(file), { recursive: true });
    const lines = rows.map(({ id, flags }) =>
      format === 1 ? `${id}:${flags}\n` : `${id}|${flags}|0|\n`
    );
    Deno.writeTextFileSync(
      file,
      `OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT ${format}\n` +
        lines.join(""),
    );
  }
}

function rowsOf(file: string): { id: number; flags: string }[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return database.prepare("SELECT id, flags FROM status ORDER BY id").all()
    .map((row) => ({ id: Number(row["id"]), flags: String(row["flags"]) }));
}

/** Puts databases of format 1 (OfflineIMAP 6.4 to 6.5) in place of those of format 2. */
export function asFormatOne(world: World): void {
  for (const name of statusFiles(world)) {
    using database = new DatabaseSync(world.statusFile(name));
    database.exec(
      "ALTER TABLE status DROP COLUMN mtime;" +
        "ALTER TABLE status DROP COLUMN labels;" +
        "UPDATE metadata SET value = '1' WHERE key = 'db_version'",
    );
  }
}

/** Loses the status. */
export function withoutStatus(world: World): void {
  Deno.removeSync(dirname(world.statusFile("INBOX")), { recursive: true });
}
