/** What a server's answer to a login means, and what the user can do. Pure. */
import { MailError } from "../../errors.ts";
import { printable } from "../connection_error.ts";
import type { TaggedResponse } from "../wire/response.ts";
import { wantsTls, type Way } from "./mechanisms.ts";
import { addressOf, type SessionSettings, type Verdict } from "./settings.ts";

/** How a login ended. `unknown`: the server does not know the mechanism after all. */
export interface LoginOutcome {
  readonly verdict: Verdict;
  readonly unknown: boolean;
  readonly error: MailError | undefined;
}

/** Servers say so in words; that it is not about the secret must be quite clear. */
const UNKNOWN_MECHANISM =
  /(unsupported|unknown|not supported|unrecognized).*mechanism|mechanism.*(unsupported|unknown|not supported|not available)/i;
const BUSY = /too many|maximum number of connections|temporar/i;

/** A login that was made, for what is said about it. */
export interface Attempt {
  readonly settings: SessionSettings;
  readonly way: Way;
  readonly user: string | undefined;
  /** Where the secret came from. */
  readonly source: string | undefined;
}

/** What a NO to a login means (RFC 5530 §3). */
export function judge(
  made: Attempt,
  { code, text }: TaggedResponse,
  said: string,
): LoginOutcome {
  const { settings, way, user } = made;
  const name = code?.name === "OTHER" ? code.atom : code?.name;
  const words = name === undefined ? said : `[${name}] ${said}`;
  const as = user === undefined ? "" : ` as "${user}"`;
  const message = `Cannot log in to ${addressOf(settings)}${as} ` +
    `(${way.mechanism}): ${printable(words)}`;
  const outcome = (verdict: Verdict, error: MailError) => ({
    verdict,
    unknown: name === undefined && UNKNOWN_MECHANISM.test(text),
    error,
  });
  switch (name) {
    case "UNAVAILABLE":
    case "LIMIT":
    case "INUSE":
    case "THROTTLED":
    case "OVERQUOTA":
    case "SERVERBUG":
      return outcome("undecided", unavailable(message));
    case "PRIVACYREQUIRED":
      return outcome("undecided", privacyRequired(message, settings));
    case "AUTHENTICATIONFAILED":
    case "AUTHORIZATIONFAILED":
    case "EXPIRED":
      return outcome("refused", rejected(message, made, name));
  }
  if (BUSY.test(text)) return outcome("undecided", unavailable(message));
  return outcome("refused", rejected(message, made, name));
}

function unavailable(message: string): MailError {
  return new MailError(message, { code: "auth.unavailable", scope: "account" });
}

function privacyRequired(
  message: string,
  settings: SessionSettings,
): MailError {
  return new MailError(message, {
    code: "auth.privacy",
    scope: "account",
    retry: "never",
    hint: `The server wants TLS: ${wantsTls(settings)}`,
  });
}

function rejected(
  message: string,
  made: Attempt,
  code: string | undefined,
): MailError {
  return new MailError(message, {
    code: "auth.rejected",
    scope: "account",
    retry: "never",
    hint: rejectionHint(made, code),
  });
}

/** `auth.server`. Not tried by another mechanism: that would tell it the password after all. */
export function faulty(
  settings: SessionSettings,
  { mechanism }: Way,
  fault: string,
): MailError {
  return new MailError(
    `Cannot log in to ${addressOf(settings)} (${mechanism}): ${fault}`,
    {
      code: "auth.server",
      scope: "account",
      hint: "If this is the right server, name another mechanism in " +
        "auth_mechanisms",
    },
  );
}

/** `auth.no-token`: where tokens come from. */
export function noToken(
  settings: SessionSettings,
  ways: readonly Way[],
): MailError {
  const names = ways.map(({ mechanism }) => mechanism).join(" and ");
  return new MailError(
    `No access token is known for repository "${settings.repository}", and ` +
      `all that is left to log in to ${addressOf(settings)} is ${names}, ` +
      "with a token",
    {
      code: "auth.no-token",
      scope: "account",
      retry: "never",
      hint: "Set oauth2_refresh_token with oauth2_client_id, or have a " +
        "program print a token: oauth2_access_token_eval or, with " +
        "auth_mechanisms = XOAUTH2, remotepasscmd. docs/authentication.md " +
        "tells how to get a refresh token",
    },
  );
}

/** One that is new is not refused for its age. */
function tokenHint(source: string | undefined): string {
  if (source === "oauth2_refresh_token") {
    return "The access token is new, so look at what it is for: remoteuser has " +
      "to be the user who allowed it, its scope has to be IMAP, and IMAP may be " +
      "switched off for the mailbox";
  }
  const from = source === undefined ? "" : ` (this one came from ${source})`;
  return `Get a new access token; they last an hour${from}. It has to be for ` +
    "this user and for IMAP";
}

function rejectionHint(
  { settings: { host, identity }, way: { mechanism, secret }, source }: Attempt,
  code: string | undefined,
): string {
  if (code === "EXPIRED" && secret === "password") {
    return "The password has expired: change it";
  }
  if (code === "AUTHORIZATIONFAILED" && identity !== undefined) {
    return "The login is right, but the user may not act as " +
      `remote_identity "${identity}"`;
  }
  const from = source === undefined ? "" : ` (it came from ${source})`;
  if (secret === "none") {
    return "The server does not take the client certificate (sslclientcert) " +
      "for a user of its own";
  }
  if (secret === "token") return tokenHint(source);
  if (mechanism === "CRAM-MD5" || mechanism.startsWith("SCRAM-")) {
    return `If the password is right${from}, the server may not know it in ` +
      `the form that ${mechanism} needs: set auth_mechanisms = PLAIN, LOGIN`;
  }
  if (/(^|\.)(outlook|office365|office|hotmail|live)\.com$/i.test(host)) {
    return "Microsoft takes no passwords for IMAP any more, only access " +
      "tokens: auth_mechanisms = XOAUTH2, see docs/authentication.md";
  }
  if (/(^|\.)(gmail|googlemail|google|yahoo|aol|icloud|me)\.com$/i.test(host)) {
    return "This provider wants a password made for one program (app " +
      "password) or an access token (XOAUTH2) instead of the account's " +
      `password${from}`;
  }
  return `Check user name and password${from}; they are not tried again in ` +
    "this run";
}
