/** What is noted about OfflineIMAP's status files: how far each has come. */
import type { Flags } from "../sync/types.ts";
import type { Database } from "./database.ts";
import type { FlagSets } from "./flag_sets.ts";
import type { MailboxNames, MailboxRows } from "./mailbox_row.ts";
import { allArrays, integerOf, optionalText } from "./values.ts";

/** Read at a time: a folder may have a million. */
const PAGE_ROWS = 10_000;

type Rows = ReturnType<typeof allArrays>;

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

  /**
   * The messages of a mailbox by UID, or those of them that have one of these
   * UIDs; read as they are asked for, some at a time.
   */
  messages(
    names: MailboxNames,
    uids?: readonly number[],
  ): Iterable<AgreedMessage> {
    return { [Symbol.iterator]: () => this.#messages(names, uids) };
  }

  *#messages(
    names: MailboxNames,
    uids: readonly number[] | undefined,
  ): Generator<AgreedMessage> {
    const id = this.#rows.get(names)?.id;
    if (id === undefined) return;
    const pages = uids === undefined ? this.#all(id) : this.#named(id, uids);
    for (const page of pages) {
      const sets = this.#flagSets.byNumber();
      for (const [uid, number, local] of page) {
        const flags = sets.get(integerOf(number));
        if (flags === undefined) continue;
        yield {
          uid: integerOf(uid),
          flags,
          ...(typeof local === "number" ? { local } : {}),
        };
      }
    }
  }

  *#all(mailbox: number): Generator<Rows> {
    for (let last = 0;;) {
      const page = this.#pairs(
        "remote > ? ORDER BY remote LIMIT ?",
        [mailbox, last, PAGE_ROWS],
      );
      const uid = page.at(-1)?.[0];
      if (uid === undefined) return;
      yield page;
      last = integerOf(uid);
    }
  }

  *#named(mailbox: number, uids: readonly number[]): Generator<Rows> {
    for (const uid of uids) {
      yield this.#pairs("remote = ?", [mailbox, uid]);
    }
  }

  #pairs(condition: string, values: readonly number[]): Rows {
    const sql = "SELECT remote, flags, local FROM pair WHERE mailbox = ? " +
      `AND typeof(remote) = 'integer' AND ${condition}`;
    return this.#database.read(
      [],
      () => allArrays(this.#database.prepare(sql), ...values.map(BigInt)),
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
