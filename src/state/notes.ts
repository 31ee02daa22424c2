/** Intents and refusals: few rows that every mailbox is asked for in each run. */
import type { Intent, Refusal } from "../sync/status.ts";
import type { Ref, Side } from "../sync/types.ts";
import type { Database } from "./database.ts";
import { integerOf, refOf, sideOf, textOf, toCell } from "./values.ts";

/** What a mailbox is noted for. */
export interface MailboxNotes {
  readonly intents: readonly Intent[];
  readonly refusals: readonly Refusal[];
}

const NONE: MailboxNotes = { intents: [], refusals: [] };

/**
 * The `intent` and `refusal` tables. Read as a whole by two queries, then kept
 * until a mailbox's are changed. Changes only happen inside a transaction.
 */
export class Notes {
  readonly #database: Database;
  #all: Map<number, MailboxNotes> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The notes of the mailbox with this id. */
  of(mailbox: number): MailboxNotes {
    this.#all ??= this.#database.read(new Map(), () => this.#read());
    return this.#all.get(mailbox) ?? NONE;
  }

  /** To be called when a transaction that changed notes is over. */
  changed(): void {
    this.#all = undefined;
  }

  intend(mailbox: number, intent: Intent): void {
    const sql = "INSERT OR REPLACE INTO intent " +
      "(mailbox, to_side, ref, next_ref, validity, sent) " +
      "VALUES (?, ?, ?, ?, ?, ?)";
    this.#database.prepare(sql).run(
      BigInt(mailbox),
      intent.to,
      toCell(intent.ref),
      BigInt(intent.nextRef),
      BigInt(intent.validity),
      intent.sent ? 1n : 0n,
    );
  }

  settle(mailbox: number, to: Side, ref: Ref): void {
    const sql =
      "DELETE FROM intent WHERE mailbox = ? AND to_side = ? AND ref = ?";
    this.#database.prepare(sql).run(BigInt(mailbox), to, toCell(ref));
  }

  refuse(mailbox: number, { ref, from, reason }: Refusal): void {
    const sql = "INSERT OR REPLACE INTO refusal " +
      "(mailbox, from_side, ref, reason) VALUES (?, ?, ?, ?)";
    this.#database.prepare(sql).run(BigInt(mailbox), from, toCell(ref), reason);
  }

  /** Takes a refusal back: the message went through after all. */
  accept(mailbox: number, from: Side, ref: Ref): void {
    const sql =
      "DELETE FROM refusal WHERE mailbox = ? AND from_side = ? AND ref = ?";
    this.#database.prepare(sql).run(BigInt(mailbox), from, toCell(ref));
  }

  /** Takes all refusals of a side back: its refs mean other messages now. */
  acceptAll(mailbox: number, from: Side): void {
    const sql = "DELETE FROM refusal WHERE mailbox = ? AND from_side = ?";
    this.#database.prepare(sql).run(BigInt(mailbox), from);
  }

  /** Removes all notes of a mailbox. */
  clear(mailbox: number): void {
    for (const table of ["intent", "refusal"]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE mailbox = ?`)
        .run(BigInt(mailbox));
    }
  }

  #read(): Map<number, MailboxNotes> {
    const all = new Map<number, { intents: Intent[]; refusals: Refusal[] }>();
    const of = (mailbox: number) => {
      let notes = all.get(mailbox);
      if (notes === undefined) {
        notes = { intents: [], refusals: [] };
        all.set(mailbox, notes);
      }
      return notes;
    };
    const intents = this.#database.prepare("SELECT * FROM intent");
    for (const row of intents.iterate()) {
      of(integerOf(row["mailbox"])).intents.push({
        ref: refOf(row["ref"]),
        to: sideOf(row["to_side"]),
        nextRef: integerOf(row["next_ref"]),
        validity: integerOf(row["validity"]),
        sent: row["sent"] === 1,
      });
    }
    const refusals = this.#database.prepare("SELECT * FROM refusal");
    for (const row of refusals.iterate()) {
      of(integerOf(row["mailbox"])).refusals.push({
        ref: refOf(row["ref"]),
        from: sideOf(row["from_side"]),
        reason: textOf(row["reason"]),
      });
    }
    return all;
  }
}
