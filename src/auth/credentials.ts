/** A repository's user name and secrets for one run: asked for once, never twice refused. */
import { MailError } from "../errors.ts";
import { AccessTokens, type TokenSources } from "./access_token.ts";
import {
  findPassword,
  findUser,
  type FoundPassword,
  type LoginSources,
} from "./find_password.ts";
import type { LoginMemory } from "./login_memory.ts";

/** What a login proves: a password, or an OAuth 2 access token. */
export type SecretKind = "password" | "token";

/**
 * What the server said to a secret: it let us in, it refused it, or it never
 * came to that (the connection broke, the mechanism is unknown to it).
 */
export type Verdict = "accepted" | "refused" | "undecided";

/** {@link LoginSources}, and where OAuth 2 access tokens come from. */
export interface CredentialSources
  extends LoginSources, Omit<TokenSources, "memory"> {
  /** What is known from the syncs before. A password in it comes before all others. */
  readonly memory?: LoginMemory;
  /** Told of a password that was found in this sync and let us in. Never rejects. */
  readonly onAccepted?: (found: FoundPassword) => Promise<void>;
}

/**
 * The user name and secrets of one repository, shared by all its connections.
 *
 * Sources are asked when a login needs them, and once: what they said is kept in
 * memory for the run, unless it is refused. Until it has worked, only one login
 * at a time is made with it, and a password that was refused is not sent again in
 * the whole run, so that several connections and any number of syncs with a wrong
 * one cost one failed login, not a locked account. Later syncs ask the sources
 * again: what they say then may be another one.
 */
export class Credentials {
  readonly #sources: CredentialSources;
  readonly #tokens: AccessTokens;
  readonly #secrets: Record<SecretKind, TriedSecret>;
  #user: Promise<string> | undefined;

  constructor(given: CredentialSources) {
    const sources = withUserEvaluatedOnce(given);
    this.#sources = sources;
    const tokens = this.#tokens = new AccessTokens(sources);
    const memory = sources.memory ?? {};
    this.#secrets = {
      password: new TriedSecret(
        new Password(sources, memory),
        memory.refused ??= new Set(),
      ),
      token: new TriedSecret({
        find: () => tokens.find(),
        accept: () => Promise.resolve(tokens.accept()),
        refuse: ({ value }) => tokens.refuse(value),
      }),
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
   * Makes one login: `use` gets the secret, and its source by the name that the
   * user knows, and returns what became of it.
   *
   * @param use Tells what the server said to a secret that it refused, as its error.
   * @returns What `use` returned; `undefined` when no such secret is configured
   * (tokens only: a password that is not configured is asked for).
   * @throws {MailError} `auth.rejected` when this secret was refused before;
   * what the sources throw; what `use` throws.
   */
  async login<T extends Tried>(
    kind: SecretKind,
    use: (secret: string, source?: string) => Promise<T>,
  ): Promise<T | undefined> {
    const { repository } = this.#sources;
    return await this.#secrets[kind].tryOnce(
      use,
      ({ source }) => refusedBefore(repository, kind, source),
    );
  }

  /**
   * Gets another access token after one was refused: they may end before their
   * time. Not after two in a row were refused.
   *
   * @returns Whether there is one that was not refused yet.
   */
  renewToken(): Promise<boolean> {
    return this.#tokens.renew();
  }
}

/** What became of a secret that was tried. */
export interface Tried {
  readonly verdict: Verdict;
  readonly error?: MailError | undefined;
}

function refusedBefore(
  repository: string,
  kind: SecretKind,
  source: string,
): MailError {
  const name = kind === "password" ? "password" : "access token";
  return new MailError(
    `The ${name} of repository "${repository}" was refused before in this ` +
      "run and is not tried again",
    {
      code: "auth.rejected",
      scope: "account",
      retry: "never",
      ...(kind === "password" ? { hint: remedyOf(source) } : {}),
    },
  );
}

