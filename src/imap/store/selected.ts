/** A mailbox that is selected on a connection, and the news of it. */
import { MailError } from "../../errors.ts";
import type { ImapConnection } from "../connection.ts";
import { select, type SelectResult } from "../command/select.ts";
import { displayMailboxName } from "../mailbox_name.ts";
import type { UntaggedResponse } from "../wire/response.ts";
import type { Lease } from "./pool.ts";
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
}

/** A selected mailbox. Holds its connection until it is disposed of. */
export class SelectedMailbox implements Disposable {
  /** What SELECT said: the only source of tokens, since our own changes move on. */
  readonly result: SelectResult;
  readonly validity: number;
  readonly uidNext: number;
  /** EXISTS as of now: SELECT's, corrected by every notice since. */
  exists: number;
  /** A message arrived or went since SELECT. */
  disturbed = false;

  private constructor(
    readonly request: SelectRequest,
    readonly lease: Lease,
    result: SelectResult,
    validity: number,
  ) {
    this.result = result;
    this.validity = validity;
    this.exists = result.exists;
    // A server that does not tell UIDNEXT gives every upload the benefit.
    this.uidNext = result.uidNext ?? 1;
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
    const { pooled } = lease;
    const { connection } = pooled;
    const { wireName, readOnly } = request;
    try {
      pooled.selected = undefined;
      const result = await connection.execute(
        select(wireName, { readOnly, ...synchronisation(connection, request) }),
      );
      pooled.selected = { name: wireName, readOnly };
      return new SelectedMailbox(
        request,
        lease,
        result,
        checkUids(result, request),
      );
    } catch (error) {
      lease[Symbol.dispose]();
      throw error;
    }
  }

  get connection(): ImapConnection {
    return this.lease.pooled.connection;
  }

  /** The state at SELECT, undefined if the server does not tell enough. */
  get token(): string | undefined {
    const { uidNext, exists, highestModSeq } = this.result;
    if (uidNext === undefined) return undefined;
    return formatToken({
      uidValidity: this.validity,
      uidNext,
      messages: exists,
      highestModSeq,
    });
  }

  /** The name for texts. */
  get title(): string {
    return displayMailboxName(this.request.name);
  }

  #note(response: UntaggedResponse): void {
    switch (response.kind) {
      case "exists":
        this.disturbed ||= response.count !== this.exists;
        this.exists = response.count;
        return;
      case "expunge":
        this.exists--;
        this.disturbed = true;
        return;
      case "vanished":
        if (response.earlier) return;
        this.exists -= response.uids.size;
        this.disturbed = true;
        return;
      default:
        return;
    }
  }

  [Symbol.dispose](): void {
    this.connection.onUntagged = () => {};
    this.lease[Symbol.dispose]();
  }
}

/** CONDSTORE or QRESYNC, as far as the server has enabled them. */
function synchronisation(
  connection: ImapConnection,
  { since }: SelectRequest,
): Pick<Parameters<typeof select>[1] & object, "condstore" | "qresync"> {
  const mark = parseToken(since);
  if (
    connection.enabled.has("QRESYNC") && mark?.highestModSeq !== undefined &&
    mark.highestModSeq > 0n
  ) {
    const { uidValidity, highestModSeq: modSeq } = mark;
    return { qresync: { uidValidity, modSeq } };
  }
  const offered = connection.capabilities.has("CONDSTORE");
  return offered && !connection.enabled.has("CONDSTORE")
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
