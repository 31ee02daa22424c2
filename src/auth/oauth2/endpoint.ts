/** Where access tokens are obtained. */
import { MailError } from "../../errors.ts";
import { isLoopback } from "../../loopback.ts";

/** What decides it. */
export interface EndpointOf {
  readonly repository: string;
  /** `oauth2_request_url`. */
  readonly configured: string | undefined;
  /** The mail server. */
  readonly host: string;
  /** Whether the repository is of the type Gmail. */
  readonly gmail: boolean;
}

/** OfflineIMAP's for the type Gmail. */
const GOOGLE = "https://accounts.google.com/o/oauth2/token";
const MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token";

/** Servers whose endpoint everybody would have to write down the same. */
const KNOWN: readonly [host: RegExp, url: string][] = [
  [/^imap\.(gmail|googlemail)\.com$/i, GOOGLE],
  [/^(outlook\.office(365)?|imap-mail\.outlook)\.com$/i, MICROSOFT],
];

/**
 * The token endpoint: the configured one, else the one that belongs to the server.
 *
 * @throws {MailError} `config.value`: there is none, it is no address, or it would
 * be asked without TLS, secrets and all.
 */
export function tokenEndpoint(
  { repository, configured, host, gmail }: EndpointOf,
): URL {
  const known = KNOWN.find(([pattern]) => pattern.test(host))?.[1];
  const text = configured ?? (gmail ? GOOGLE : known);
  const problem = (why: string, hint: string) =>
    new MailError(`oauth2_request_url of repository "${repository}" ${why}`, {
      code: "config.value",
      scope: "account",
      retry: "never",
      hint,
    });
  if (text === undefined) {
    throw problem(
      "is not set, so no access token can be obtained",
      "It is the token endpoint of your provider, such as " +
        `${MICROSOFT} (Microsoft) or ${GOOGLE} (Google)`,
    );
  }
  if (!URL.canParse(text)) {
    throw problem(`is no address: ${text}`, `Write it as ${GOOGLE}`);
  }
  const url = new URL(text);
  const { protocol, hostname } = url;
  if (protocol === "https:") return url;
  if (protocol === "http:" && isLoopback(hostname)) return url;
  throw problem(
    `would send your refresh token without TLS (${protocol}//${hostname})`,
    "Write https:// in it",
  );
}
