/** What a token endpoint's refusal means, and what the user can do. Pure. */
import { MailError } from "../../errors.ts";
import type { RefreshRequest } from "./refresh_request.ts";

/** What the endpoint said. */
export interface Refusal {
  readonly status: number;
  /** Undefined when it was no JSON object. */
  readonly answer: Readonly<Record<string, unknown>> | undefined;
}

/** The errors of RFC 6749 §5.2: what each means, and what to do. */
const MEANINGS: Record<string, { means: string; hint: string }> = {
  invalid_grant: {
    means: "the refresh token is not valid (any more): it has expired, was " +
      "revoked, for instance by a new password, or belongs to another client id",
    hint: "Get a new refresh token in the way you got this one and put it in " +
      "oauth2_refresh_token. (Google ends those of projects in the state " +
      '"Testing" after seven days)',
  },
  invalid_client: {
    means: "the client id or the client secret is wrong",
    hint:
      "Check oauth2_client_id and oauth2_client_secret; one that has no secret " +
      "must not send any",
  },
  unauthorized_client: {
    means: "this client id may not use this refresh token",
    hint:
      "oauth2_client_id has to be the one that the refresh token was made " +
      "for",
  },
  invalid_scope: {
    means: "the refresh token is not for what oauth2_scope asks for",
    hint: "Leave oauth2_scope out, or get a refresh token for that scope",
  },
  invalid_request: {
    means: "it misses something in the request",
    hint: "Check oauth2_client_id, oauth2_client_secret and oauth2_scope",
  },
  unsupported_grant_type: {
    means: "it gives no tokens for refresh tokens",
    hint: "Check oauth2_request_url: it has to be the token endpoint",
  },
};

/** What passes by itself. */
const PASSING = /^(temporarily_unavailable|server_error|slow_down)$/;

/** The error to be thrown; nothing of the request's secrets is in it. */
export function explainRefusal(
  request: RefreshRequest,
  { status, answer }: Refusal,
): MailError {
  const error = textOf(answer?.error);
  const description = textOf(answer?.error_description);
  const meaning = error === undefined ? undefined : MEANINGS[error];
  const said = [error, description].filter((text) => text !== undefined)
    .join(", ");
  const why = [
    meaning?.means,
    said === "" ? otherwise(status, answer) : `it said: ${said}`,
  ].filter((text) => text !== undefined).join("; ");
  const later = status >= 500 || status === 429 ||
    (error !== undefined && PASSING.test(error));
  return new MailError(
    `Cannot get an access token for repository "${request.repository}" from ` +
      `${request.url.host}: ${withoutSecrets(why, request)}`,
    {
      code: later ? "auth.oauth2-unavailable" : "auth.oauth2",
      scope: "account",
      retry: later ? "later" : "never",
      ...(later ? {} : {
        hint: meaning?.hint ?? "Check oauth2_request_url: it has to be the " +
            "token endpoint of your provider",
      }),
    },
  );
}

function otherwise(
  status: number,
  answer: Refusal["answer"],
): string {
  if (status >= 300 && status < 400) {
    return `it points to another address (status ${status}), to which your ` +
      "secrets are not sent";
  }
  if (status >= 500) return `it cannot answer now (status ${status})`;
  return answer === undefined
    ? `its answer is no JSON (status ${status})`
    : `its answer has no access_token (status ${status})`;
}

/** For people: one line, not endless. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return value.replaceAll(/\p{Cc}+/gu, " ").trim().slice(0, 300);
}

function withoutSecrets(
  text: string,
  { clientSecret, refreshToken }: RefreshRequest,
): string {
  return [clientSecret, refreshToken]
    .filter((secret) => secret !== undefined && secret !== "")
    .reduce<string>(
      (clean, secret) => clean.replaceAll(secret ?? "", "***"),
      text,
    );
}
