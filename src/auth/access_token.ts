/** Access tokens of one repository: where they come from, and until when. */
import { guarded } from "./guarded.ts";
import type { LoginMemory } from "./login_memory.ts";

/** A token that an endpoint has just given out. */
export interface IssuedToken {
  readonly accessToken: string;
  /** Undefined when it did not say. */
  readonly expiresInSeconds: number | undefined;
  /** In the place of the one that was used. */
  readonly refreshToken: string | undefined;
}

/** An access token and the option that it came from. */
export interface FoundToken {
  readonly value: string;
  readonly source: string;
}

/** What a configuration says about access tokens, in the order of asking. */
export interface TokenSources {
  /** The repository's name, for texts. */
  readonly repository: string;
  /** `oauth2_access_token`. */
  readonly token?: string;
  /** Evaluates `oauth2_access_token_eval`; null or undefined: there is none. */
  readonly tokenEval?: () => Promise<string | null | undefined>;
  /** Runs `remotepasscmd`, where it is for tokens. */
  readonly tokenCommand?: () => Promise<string>;
  /**
   * Gets one by a refresh token: the given one, else the configured one. Undefined
   * where there is none.
   */
  readonly refresh?: (
    refreshToken: string | undefined,
  ) => Promise<IssuedToken | undefined>;
  readonly memory?: LoginMemory;
  /** Milliseconds, as `Date.now()`. */
  readonly now?: () => number;
}

/** What is known of the age of a token that somebody else obtained. */
const UNKNOWN_AGE_MS = 10 * 60_000;
/** A login must not meet the end of its token. */
const MARGIN_MS = 5 * 60_000;

/**
 * A token for each login: the same one while it is fresh, then another.
 *
 * An expression or program is asked again after ten minutes, as OfflineIMAP does;
 * what an endpoint gave out is good until five minutes before its end, or for half
 * of a short life.
 */
export class AccessTokens {
  readonly #sources: TokenSources;
  readonly #memory: LoginMemory;
  readonly #now: () => number;
  readonly #refused = new Set<string>();
  #under: Promise<FoundToken | undefined> | undefined;
  /** Tokens that were refused since one was accepted. */
  #refusals = 0;

  constructor(sources: TokenSources) {
    this.#sources = sources;
    this.#memory = sources.memory ?? {};
    this.#now = sources.now ?? Date.now;
  }

  /**
   * A token to log in with; a refused one where there is no other.
   *
   * @returns `undefined` when none is configured.
   * @throws {MailError} What the sources throw.
   */
  async find(): Promise<FoundToken | undefined> {
    const { token } = this.#memory;
    if (token !== undefined && this.#now() < token.until) return token;
    // Logins side by side share one request: a second may end the first's token.
    return await (this.#under ??= this.#obtain().finally(() => {
      this.#under = undefined;
    }));
  }

  /** The server took it. */
  accept(): void {
    this.#refusals = 0;
  }

  /** The server refused it: it is not given out again, if there is another. */
  refuse(token: string): void {
    // Of one token several logins side by side may be told.
    if (!this.#refused.has(token)) this.#refusals++;
    this.#refused.add(token);
    if (this.#memory.token?.value === token) this.#memory.token = undefined;
  }

  /**
   * Gets another one after a refusal: one more, not one after the other. After
   * two in a row were refused there is none until one is accepted.
   *
   * @returns Whether there is one that was not refused.
   */
  async renew(): Promise<boolean> {
    if (this.#refusals > 1) return false;
    const token = await this.find();
    return token !== undefined && !this.#refused.has(token.value);
  }

  async #obtain(): Promise<FoundToken | undefined> {
    const { token, tokenEval, tokenCommand, refresh } = this.#sources;
    let found: FoundToken | undefined;
    const isGood = () => found && !this.#refused.has(found.value);
    if (token !== undefined) {
      found = { value: token, source: "oauth2_access_token" };
    }
    if (!isGood() && tokenEval) {
      const value = await this.#evaluate(tokenEval);
      if (value !== undefined) {
        found = this.#keep(value, "oauth2_access_token_eval", UNKNOWN_AGE_MS);
      }
    }
    if (!isGood() && tokenCommand) {
      found = this.#keep(await tokenCommand(), "remotepasscmd", UNKNOWN_AGE_MS);
    }
    if (isGood()) return found;
    const issued = await refresh?.(this.#memory.refreshToken);
    if (issued === undefined) return found;
    // Some endpoints give a new one each time and let the old one end.
    if (issued.refreshToken !== undefined) {
      this.#memory.refreshToken = issued.refreshToken;
    }
    return this.#keep(
      issued.accessToken,
      "oauth2_refresh_token",
      freshMs(issued),
    );
  }

  #keep(value: string, source: string, ms: number): FoundToken {
    const found = { value, source };
    if (!this.#refused.has(value)) {
      this.#memory.token = { ...found, until: this.#now() + ms };
    }
    return found;
  }

  /** Without the line ends that programs print behind it. */
  async #evaluate(
    source: NonNullable<TokenSources["tokenEval"]>,
  ): Promise<string | undefined> {
    const { repository } = this.#sources;
    const value = await guarded(repository, "oauth2_access_token_eval", source);
    return value?.replace(/[\r\n]+$/, "") || undefined;
  }
}

/** For how long a new token may be used to begin a session. */
function freshMs({ expiresInSeconds }: IssuedToken): number {
  if (expiresInSeconds === undefined) return UNKNOWN_AGE_MS;
  const life = Math.max(0, expiresInSeconds) * 1000;
  return life - Math.min(MARGIN_MS, life / 2);
}
