/** Uploads: one APPEND a message, as many under way as the connection takes. */
import { MailError } from "../../errors.ts";
import { append } from "../command/append.ts";
import { ConnectionError, ResponseError } from "../connection_error.ts";
import { flagList } from "../../sync/flags.ts";
import type { Message } from "../../sync/ports.ts";
import type { InternalDate } from "../wire/types.ts";
import { store } from "../command/store.ts";
import { withoutLabels } from "../../sync/labels.ts";
import { UidSet } from "../wire/uid_set.ts";
import { wireLabels } from "./labels.ts";
import { refusal } from "./refusal.ts";
import type { SelectedMailbox } from "./selected.ts";
import { UploadSource } from "./upload_source.ts";

/** Dates before this are a missing date: OfflineIMAP's rule. */
const OLDEST_DATE_MS = Date.UTC(1981, 0, 1);
/** The protocol's years have four digits. */
const NEWEST_DATE_MS = Date.UTC(9999, 11, 31);

/** Appends messages to the selected mailbox. */
export class Uploads {
  /** UIDs that the server told: each can be of one message only. */
  readonly #told = new Set<number>();

  constructor(readonly mailbox: SelectedMailbox) {}

  /**
   * Appends a message.
   *
   * @returns Its UID by UIDPLUS; undefined where the server does not tell it, or
   *   tells one that cannot be.
   * @throws {MailError} Scope message: refused, for good where retry is `never`.
   */
  async append(message: Message): Promise<number | undefined> {
    const { mailbox } = this;
    const { connection, request } = mailbox;
    const { body, internalDate: date } = message;
    checkLimit(mailbox, body.sizeBytes);
    const source = new UploadSource(body, mailbox.title);
    const binary = await source.holdsNul();
    if (binary && !connection.capabilities.has("BINARY")) throw nul(mailbox);
    mailbox.disturbed = true;
    try {
      const told = await connection.execute(append(request.wireName, {
        flags: flagList(withoutLabels(message.flags)),
        data: source.data,
        binary,
        ...(date === undefined || !(date >= OLDEST_DATE_MS) ||
            date > NEWEST_DATE_MS
          ? {}
          : { internalDate: localDate(date) }),
      }));
      const uid = told?.uidValidity === mailbox.validity
        ? this.#credible(told.uid)
        : undefined;
      if (uid !== undefined) await this.#label(uid, message);
      return uid;
    } catch (error) {
      if (error instanceof ResponseError) throw explain(mailbox, error);
      if (error instanceof ConnectionError) {
        throw source.failure() ?? error;
      }
      throw error;
    }
  }

  /**
   * APPEND takes no labels. One that the server refuses is no reason to take the
   * message for refused: it is there.
   */
  async #label(uid: number, { flags }: Message): Promise<void> {
    const values = wireLabels(flags);
    if (values.length === 0) return;
    try {
      await this.mailbox.connection.execute(store({
        uids: UidSet.of(uid),
        action: "add",
        values,
        item: "X-GM-LABELS",
        silent: false,
      }));
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
    }
  }

  /** A UID that was there before, or was told before, belongs to another one. */
  #credible(uid: number): number | undefined {
    if (uid < this.mailbox.uidNext || this.#told.has(uid)) return undefined;
    this.#told.add(uid);
    return uid;
  }
}

/** RFC 9051 §4.3.1: NUL is for literal8 alone (RFC 3516). */
function nul({ title }: SelectedMailbox): MailError {
  return new MailError(
    `A message for "${title}" holds NUL bytes, which this server has no way ` +
      "to take",
    { code: "imap.nul", scope: "message", retry: "never" },
  );
}

/** In this machine's zone, as mail programs show it. */
function localDate(epochMs: number): InternalDate {
  const zoneMinutes = -new Date(epochMs).getTimezoneOffset();
  return { epochMs: Math.floor(epochMs / 1000) * 1000, zoneMinutes };
}

/** RFC 7889: asked before the bytes are sent, not after. */
function checkLimit(
  { connection, title }: SelectedMailbox,
  sizeBytes: number,
): void {
  for (const capability of connection.capabilities) {
    const [name, value] = capability.split("=");
    const limit = Number(value);
    if (name !== "APPENDLIMIT" || !(limit > 0) || sizeBytes <= limit) continue;
    throw new MailError(
      `A message of ${sizeBytes} bytes for "${title}" is larger than the ` +
        `${limit} bytes that the server takes`,
      { code: "imap.too-big", scope: "message", retry: "never" },
    );
  }
}

/**
 * What may be different next time is not refused for good. A BAD says nothing
 * about the message: a busy or confused server gives it to anything.
 */
function explain({ title }: SelectedMailbox, error: ResponseError): MailError {
  const name = error.codeName ?? "";
  if (error.scope === "account") return error;
  const passing = error.status === "BAD" ||
    ["OVERQUOTA", "TRYCREATE", "NONEXISTENT", "LIMIT", "INUSE"].includes(name);
  const what = `The server refused a message for "${title}"`;
  const retry = passing ? "later" : error.retry;
  // Of no message, and right as soon as somebody gives us the right.
  if (name === "NOPERM") return refusal(what, error, { code: "imap.refused" });
  return name === "OVERQUOTA"
    ? refusal(what, error, {
      code: "imap.quota",
      scope: "message",
      retry,
      hint: "The mailbox is full: delete mail on the server",
    })
    : refusal(what, error, { code: "imap.refused", scope: "message", retry });
}