/** What is set in the configuration itself is read once in a run. */
function remedyOf(source: string): string {
  switch (source) {
    case "remotepass":
    case "remotepasscmd":
      return `Correct ${source} and start the program again`;
    case "prompt":
      return "Give another one when you are asked again, or start the program " +
        "again if this one is right now";
    default:
      return `Correct it in ${source}: it is read again by the next sync. ` +
        "If this one is right now, start the program again";
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

/** A secret and where it came from. */
interface Found {
  readonly value: string;
  readonly source: string;
}

/** Gives a secret, and is told what became of it. */
interface SecretSource<F extends Found> {
  /** The same one again, until it is refused or too old. */
  find(): Promise<F | undefined>;
  accept(found: F): Promise<void>;
  refuse(found: F, why: string | undefined): void;
}

/** The password of one run, and of those before it. */
class Password implements SecretSource<FoundPassword> {
  readonly #sources: CredentialSources;
  readonly #memory: LoginMemory;
  #found: FoundPassword | undefined;
  #typedInVain = false;

  constructor(sources: CredentialSources, memory: LoginMemory) {
    this.#memory = memory;
    this.#sources = this.#withCommandOnce(sources);
  }

  async find(): Promise<FoundPassword> {
    // A question for each connection of a sync would be one too many.
    if (this.#typedInVain) {
      throw refusedBefore(this.#sources.repository, "password", "prompt");
    }
    return this.#found ??= this.#memory.password ??
      await findPassword(this.#sources);
  }

  async accept(found: FoundPassword): Promise<void> {
    if (this.#memory.password === found) return;
    this.#memory.password = found;
    this.#memory.refusal = undefined;
    await this.#sources.onAccepted?.(found);
  }

  /** It may have been changed meanwhile: the next login asks again. */
  refuse({ source }: FoundPassword, why: string | undefined): void {
    this.#found = undefined;
    this.#memory.password = undefined;
    this.#memory.refusal = why;
    this.#typedInVain = source === "prompt";
    if (source === "remotepasscmd") this.#memory.commandRefused = true;
  }

  /** A program that gave a wrong password would give it again, day and night. */
  #withCommandOnce(sources: CredentialSources): CredentialSources {
    const { passwordCommand, repository } = sources;
    if (!passwordCommand) return sources;
    return {
      ...sources,
      passwordCommand: async () => {
        if (!this.#memory.commandRefused) return await passwordCommand();
        throw new MailError(
          `The password that remotepasscmd of repository "${repository}" gave ` +
            "was refused; it is not run again",
          {
            code: "auth.rejected",
            scope: "account",
            retry: "never",
            hint: "Correct the password and start the program again",
          },
        );
      },
    };
  }
}

class TriedSecret {
  readonly #source: SecretSource<Found>;
  readonly #refused: Set<string>;
  /** The one that let us in last. */
  #accepted: string | undefined;
  /** Ends when the login that is being tried has its verdict. Never rejects. */
  #trial: Promise<unknown> = Promise.resolve();

  constructor(source: SecretSource<Found>, refused = new Set<string>()) {
    this.#source = source;
    this.#refused = refused;
  }

  async tryOnce<T extends Tried>(
    use: (secret: string, source?: string) => Promise<T>,
    refusal: (found: Found) => MailError,
  ): Promise<T | undefined> {
    if (this.#accepted !== undefined) {
      const found = await this.#source.find();
      if (found?.value === this.#accepted) return await this.#use(found, use);
    }
    const turn = this.#trial.then(async () => {
      const found = await this.#source.find();
      if (found === undefined) return undefined;
      if (this.#refused.has(found.value)) throw refusal(found);
      return await this.#use(found, use);
    });
    this.#trial = turn.catch(() => {});
    return await turn;
  }

  async #use<T extends Tried>(
    found: Found,
    use: (secret: string, source?: string) => Promise<T>,
  ): Promise<T> {
    const outcome = await use(found.value, found.source);
    if (outcome.verdict === "accepted") {
      this.#accepted = found.value;
      await this.#source.accept(found);
    }
    if (outcome.verdict === "refused") {
      this.#refused.add(found.value);
      // One login at a time again.
      this.#accepted = undefined;
      this.#source.refuse(found, outcome.error?.message);
    }
    return outcome;
  }
}
