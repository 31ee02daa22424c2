/** What is noted about OfflineIMAP's status files: how far each has come. */
import type { Flags } from "../sync/types.ts";
import type { Database } from "./database.ts";
import type { FlagSets } from "./flag_sets.ts";
import type { MailboxNames, MailboxRows } from "./mailbox_row.ts";
import { allArrays, integerOf, optionalText } from "./values.ts";

/** A message as OfflineIMAP's status file shall have it. */
export interface AgreedMessage {
  /** Its UID on the remote side. */
  readonly uid: number;
  /** Its UID on the local side, where that is a server. */
  readonly local?: number;
  readonly flags: Flags;
}

/** What a mailbox's status file lacks. */
export interface Lag {
  /** The UIDs that changed since; undefined: all, it was never written. */
  readonly changed: readonly number[] | undefined;
  /** The stamp of the file as it was written; undefined if it never was. */
  readonly stamp: string | undefined;
}

/** A mailbox whose file lacks something. */
export interface Lagging<Named extends MailboxNames> {
  readonly mailbox: Named;
  readonly lag: Lag;
}

/** A file that was written, and how to know it again. */
export interface WrittenStatus extends MailboxNames {
  /** Undefined: it is not ours any more, all of it is to be written. */
  readonly stamp: string | undefined;
}

/** The tables `status_file` and `status_file_lag`. */
export class StatusFiles {
  readonly #database: Database;
  readonly #flagSets: FlagSets;
  readonly #rows: MailboxRows;

  constructor(database: Database, flagSets: FlagSets, rows: MailboxRows) {
    this.#database = database;
    this.#flagSets = flagSets;
    this.#rows = rows;
  }

  /** The stamp of a mailbox's file as it was last written. */
  stampOf(names: MailboxNames): string | undefined {
    const id = this.#rows.get(names)?.id;
    if (id === undefined) return undefined;
    return this.#database.read(undefined, () => this.#stamps().get(id));
  }

  /** What the file of each of these mailboxes lacks; those in step are left out. */
  lagging<Named extends MailboxNames>(
    mailboxes: readonly Named[],
  ): Lagging<Named>[] {
    return this.#database.read([], () => {
      const stamps = this.#stamps();
      const changed = this.#changed();
      return mailboxes.flatMap((mailbox): Lagging<Named>[] => {
        const id = this.#rows.get(mailbox)?.id;
        if (id === undefined) return [];
        const stamp = stamps.get(id);
        if (stamp === undefined) {
          return [{ mailbox, lag: { changed: undefined, stamp } }];
        }
        const uids = changed.get(id);
        return uids === undefined
          ? []
          : [{ mailbox, lag: { changed: uids, stamp } }];
      });
    });
  }

  /** The messages of a mailbox, or those of them that have one of these UIDs. */
  messages(
    names: MailboxNames,
    uids?: readonly number[],
  ): readonly AgreedMessage[] {
    const id = this.#rows.get(names)?.id;
    if (id === undefined) return [];
    return this.#database.read([], () => {
      const sets = this.#flagSets.byNumber();
      const messages: AgreedMessage[] = [];
      for (const [uid, number, local] of this.#pairs(id, uids)) {
        const flags = sets.get(integerOf(number));
        if (flags === undefined) continue;
        messages.push({
          uid: integerOf(uid),
          flags,
          ...(typeof local === "number" ? { local } : {}),
        });
      }
      return messages;
    });
  }

  #pairs(mailbox: number, uids: readonly number[] | undefined) {
    const base = "SELECT remote, flags, local FROM pair " +
      "WHERE mailbox = ? AND typeof(remote) = 'integer'";
    if (uids === undefined) {
      const statement = this.#database.prepare(`${base} ORDER BY remote`);
      return allArrays(statement, BigInt(mailbox));
    }
    const statement = this.#database.prepare(`${base} AND remote = ?`);
    return uids.flatMap((uid) =>
      allArrays(statement, BigInt(mailbox), BigInt(uid))
    );
  }

  /** Notes files that were written: they lack nothing now. One transaction. */
  record(written: readonly WrittenStatus[]): void {
    if (written.length === 0) return;
    const database = this.#database;
    database.transaction(() => {
      for (const { stamp, ...names } of written) {
        const id = this.#rows.get(names)?.id;
        if (id === undefined) continue;
        const key = BigInt(id);
        database.prepare("DELETE FROM status_file_lag WHERE mailbox = ?")
          .run(key);
        if (stamp === undefined) {
          database.prepare("DELETE FROM status_file WHERE mailbox = ?")
            .run(key);
        } else {
          database.prepare("INSERT OR REPLACE INTO status_file VALUES (?, ?)")
            .run(key, stamp);
        }
      }
    });
  }

  #stamps(): Map<number, string> {
    const rows = this.#database.prepare("SELECT * FROM status_file").all();
    return new Map(
      rows.map((row) => [
        integerOf(row["mailbox"]),
        optionalText(row["stamp"]) ?? "",
      ]),
    );
  }

  #changed(): Map<number, number[]> {
    const sql = "SELECT mailbox, remote FROM status_file_lag " +
      "WHERE typeof(remote) = 'integer'";
    const changed = new Map<number, number[]>();
    for (const [mailbox, uid] of allArrays(this.#database.prepare(sql))) {
      const id = integerOf(mailbox);
      const uids = changed.get(id) ?? [];
      changed.set(id, uids);
      uids.push(integerOf(uid));
    }
    return changed;
  }
}
