/** A repository's user name and secrets for one run: asked for once, never twice refused. */
import { MailError } from "../errors.ts";
import { findPassword, findUser, type LoginSources } from "./find_password.ts";

/** What a login proves: a password, or an OAuth 2 access token. */
export type SecretKind = "password" | "token";

/**
 * What the server said to a secret: it let us in, it refused it, or it never
 * came to that (the connection broke, the mechanism is unknown to it).
 */
export type Verdict = "accepted" | "refused" | "undecided";

/** A password that worked before, and lives longer than {@link Credentials}. */
export interface KeptPassword {
  /** Undefined: none is known. */
  readonly get: () => string | undefined;
  readonly keep: (password: string) => void;
  readonly forget: () => void;
}

/** {@link LoginSources}, and where an OAuth 2 access token comes from. */
export interface CredentialSources extends LoginSources {
  /** `oauth2_access_token`. Wins over the evaluated one. */
  readonly token?: string;
  /** Evaluates `oauth2_access_token_eval`; null or undefined: there is none. */
  readonly tokenEval?: () => Promise<string | null | undefined>;
  /** Comes before all other sources of the password. */
  readonly kept?: KeptPassword;
}

/**
 * The user name and secrets of one repository, shared by all its connections.
 *
 * Sources are asked when a login needs them, and once: what they said is kept in
 * memory for the run, unless it is refused. Until it has worked, only one login
 * at a time is made with it, and what was refused is not sent again, so that
 * several connections with a wrong password cost one failed login, not a locked
 * account.
 */
export class Credentials {
  readonly #sources: CredentialSources;
  readonly #secrets: Record<SecretKind, KeptSecret>;
  #user: Promise<string> | undefined;

  constructor(given: CredentialSources) {
    const sources = withUserEvaluatedOnce(given);
    this.#sources = sources;
    const { kept } = sources;
    this.#secrets = {
      password: new KeptSecret(
        async () => kept?.get() ?? (await findPassword(sources)).value,
        kept,
      ),
      // Tokens expire: each sync gets its own.
      token: new KeptSecret(() => findToken(sources)),
    };
  }

  /**
   * The user name to log in with.
   * @throws {MailError} `auth.no-user`
   */
  user(): Promise<string> {
    return this.#user ??= findUser(this.#sources).catch((error) => {
      this.#user = undefined;
      throw error;
    });
  }

  /**
   * Makes one login: `use` gets the secret and returns what became of it.
   *
   * @returns What `use` returned; `undefined` when no such secret is configured
   * (tokens only: a password that is not configured is asked for).
   * @throws {MailError} `auth.rejected` when this secret was refused before;
   * what the sources throw; what `use` throws.
   */
  async login<T extends { verdict: Verdict }>(
    kind: SecretKind,
    use: (secret: string) => Promise<T>,
  ): Promise<T | undefined> {
    const secret = this.#secrets[kind];
    return await secret.tryOnce(use, () => this.#refusal(kind));
  }

  #refusal(kind: SecretKind): MailError {
    const { repository } = this.#sources;
    const name = kind === "password" ? "password" : "access token";
    return new MailError(
      `The ${name} of repository "${repository}" was refused before in this ` +
        "run and is not tried again",
      { code: "auth.rejected", scope: "account", retry: "never" },
    );
  }
}

/** Both user name and netrc password need it, and it may run a program. */
function withUserEvaluatedOnce(sources: CredentialSources): CredentialSources {
  const { userEval } = sources;
  if (!userEval) return sources;
  let value: Promise<string> | undefined;
  const once = () =>
    value ??= userEval().catch((error) => {
      value = undefined;
      throw error;
    });
  return { ...sources, userEval: once };
}

/** The access token without the line ends that programs print behind it. */
async function findToken(
  { token, tokenEval, repository }: CredentialSources,
): Promise<string | undefined> {
  if (token !== undefined) return token;
  if (!tokenEval) return undefined;
  try {
    return (await tokenEval())?.replace(/[\r\n]+$/, "");
  } catch (error) {
    if (error instanceof MailError) throw error;
    throw new MailError(
      `Cannot get oauth2_access_token_eval of repository "${repository}"`,
      { code: "auth.password-source", scope: "account" },
    );
  }
}

class KeptSecret {
  readonly #find: () => Promise<string | undefined>;
  readonly #refused = new Set<string>();
  #found: string | undefined;
  #accepted = false;
  /** Ends when the login that is being tried has its verdict. Never rejects. */
  #trial: Promise<unknown> = Promise.resolve();

  constructor(
    find: () => Promise<string | undefined>,
    readonly longer?: Pick<KeptPassword, "keep" | "forget">,
  ) {
    this.#find = find;
  }

  async tryOnce<T extends { verdict: Verdict }>(
    use: (secret: string) => Promise<T>,
    refusal: () => MailError,
  ): Promise<T | undefined> {
    if (this.#accepted && this.#found !== undefined) {
      return await this.#use(this.#found, use);
    }
    const turn = this.#trial.then(async () => {
      const secret = this.#found ??= await this.#find();
      if (secret === undefined) return undefined;
      if (this.#refused.has(secret)) throw refusal();
      return await this.#use(secret, use);
    });
    this.#trial = turn.catch(() => {});
    return await turn;
  }

  async #use<T extends { verdict: Verdict }>(
    secret: string,
    use: (secret: string) => Promise<T>,
  ): Promise<T> {
    const outcome = await use(secret);
    if (outcome.verdict === "accepted") {
      this.#accepted = true;
      this.longer?.keep(secret);
    }
    if (outcome.verdict === "refused") {
      this.#refused.add(secret);
      this.longer?.forget();
      // It may have been changed meanwhile: ask again, and one login at a time.
      this.#accepted = false;
      this.#found = undefined;
    }
    return outcome;
  }
}
