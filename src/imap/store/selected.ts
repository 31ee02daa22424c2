/** A mailbox that is selected on a connection, and the news of it. */
import { MailError } from "../../errors.ts";
import type { Command } from "../command/command.ts";
import { select, type SelectResult } from "../command/select.ts";
import type { ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import { displayMailboxName } from "../mailbox_name.ts";
import type { UntaggedResponse } from "../wire/response.ts";
import type { ModSeq } from "../wire/types.ts";
import type { Lease } from "./pool.ts";
import { refusal } from "./refusal.ts";
import { formatToken, parseToken } from "./token.ts";

/** How a mailbox is to be selected. */
export interface SelectRequest {
  /** The store's name, for texts. */
  readonly name: string;
  /** The name on the wire. */
  readonly wireName: string;
  readonly readOnly: boolean;
  /** Token of the last sync: asks for the changes since by QRESYNC. */
  readonly since: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A selected mailbox. Holds its connection until it is disposed of. */
export class SelectedMailbox implements Disposable {
  readonly validity: number;
  readonly uidNext: number;
  /** Undefined: the mailbox keeps no mod-sequences. */
  readonly highestModSeq: ModSeq | undefined;
  /** EXISTS as of now: SELECT's, corrected by every notice since. */
  exists: number;
  /** Something happened here since SELECT, by us or others. */
  disturbed = false;

  private constructor(
    readonly request: SelectRequest,
    readonly lease: Lease,
    /** What SELECT said: the only source of tokens, since our own changes move on. */
    readonly result: SelectResult,
    /** SELECT told what changed since this. */
    readonly resyncedFrom: ModSeq | undefined,
  ) {
    this.validity = checkUids(result, request);
    this.exists = result.exists;
    // A server that does not tell UIDNEXT gives every upload the benefit.
    this.uidNext = result.uidNext ?? 1;
    this.highestModSeq = result.highestModSeq === 0n
      ? undefined
      : result.highestModSeq;
    const { wireName: name, readOnly } = request;
    lease.pooled.selected = { name, readOnly };
    this.connection.onUntagged = (response) => this.#note(response);
  }

  /**
   * Selects a mailbox on a leased connection; gives the lease back on failure.
   * @throws {MailError} Scope mailbox: it cannot be opened, or keeps no UIDs.
   */
  static async open(
    lease: Lease,
    request: SelectRequest,
  ): Promise<SelectedMailbox> {
    const { connection } = lease.pooled;
    const { wireName, readOnly, signal } = request;
    try {
      lease.pooled.selected = undefined;
      const how = synchronisation(connection, request);
      const { finish, refused: _, ...command } = select(wireName, {
        readOnly,
        ...how,
      });
      // At once and not when the caller goes on: what follows right behind the
      // OK is news of this mailbox, too.
      const selecting: Command<SelectedMailbox> = {
        ...command,
        finish: (tagged) => {
          const since = how.qresync?.modSeq;
          return new SelectedMailbox(request, lease, finish(tagged), since);
        },
      };
      return await connection.execute(
        selecting,
        signal === undefined ? {} : { signal },
      );
    } catch (error) {
      lease[Symbol.dispose]();
      if (!(error instanceof ResponseError)) throw error;
      const name = displayMailboxName(request.name);
      const what = `Cannot open folder "${name}" on the server`;
      throw refusal(what, error, { code: "imap.open" });
    }
  }

  get connection(): ImapConnection {
    return this.lease.pooled.connection;
  }

  /** The state at SELECT, undefined if the server does not tell enough. */
  get token(): string | undefined {
    const { uidNext, exists } = this.result;
    if (uidNext === undefined) return undefined;
    return formatToken({
      uidValidity: this.validity,
      uidNext,
      messages: exists,
      highestModSeq: this.highestModSeq,
    });
  }

  /** The name for texts. */
  get title(): string {
    return displayMailboxName(this.request.name);
  }

  /**
   * Why nothing can be changed here; undefined: it can. To be asked before a
   * change: some servers (Dovecot 2.3) say OK to it and do nothing.
   */
  writeError(): MailError | undefined {
    if (!this.result.readOnly) return undefined;
    return new MailError(
      `The server lets nobody change "${this.title}" here: it is read-only`,
      {
        code: "imap.read-only",
        scope: "mailbox",
        retry: "never",
        hint: "Set readonly = yes for this repository, or get the right to " +
          "change this folder",
      },
    );
  }

  #note(response: UntaggedResponse): void {
    switch (response.kind) {
      case "exists":
        this.disturbed ||= response.count !== this.exists;
        this.exists = response.count;
        return;
      case "expunge":
        this.#shrink(1);
        return;
      case "vanished":
        if (!response.earlier) this.#shrink(response.uids.size);
        return;
      case "fetch":
        this.disturbed = true;
        return;
      default:
        return;
    }
  }

  #shrink(by: number): void {
    this.exists = Math.max(0, this.exists - by);
    this.disturbed = true;
  }

  [Symbol.dispose](): void {
    this.connection.onUntagged = () => {};
    this.lease[Symbol.dispose]();
  }
}

/** CONDSTORE or QRESYNC, as far as the server has enabled them. */
function synchronisation(
  { enabled, capabilities }: ImapConnection,
  { since }: SelectRequest,
): Pick<NonNullable<Parameters<typeof select>[1]>, "condstore" | "qresync"> {
  const { uidValidity = 0, highestModSeq: modSeq } = parseToken(since) ?? {};
  if (enabled.has("QRESYNC") && modSeq !== undefined && modSeq > 0n) {
    return { qresync: { uidValidity, modSeq } };
  }
  return capabilities.has("CONDSTORE") && !enabled.has("CONDSTORE")
    ? { condstore: true }
    : {};
}

function checkUids(result: SelectResult, { name }: SelectRequest): number {
  if (result.uidValidity === undefined || result.uidNotSticky) {
    throw new MailError(
      `The server keeps no lasting UIDs in "${displayMailboxName(name)}"`,
      {
        code: "imap.no-uids",
        scope: "mailbox",
        retry: "never",
        hint: "Leave this folder out with folderfilter",
      },
    );
  }
  return result.uidValidity;
}
