/** The `mailbox` table: what is known of a pair of mailboxes beside messages. */
import type { MailboxStatus } from "../sync/status.ts";
import type { Database } from "./database.ts";
import {
  integerOf,
  optionalInteger,
  optionalText,
  textOf,
  toNullable,
} from "./values.ts";

/** A mailbox pair, named by both names: neither alone is unambiguous. */
export interface MailboxNames {
  /** The remote store's name. */
  readonly remote: string;
  /** The local store's name. */
  readonly local: string;
}

/** A row. */
export interface MailboxRow extends MailboxNames, MailboxStatus {
  readonly id: number;
}

/** The status of a mailbox pair that was never synchronised. */
export const NO_STATUS: MailboxStatus = {
  remoteValidity: undefined,
  localValidity: undefined,
  remoteToken: undefined,
  localToken: undefined,
  options: undefined,
  size: 0,
};

/**
 * All rows of the account, read by one query when the first is asked for and
 * kept: a run with nothing to do over many mailboxes asks for each.
 */
export class MailboxRows {
  readonly #database: Database;
  #rows: Map<string, MailboxRow> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The row of a pair, if it has one. */
  get(names: MailboxNames): MailboxRow | undefined {
    return this.#load().get(keyOf(names));
  }

  /** All rows, in no particular order. */
  list(): MailboxRow[] {
    return [...this.#load().values()];
  }

  /**
   * Inserts an empty row. Only inside a transaction; {@link keep} makes it known
   * once that is over.
   */
  insert(names: MailboxNames): MailboxRow {
    const sql = "INSERT INTO mailbox (remote_name, local_name) VALUES (?, ?)";
    const { lastInsertRowid } = this.#database.prepare(sql)
      .run(names.remote, names.local);
    const { remote, local } = names;
    const id = Number(lastInsertRowid);
    return { id, remote, local, ...NO_STATUS };
  }

  /** Writes all columns of a row. Only inside a transaction, as {@link insert}. */
  update(row: MailboxRow): void {
    const sql = "UPDATE mailbox SET remote_validity = ?, local_validity = ?, " +
      "remote_token = ?, local_token = ?, options = ?, size = ? WHERE id = ?";
    this.#database.prepare(sql).run(
      toNullable(row.remoteValidity),
      toNullable(row.localValidity),
      row.remoteToken ?? null,
      row.localToken ?? null,
      row.options ?? null,
      BigInt(row.size),
      BigInt(row.id),
    );
  }

  /** Remembers a row as it was committed. */
  keep(row: MailboxRow): void {
    this.#load().set(keyOf(row), row);
  }

  #load(): Map<string, MailboxRow> {
    return this.#rows ??= this.#database.read(new Map(), () => this.#read());
  }

  #read(): Map<string, MailboxRow> {
    const rows = new Map<string, MailboxRow>();
    for (
      const row of this.#database.prepare("SELECT * FROM mailbox").iterate()
    ) {
      const decoded: MailboxRow = {
        id: integerOf(row["id"]),
        remote: textOf(row["remote_name"]),
        local: textOf(row["local_name"]),
        remoteValidity: optionalInteger(row["remote_validity"]),
        localValidity: optionalInteger(row["local_validity"]),
        remoteToken: optionalText(row["remote_token"]),
        localToken: optionalText(row["local_token"]),
        options: optionalText(row["options"]),
        size: integerOf(row["size"]),
      };
      rows.set(keyOf(decoded), decoded);
    }
    return rows;
  }
}

/** NUL is in no name of a mailbox. */
function keyOf({ remote, local }: MailboxNames): string {
  return `${remote}\0${local}`;
}
