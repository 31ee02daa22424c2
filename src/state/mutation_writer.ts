/** Mutations as SQL, inside the transaction of one commit. */
import type { Mutation } from "../sync/status.ts";
import { MailError } from "../errors.ts";
import type { PairId, Side } from "../sync/types.ts";
import type { Database } from "./database.ts";
import type { FlagSets } from "./flag_sets.ts";
import type { MailboxRow } from "./mailbox_row.ts";
import type { Notes } from "./notes.ts";
import { type Cell, doomNumber, toCell } from "./values.ts";

/** The tables of an account, and what is kept of them in memory. */
export interface Tables {
  readonly database: Database;
  readonly flagSets: FlagSets;
  readonly notes: Notes;
}

type Draft = { -readonly [Key in keyof MailboxRow]: MailboxRow[Key] };

/**
 * Writes the mutations of one commit in order. The mailbox's own row is only
 * changed in {@link MutationWriter.row}: the caller writes it at the end.
 */
export class MutationWriter {
  readonly #tables: Tables;
  readonly #row: Draft;
  /** Whether {@link row} differs from what it was. */
  rowChanged = false;
  /** Whether intents or refusals were changed. */
  notesChanged = false;
  /** Whether a pair can have a refusal to take back. */
  #mayBeRefused: boolean;

  constructor(tables: Tables, row: MailboxRow) {
    this.#tables = tables;
    this.#row = { ...row };
    this.#mayBeRefused = tables.notes.of(row.id).refusals.length > 0;
  }

  /** The mailbox's row after the mutations so far. */
  get row(): MailboxRow {
    return this.#row;
  }

  /**
   * @throws {MailError} `state.conflict`: a pair that is not there cannot be
   *   changed, and no two pairs of a mailbox can name the same message
   */
  write(mutation: Mutation): void {
    switch (mutation.kind) {
      case "pair":
        return this.#pair(mutation);
      case "flags":
        return this.#change(
          mutation.id,
          "flags = ?",
          this.#tables.flagSets.numberOf(mutation.flags),
        );
      case "rebind":
        return this.#change(
          mutation.id,
          "doomed = 0, local = ?",
          toCell(mutation.local),
        );
      case "doom":
        return this.#change(
          mutation.id,
          "doomed = ?",
          BigInt(doomNumber(mutation.on)),
        );
      case "forget":
        return this.#forget(mutation.id);
      case "intend":
        this.notesChanged = true;
        return this.#tables.notes.intend(this.row.id, mutation.intent);
      case "settle":
        this.notesChanged = true;
        return this.#tables.notes
          .settle(this.row.id, mutation.to, mutation.ref);
      case "refuse":
        this.notesChanged = this.#mayBeRefused = true;
        return this.#tables.notes.refuse(this.row.id, mutation.refusal);
      case "done": {
        const { remoteToken, localToken, options } = mutation;
        return this.#edit({ remoteToken, localToken, options });
      }
      case "validity":
        this.#revalidate("remote", mutation.remote);
        this.#revalidate("local", mutation.local);
        return;
      default:
        mutation satisfies never;
    }
  }

  #pair(pair: Mutation & { kind: "pair" }): void {
    const sql = "INSERT OR IGNORE INTO pair (mailbox, remote, local, flags) " +
      "VALUES (?, ?, ?, ?)";
    const { changes } = this.#tables.database.prepare(sql).run(
      BigInt(this.row.id),
      toCell(pair.remote),
      toCell(pair.local),
      this.#tables.flagSets.numberOf(pair.flags),
    );
    if (Number(changes) !== 1) {
      throw this.#conflict(
        `has a pair of "${pair.remote}" or of "${pair.local}" already`,
      );
    }
    this.#edit({ size: this.row.size + 1 });
    if (!this.#mayBeRefused) return;
    this.#tables.notes.accept(this.row.id, "remote", pair.remote);
    this.#tables.notes.accept(this.row.id, "local", pair.local);
    this.notesChanged = true;
  }

  #change(id: PairId, assignment: string, value: Cell): void {
    const sql =
      `UPDATE OR IGNORE pair SET ${assignment} WHERE id = ? AND mailbox = ?`;
    const { changes } = this.#tables.database.prepare(sql)
      .run(value, BigInt(id), BigInt(this.row.id));
    if (Number(changes) === 1) return;
    throw this.#conflict(
      `has no pair ${id}, or another one has its new local name`,
    );
  }

  #conflict(what: string): MailError {
    return new MailError(`Status of mailbox "${this.row.remote}" ${what}`, {
      code: "state.conflict",
      scope: "mailbox",
    });
  }

  /** A pair that is gone already is as it should be. */
  #forget(id: PairId): void {
    const sql = "DELETE FROM pair WHERE id = ? AND mailbox = ?";
    const { changes } = this.#tables.database.prepare(sql)
      .run(BigInt(id), BigInt(this.row.id));
    this.#edit({ size: this.row.size - Number(changes) });
  }

  /**
   * With another validity the refs of a side mean other messages: its token and
   * its refusals are void. What becomes of the pairs is the engine's to decide;
   * an intent carries the validity that it was made under.
   */
  #revalidate(side: Side, validity: number): void {
    const before = this.row[`${side}Validity`];
    this.#edit({ [`${side}Validity`]: validity });
    if (before === undefined || before === validity) return;
    this.#edit({ [`${side}Token`]: undefined });
    this.#tables.notes.acceptAll(this.row.id, side);
    this.notesChanged = true;
  }

  #edit(change: Partial<Draft>): void {
    Object.assign(this.#row, change);
    this.rowChanged = true;
  }
}
