/** Uploads: one APPEND a message, as many under way as the connection takes. */
import { MailError, toMailError } from "../../errors.ts";
import { append } from "../command/append.ts";
import type { AppendMessage } from "../command/append_message.ts";
import { ConnectionError, ResponseError } from "../connection_error.ts";
import { flagList } from "../../sync/flags.ts";
import type { Body, Message } from "../../sync/ports.ts";
import type { InternalDate } from "../wire/types.ts";
import { refusal } from "./refusal.ts";
import type { SelectedMailbox } from "./selected.ts";

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
    const source = new Source(body);
    try {
      const told = await connection.execute(append(request.wireName, {
        flags: flagList(message.flags),
        data: source.data,
        ...(date === undefined || !(date >= OLDEST_DATE_MS) ||
            date > NEWEST_DATE_MS
          ? {}
          : { internalDate: localDate(date) }),
      }));
      return told?.uidValidity === mailbox.validity
        ? this.#credible(told.uid)
        : undefined;
    } catch (error) {
      if (error instanceof ResponseError) throw explain(mailbox, error);
      if (error instanceof ConnectionError) {
        throw source.failure(mailbox) ?? cutOff(mailbox, error);
      }
      throw error;
    }
  }

  /** A UID that was there before, or was told before, belongs to another one. */
  #credible(uid: number): number | undefined {
    if (uid < this.mailbox.uidNext || this.#told.has(uid)) return undefined;
    this.#told.add(uid);
    return uid;
  }
}

/** A body on its way out, and whether it kept what it promised. */
class Source {
  readonly data: AppendMessage["data"];
  #error: unknown;
  #failed = false;

  constructor(readonly body: Body) {
    const { bytes, sizeBytes: size } = body;
    this.data = bytes !== undefined && bytes.length === size
      ? bytes
      : { size, chunks: this.#chunks() };
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    const { sizeBytes } = this.body;
    let size = 0;
    try {
      for await (const chunk of this.body.chunks()) {
        size += chunk.length;
        if (size > sizeBytes) break;
        yield chunk;
      }
      if (size === sizeBytes) return;
      throw new Error(`it has not the ${sizeBytes} bytes that it had`);
    } catch (error) {
      this.#failed = true;
      this.#error = error;
      throw error;
    }
  }

  /** Why this message, and not another one, ended the connection. */
  failure({ title }: SelectedMailbox): MailError | undefined {
    if (!this.#failed) return undefined;
    return toMailError(this.#error, {
      message: `Cannot read a message for "${title}" to its end`,
      code: "imap.append_source",
      scope: "message",
    });
  }
}

/** The connection was lost, perhaps for the sake of another message. */
function cutOff(
  { title }: SelectedMailbox,
  error: ConnectionError,
): MailError {
  if (error.scope !== "message") return error;
  return new MailError(
    `The connection was given up while "${title}" was filled, since another ` +
      "message could not be read to its end",
    { code: "imap.closed", scope: "mailbox", retry: "now", cause: error },
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
  return name === "OVERQUOTA"
    ? refusal(what, error, {
      code: "imap.quota",
      scope: "message",
      retry,
      hint: "The mailbox is full: delete mail on the server",
    })
    : refusal(what, error, { code: "imap.refused", scope: "message", retry });
}
