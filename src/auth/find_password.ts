/** Where user name and password come from, in OfflineIMAP's order. */
import { decodeText } from "../decode_text.ts";
import { MailError, messageOf } from "../errors.ts";
import { guarded } from "./guarded.ts";
import type { KeyringAnswer } from "./keyring.ts";
import type { KeyringEntry } from "./keyring_tool.ts";
import { type NetrcEntry, netrcEntryOf } from "./netrc.ts";
import { type NetrcFile, readNetrcFile } from "./netrc_file.ts";

/** What a repository's configuration says about logging in with a password. */
export interface LoginSources {
  /** The repository's name, for texts. */
  readonly repository: string;
  /** `remotehost`: the machine to look for in netrc. */
  readonly host: string;
  /** Evaluates `remoteusereval`. */
  readonly userEval?: () => Promise<string>;
  /** `remoteuser`. */
  readonly user?: string;
  /** Evaluates `remotepasseval`. */
  readonly passwordEval?: () => Promise<string>;
  /** Runs `remotepasscmd`. */
  readonly passwordCommand?: () => Promise<string>;
  /** `remotepass`. */
  readonly password?: string;
  /** `remotepassfile`, expanded. */
  readonly passwordFile?: string;
  /** The netrc files to ask, in order. */
  readonly netrcFiles: readonly NetrcFile[];
  /** Who reads these files. @default this program, here */
  readonly files?: SecretFiles;
  /** Asks the system's keyring. Absent with `ignore-keyring`. */
  readonly keyring?: (entry: KeyringEntry) => Promise<KeyringAnswer>;
  /**
   * Asks the user, who sees `question`; `undefined` when they gave up. Absent
   * where nobody can be asked.
   */
  readonly prompt?: (question: string) => Promise<string | undefined>;
}

/** Files that hold secrets, more than the one that is looked for among them. */
export interface SecretFiles {
  /**
   * The entry for a host in one of the netrc files.
   * @throws {MailError} As `readNetrcFile` does.
   */
  netrcEntry(file: NetrcFile, host: string): Promise<NetrcEntry | undefined>;
  /** The first line of `remotepassfile`. @throws What the system says. */
  passwordLine(path: string): Promise<string>;
}

/** The files as this program reads them. */
export const SECRET_FILES: SecretFiles = {
  netrcEntry: async (file, host) => {
    const netrc = await readNetrcFile(file);
    return netrc && netrcEntryOf(netrc, host);
  },
  passwordLine: async (path) => {
    const text = decodeText(await Deno.readFile(path), { fatal: false });
    const [line = ""] = text.split("\n");
    return line.trim();
  },
};

/** The names that messages give to where a password came from. */
export type PasswordSource =
  | "remotepasseval"
  | "remotepasscmd"
  | "remotepass"
  | "remotepassfile"
  | "netrc"
  | "the keyring"
  | "prompt";

/** A password and where it came from. */
export interface FoundPassword {
  readonly value: string;
  readonly source: PasswordSource;
}

/**
 * The user name: `remoteusereval`, `remoteuser`, else the login of the netrc
 * entry for the host.
 *
 * @throws {MailError} `auth.no-user` when none of them says one.
 */
export async function findUser(sources: LoginSources): Promise<string> {
  const configured = await configuredUser(sources);
  if (configured !== undefined) return configured;
  for await (const { login } of netrcEntries(sources)) {
    if (login !== "") return login;
  }
  throw new MailError(
    `No user name is known for repository "${sources.repository}"`,
    {
      code: "auth.no-user",
      scope: "account",
      retry: "never",
      hint: "Set remoteuser, or add an entry for machine " +
        `${sources.host} to ~/.netrc`,
    },
  );
}

/**
 * The password: `remotepasseval`, `remotepasscmd` (ours), `remotepass`, the first
 * line of `remotepassfile`, `~/.netrc`, `/etc/netrc`, the system's keyring, the
 * prompt. The first that is configured counts; when that yields an empty text, the
 * user is asked.
 *
 * A netrc password is for its login only: it is passed over when the configured
 * user is another one.
 *
 * @throws {MailError} `auth.no-password` when there is none and nobody to ask,
 * `auth.password-source` or `auth.keyring` when a source fails.
 */
export async function findPassword(
  sources: LoginSources,
): Promise<FoundPassword> {
  const found = await configuredPassword(sources) ??
    await netrcPassword(sources);
  if (found) return found.value === "" ? await ask(sources) : found;
  const { host, keyring } = sources;
  if (!keyring) return await ask(sources);
  const user = await findUser(sources);
  const { password = "", problem } = await keyring({ host, user });
  return password === ""
    ? await ask(sources, problem)
    : { value: password, source: "the keyring" };
}

async function configuredUser(
  sources: LoginSources,
): Promise<string | undefined> {
  const { userEval, user } = sources;
  if (!userEval) return user;
  return await guarded(sources.repository, "remoteusereval", userEval);
}

async function configuredPassword(
  sources: LoginSources,
): Promise<FoundPassword | undefined> {
  const { repository, passwordEval, passwordCommand, password, passwordFile } =
    sources;
  if (passwordEval) {
    const value = await guarded(repository, "remotepasseval", passwordEval);
    return { value, source: "remotepasseval" };
  }
  if (passwordCommand) {
    return { value: await passwordCommand(), source: "remotepasscmd" };
  }
  if (password !== undefined) return { value: password, source: "remotepass" };
  if (passwordFile === undefined) return undefined;
  const { files = SECRET_FILES } = sources;
  const value = await guarded(
    repository,
    "remotepassfile",
    () => files.passwordLine(passwordFile),
    (error) => `: ${messageOf(error)}`,
  );
  return { value, source: "remotepassfile" };
}

async function netrcPassword(
  sources: LoginSources,
): Promise<FoundPassword | undefined> {
  const user = await configuredUser(sources);
  for await (const { login, password } of netrcEntries(sources)) {
    if (user === undefined || user === login) {
      return { value: password, source: "netrc" };
    }
  }
  return undefined;
}

async function* netrcEntries(
  { netrcFiles, host, files = SECRET_FILES }: LoginSources,
): AsyncGenerator<NetrcEntry> {
  for (const file of netrcFiles) {
    const entry = await files.netrcEntry(file, host);
    if (entry) yield entry;
  }
}

async function ask(
  sources: LoginSources,
  /** Why the keyring was not asked. */
  problem?: string,
): Promise<FoundPassword> {
  const user = await findUser(sources);
  // The wording of OfflineIMAP's ttyui, which scripts (expect) wait for.
  const question = `Enter password for user '${user}': `;
  const value = await sources.prompt?.(question);
  if (value !== undefined) return { value, source: "prompt" };
  throw new MailError(
    `No password is known for user "${user}" of repository ` +
      `"${sources.repository}"` +
      (problem === undefined ? "" : ` (keyring: ${problem})`),
    {
      code: "auth.no-password",
      scope: "account",
      retry: "never",
      hint: "Set one of remotepasscmd, remotepasseval, remotepassfile or " +
        "remotepass, add it to ~/.netrc or to the system's keyring, or use " +
        "ttyui on a terminal, which asks for it",
    },
  );
}
