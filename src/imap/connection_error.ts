/** How commands fail. */
import {
  type ErrorScope,
  MailError,
  messageOf,
  type Retry,
} from "../errors.ts";
import type { ResponseCode, TaggedResponse } from "./wire/response.ts";
import { WireError } from "./wire/wire_error.ts";

/** A server's NO or BAD. Codes `imap.no` and `imap.bad`. */
export class ResponseError extends MailError {
  /** Name of the command: `SELECT`. */
  readonly command: string;
  readonly status: "NO" | "BAD";
  readonly responseCode: ResponseCode | undefined;
  /** The server's words. */
  readonly responseText: string;

  constructor(command: string, response: TaggedResponse) {
    const status = response.status === "BAD" ? "BAD" : "NO";
    super(`Server refused ${command}: ${words(response)}`, {
      code: status === "BAD" ? "imap.bad" : "imap.no",
      ...reachOf(response),
      ...limitHint(response.text),
    });
    this.command = command;
    this.status = status;
    this.responseCode = response.code;
    this.responseText = response.text;
  }

  /** The name of the response code: `TRYCREATE`; undefined without one. */
  get codeName(): string | undefined {
    const code = this.responseCode;
    return code?.name === "OTHER" ? code.atom : code?.name;
  }
}

/**
 * The connection ended under a command. Codes `imap.closed`, `imap.timeout`,
 * `imap.wire` (the server sent what cannot be read), `imap.append_size`.
 */
export class ConnectionError extends MailError {
  /**
   * Whether any of the command's bytes left: then the server may have carried
   * it out, though no answer came.
   */
  readonly sent: boolean;

  constructor(reason: MailError, command: string, sent: boolean) {
    super(`${reason.message} (${sent ? "during" : "before"} ${command})`, {
      code: reason.code,
      scope: reason.scope,
      retry: reason.retry,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      ...(reason.cause === undefined ? {} : { cause: reason.cause }),
    });
    this.sent = sent;
  }
}

function words(response: TaggedResponse): string {
  const { code, text } = response;
  const name = code?.name === "OTHER" ? code.atom : code?.name;
  const said = printable(text === "" ? "no reason given" : text);
  return name === undefined ? said : `[${name}] ${said}`;
}

/** On one line, without what could steer a terminal, at most 300 characters. */
export function printable(text: string): string {
  const clean = text.replaceAll(/[\x00-\x1f\x7f-\x9f\ud800-\udfff]/gu, "?");
  return clean.length > 300 ? `${clean.slice(0, 300)}...` : clean;
}

/** Gmail's words for what an account may use in a day. */
const BANDWIDTH = /bandwidth limit/i;

/** What to do about a limit of the day; nothing for other reasons. */
function limitHint(text: string): { hint?: string } {
  if (!BANDWIDTH.test(text)) return {};
  return {
    hint: "The provider lets an account transfer so much a day (Gmail: about " +
      "2,500 MB down and 500 MB up). What was done stays done; a run some " +
      "hours later goes on from there",
  };
}

/** How far a refusal reaches and whether it can pass (RFC 5530 §3). */
function reachOf(
  { status, code, text }: TaggedResponse,
): { scope: ErrorScope; retry: Retry } {
  switch (code?.name) {
    case "AUTHENTICATIONFAILED":
    case "AUTHORIZATIONFAILED":
    case "EXPIRED":
    case "PRIVACYREQUIRED":
      return { scope: "account", retry: "never" };
    case "UNAVAILABLE":
    case "THROTTLED":
      return { scope: "account", retry: "later" };
    case "OVERQUOTA":
      // Gmail's, of a day; that of a full mailbox is about what is stored there.
      return {
        scope: BANDWIDTH.test(text) ? "account" : "mailbox",
        retry: "later",
      };
    case "NOPERM":
    case "CANNOT":
    case "NONEXISTENT":
    case "TRYCREATE":
    case "ALREADYEXISTS":
    case "CLIENTBUG":
      return { scope: "mailbox", retry: "never" };
    case "TOOBIG":
      return { scope: "message", retry: "never" };
    default: {
      // Exchange and Gmail answer BAD when they have had enough of us.
      const busy = status === "NO" || /throttl|too many|rate/i.test(text);
      return { scope: "mailbox", retry: busy ? "later" : "never" };
    }
  }
}

/** A response that belonged to `command`, or may have, could not be read. */
export function malformedError(command: string, cause: unknown): MailError {
  return new MailError(
    `Cannot read the answer to ${command}: ${messageOf(cause)}`,
    { code: "imap.malformed", scope: "mailbox", retry: "later", cause },
  );
}

/** The server owes an answer and sends nothing. */
export function timeoutError(timeoutMs: number): MailError {
  return new MailError(
    `Server sent nothing for ${timeoutMs / 1000} seconds`,
    { code: "imap.timeout", scope: "account", retry: "now" },
  );
}

/** The stream ended; `bye` is what the server said before. */
export function closedError(
  bye: string | undefined,
  cause?: unknown,
): MailError {
  const why = [
    ...(bye === undefined ? [] : [printable(bye)]),
    ...(cause === undefined ? [] : [messageOf(cause)]),
  ].join("; ");
  return new MailError(
    why === "" ? "Connection ended" : `Connection ended: ${why}`,
    {
      code: "imap.closed",
      scope: "account",
      retry: limitHint(why).hint === undefined ? "now" : "later",
      ...limitHint(why),
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** The reason for an end that the reader saw. */
export function endError(error: unknown, bye: string | undefined): MailError {
  if (!(error instanceof WireError)) return closedError(bye, error);
  return new MailError(`Cannot read what the server sends: ${error.message}`, {
    code: "imap.wire",
    scope: "account",
    retry: "later",
    cause: error,
  });
}
