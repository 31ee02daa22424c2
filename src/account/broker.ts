/** What an account has others do for it when it may not do it itself. */
import type { KeyringAnswer } from "../auth/keyring.ts";
import type { SecretFiles } from "../auth/find_password.ts";
import type { TunnelProcess } from "../imap/session/tunnel_process.ts";
import type { PythonHelper } from "../python/mod.ts";
import type { HookFacts } from "./hook_facts.ts";
import type { HookEnd } from "./hooks.ts";

export {
  startTunnel,
  type TunnelProcess,
  type TunnelStatus,
} from "../imap/session/tunnel_process.ts";

/**
 * Starts the programs that the configuration names, and reads what holds secrets
 * of others, too. What is to be started is said by naming the option, never by a
 * command line; a repository is one of the account.
 *
 * All methods reject with a {@link MailError} for what is refused.
 */
export interface Broker {
  /** Runs presynchook or postsynchook, whichever the facts are for. */
  hook(facts: HookFacts, signal: AbortSignal): Promise<HookEnd>;
  /** Runs remotepasscmd. @returns The password that it printed. */
  passwordCommand(repository: string, signal: AbortSignal): Promise<string>;
  /** The repository's own part of `.netrc`, and its remotepassfile. */
  secretFiles(repository: string): SecretFiles;
  /** The password that the keyring has for the repository's own user. */
  findInKeyring(
    repository: string,
    signal: AbortSignal,
  ): Promise<KeyringAnswer>;
  /** Keeps one there. @returns Why that failed. */
  keepInKeyring(
    repository: string,
    password: string,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Starts preauthtunnel or transporttunnel, whichever there is. */
  startTunnel(repository: string): Promise<TunnelProcess>;
  /** Makes the root of the local repository, and its name durable. */
  makeRoot(): Promise<void>;
  /** Evaluates expressions that need more than the sandbox has. */
  python(): PythonHelper;
}
