/**
 * Obtaining an access token by a refresh token (RFC 6749 §6).
 *
 * Our own, since all of it is one request, and since libraries for OAuth 2 want to
 * know the issuer and check ID tokens against it: a configuration names only the
 * address, and endpoints that send an ID token along would be refused.
 */
import type { RefreshRequest } from "./refresh_request.ts";
import { MailError, messageOf } from "../../errors.ts";
import type { IssuedToken } from "../access_token.ts";
import { type PostAnswer, postForm } from "./post_form.ts";
import { explainRefusal } from "./refusal.ts";

const LIMIT_MS = 30_000;

/**
 * Asks the endpoint.
 *
 * @throws {MailError} `auth.oauth2` (never to be repeated as it is) or
 * `auth.oauth2-unavailable` (later). No secret is in it, whatever the endpoint said.
 */
export async function refreshAccessToken(
  request: RefreshRequest,
): Promise<IssuedToken> {
  const { status, text } = await post(request);
  const answer = parseObject(text);
  const { access_token, expires_in, refresh_token } = answer ?? {};
  if (status === 200 && typeof access_token === "string" && access_token) {
    const seconds = Number(expires_in ?? NaN);
    return {
      accessToken: access_token,
      expiresInSeconds: Number.isFinite(seconds) ? seconds : undefined,
      refreshToken: typeof refresh_token === "string" && refresh_token
        ? refresh_token
        : undefined,
    };
  }
  throw explainRefusal(request, { status, answer });
}

async function post(request: RefreshRequest): Promise<PostAnswer> {
  const { url, connect, authorities, signal, timeoutMs = LIMIT_MS } = request;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await postForm({
      ...{ url, connect, authorities },
      form: formOf(request),
      signal: AbortSignal.any([limit, ...signal ? [signal] : []]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const why = limit.aborted
      ? `no answer within ${Math.ceil(timeoutMs / 1000)} seconds`
      : reasonOf(error);
    throw new MailError(
      `Cannot get an access token for repository "${request.repository}" ` +
        `from ${url.host}: ${why}`,
      { code: "auth.oauth2-unavailable", scope: "account", retry: "later" },
    );
  }
}

/** What is not set is left out: `None` as a secret is none (OfflineIMAP sends it). */
function formOf(
  { clientId, clientSecret, refreshToken, scope }: RefreshRequest,
): URLSearchParams {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  });
  if (clientId) form.set("client_id", clientId);
  if (clientSecret) form.set("client_secret", clientSecret);
  if (scope) form.set("scope", scope);
  return form;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

/** The innermost cause says most: that of `fetch` is only that it failed. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined
    ? error.cause
    : error;
  return messageOf(inner)
    .replace(/^error sending request for url \(.*?\): /, "")
    .replace(/^client error \(\w+\): /, "");
}
