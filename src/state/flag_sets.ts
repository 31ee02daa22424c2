/** The distinct sets of flags, which pairs name by number. */
import type { Flags } from "../sync/types.ts";
import type { Database } from "./database.ts";
import { integerOf, textOf } from "./values.ts";

/**
 * The `flag_set` table in memory. A mailbox of a million messages has a few
 * dozen sets; they are never removed.
 */
export class FlagSets {
  readonly #database: Database;
  #numbers: Map<Flags, number> | undefined;
  #sets = new Map<number, Flags>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** All sets by number. Only inside the database's `work`. */
  byNumber(): ReadonlyMap<number, Flags> {
    this.#load();
    return this.#sets;
  }

  /** The number of a set, which is added when new. Only inside a transaction. */
  numberOf(flags: Flags): bigint {
    const numbers = this.#load();
    let number = numbers.get(flags);
    if (number === undefined) {
      const sql = "INSERT INTO flag_set (flags) VALUES (?)";
      number = Number(this.#database.prepare(sql).run(flags).lastInsertRowid);
      numbers.set(flags, number);
      this.#sets.set(number, flags);
    }
    return BigInt(number);
  }

  /** To be called when a transaction failed: its numbers are no longer true. */
  reset(): void {
    this.#numbers = undefined;
  }

  #load(): Map<Flags, number> {
    if (this.#numbers !== undefined) return this.#numbers;
    const numbers = new Map<Flags, number>();
    // A new map: whoever holds the old one goes on reading it.
    const sets = new Map<number, Flags>();
    const sql = "SELECT id, flags FROM flag_set";
    for (const row of this.#database.prepare(sql).iterate()) {
      const number = integerOf(row["id"]);
      const flags = textOf(row["flags"]) as Flags;
      numbers.set(flags, number);
      sets.set(number, flags);
    }
    this.#sets = sets;
    return this.#numbers = numbers;
  }
}
