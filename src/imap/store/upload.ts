/** Uploads: one APPEND a message, as many under way as the connection takes. */
import { MailError } from "../../errors.ts";
import { append } from "../command/append.ts";
import { ResponseError } from "../connection_error.ts";
import { flagList } from "../../sync/flags.ts";
import type { Message } from "../../sync/ports.ts";
import type { SelectedMailbox } from "./selected.ts";

/** Dates before this are a missing date: OfflineIMAP's rule. */
const OLDEST_DATE_MS = Date.UTC(1981, 0, 1);

/**
 * Appends a message to the selected mailbox.
 *
 * @returns Its UID by UIDPLUS; undefined where the server does not tell it, or
 *   tells one of another UIDVALIDITY.
 * @throws {MailError} Scope message: refused, for good where retry is `never`.
 */
export async function appendMessage(
  mailbox: SelectedMailbox,
  message: Message,
): Promise<number | undefined> {
  const { connection, request } = mailbox;
  const { body } = message;
  checkLimit(mailbox, body.sizeBytes);
  const date = message.internalDate;
  try {
    const told = await connection.execute(append(request.wireName, {
      flags: flagList(message.flags),
      data: body.bytes ?? { size: body.sizeBytes, chunks: body.chunks() },
      ...(date === undefined || date < OLDEST_DATE_MS
        ? {}
        : { internalDate: localDate(date) }),
    }));
    return told?.uidValidity === mailbox.validity ? told.uid : undefined;
  } catch (error) {
    if (error instanceof ResponseError) throw refusal(mailbox, error);
    throw error;
  }
}

/** In this machine's zone, as mail programs show it. */
function localDate(epochMs: number) {
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

/** What may be different next time is not refused for good. */
function refusal({ title }: SelectedMailbox, error: ResponseError): MailError {
  const passing = ["OVERQUOTA", "TRYCREATE", "NONEXISTENT", "LIMIT", "INUSE"]
    .includes(error.codeName ?? "");
  if (error.scope === "account" && !passing) return error;
  const quota = error.codeName === "OVERQUOTA";
  return new MailError(
    `Server refused a message for "${title}": ` +
      (error.responseText || "no reason given"),
    {
      code: quota ? "imap.quota" : "imap.refused",
      scope: "message",
      retry: passing ? "later" : error.retry,
      cause: error,
      ...(quota
        ? { hint: "The mailbox is full: delete mail on the server" }
        : {}),
    },
  );
}
