/** OfflineIMAP's metadata, made by the description of its formats. */
import { DatabaseSync } from "node:sqlite";
import { dirname, join } from "node:path";
import type { TakeOverOptions } from "../../../../src/state/mod.ts";
import { temporaryFolder } from "../support.ts";

/** UID and flag letters by row. */
export type Rows = readonly (readonly [uid: number, letters: string])[];

/** A metadata directory of account `A` with repositories `Remote` and `Local`. */
export class LegacyMetadata implements Disposable {
  readonly #folder = temporaryFolder();
  readonly path = this.#folder.path;
  readonly warnings: string[] = [];

  /** What takeOver() is asked for `remoteName`, the same on both sides. */
  options(
    remoteName: string,
    rest: Partial<TakeOverOptions> = {},
  ): TakeOverOptions {
    return {
      metadata: this.path,
      account: "A",
      remoteRepo: "Remote",
      localRepo: "Local",
      remoteName,
      remoteVisible: remoteName,
      remoteSeparator: "/",
      localName: remoteName,
      warn: (text) => this.warnings.push(text),
      ...rest,
    };
  }

  /** Writes any file and returns its path. */
  write(name: string, content: string): string {
    const path = join(this.path, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, content);
    return path;
  }

  /** A status database, as LocalStatusSQLite.py writes it. */
  sqlite(name: string, rows: Rows, version = 2): string {
    const path = this.write(`Account-A/LocalStatus-sqlite/${name}`, "");
    using database = new DatabaseSync(path);
    const columns = version === 1
      ? "id INTEGER PRIMARY KEY, flags VARCHAR(50)"
      : "id INTEGER PRIMARY KEY, flags VARCHAR(50), mtime INTEGER, " +
        "labels VARCHAR(256)";
    database.exec(
      "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));" +
        `INSERT INTO metadata VALUES ('db_version', '${version}');` +
        `CREATE TABLE status (${columns});`,
    );
    const sql = "INSERT INTO status (id, flags) VALUES (?, ?)";
    for (const row of rows) database.prepare(sql).run(...row);
    return path;
  }

  /** A text status of format 2. */
  text(name: string, rows: Rows): string {
    const lines = rows.map(([uid, letters]) => `${uid}|${letters}|0|\n`);
    return this.write(
      `Account-A/LocalStatus/${name}`,
      "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 2\n" +
        lines.join(""),
    );
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
