/** What the logins of one sync leave for the next one of the same run. */
import type { FoundToken } from "./access_token.ts";
import type { FoundPassword } from "./find_password.ts";

/**
 * Of one repository. In memory only: with autorefresh nobody wants to be asked
 * every ten minutes, and nothing of this is ever written to a file.
 */
export interface LoginMemory {
  /** One that worked. */
  password?: FoundPassword | undefined;
  /** Passwords that the server refused: they are not sent again. */
  refused?: Set<string>;
  /** What was said of the one refused last, until one works. No secrets. */
  refusal?: string | undefined;
  /** `remotepasscmd` gave a password that was refused: it is not run again. */
  commandRefused?: boolean;
  /** An access token and when it is too old to begin with, as `Date.now()`. */
  token?: FoundToken & { readonly until: number } | undefined;
  /** What the token endpoint gave in place of the configured one. */
  refreshToken?: string;
}
