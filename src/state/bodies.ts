/** Where bodies lie that a server shows in several mailboxes. */
import type { BodyIndex } from "../sync/ports.ts";
import type { Ref } from "../sync/types.ts";
import type { Database } from "./database.ts";
import { refOf, textOf, toCell } from "./values.ts";

/** The `body` table: a hint for each local copy, good until its pair is gone. */
export class Bodies implements BodyIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: string): { mailbox: string; ref: Ref }[] {
    const sql = "SELECT mailbox, local FROM body WHERE id = ?";
    return this.#database.read(
      [],
      () =>
        this.#database.prepare(sql).all(id).map((row) => ({
          mailbox: textOf(row["mailbox"]),
          ref: refOf(row["local"]),
        })),
    );
  }

  note(
    mailbox: string,
    entries: readonly { readonly id: string; readonly ref: Ref }[],
  ): void {
    const sql = "INSERT OR REPLACE INTO body (mailbox, local, id) " +
      "VALUES (?, ?, ?)";
    // Losing it costs a download, nothing else.
    this.#database.transaction(() => {
      const insert = this.#database.prepare(sql);
      for (const { id, ref } of entries) insert.run(mailbox, toCell(ref), id);
    }, false);
  }
}
