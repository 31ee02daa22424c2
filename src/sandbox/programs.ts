/** What the command starts and reads for an account: as configured, nothing else. */
import type { AccountRun } from "../account/api.ts";
import { ownNetrcFiles } from "../account/credentials_of.ts";
import type { HookFacts } from "../account/hook_facts.ts";
import { type HookEnd, runCommand } from "../account/hooks.ts";
import {
  findUser,
  type LoginSources,
  SECRET_FILES,
} from "../auth/find_password.ts";
import { Keyring, type KeyringAnswer } from "../auth/keyring.ts";
import type { NetrcEntry } from "../auth/netrc.ts";
import { runPasswordCommand } from "../auth/password_command.ts";
import { type ImapRepository, isImap } from "../config/config.ts";
import { startTunnel, type TunnelProcess } from "../account/broker.ts";
import type { Refuse } from "./refused.ts";

/** What {@link Programs} works by. */
export interface ProgramsOptions {
  /** The server's name is known, not to be evaluated. */
  readonly run: AccountRun;
  readonly refuse: Refuse;
  /** Evaluates remoteusereval. */
  readonly userOf: (repository: ImapRepository) => Promise<string | undefined>;
}

/** The programs and secret files of one account. */
export class Programs {
  readonly #options: ProgramsOptions;
  readonly #platform = Deno.build.os;

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  /** Runs the hook that the facts are for. */
  async hook(facts: HookFacts, signal: AbortSignal): Promise<HookEnd> {
    const { account } = this.#options.run;
    const { hook } = facts;
    const command = hook === "presynchook"
      ? account.presyncHook
      : hook === "postsynchook"
      ? account.postsyncHook
      : undefined;
    if (!command) throw this.#options.refuse(hook);
    return await runCommand({
      command,
      facts: { ...facts, account: account.name },
      limitMs: account.hookTimeoutSeconds * 1000,
      platform: this.#platform,
      signal,
    });
  }

  /** Runs remotepasscmd. */
  async passwordCommand(name: string, signal: AbortSignal): Promise<string> {
    const { remotePassCommand: command } = this.#repository(name);
    if (command === undefined) throw this.#options.refuse("remotepasscmd");
    return await runPasswordCommand({
      repository: name,
      command,
      platform: this.#platform,
      signal,
    });
  }

  /** Starts the tunnel's command. */
  startTunnel(name: string): TunnelProcess {
    const { tunnel } = this.#repository(name);
    if (tunnel === undefined) throw this.#options.refuse("tunnel");
    return startTunnel(tunnel.command);
  }

  /** Reads remotepassfile. */
  async passwordLine(name: string): Promise<string> {
    const { remotePassFile } = this.#repository(name);
    if (remotePassFile === undefined) {
      throw this.#options.refuse("remotepassfile");
    }
    return await SECRET_FILES.passwordLine(remotePassFile);
  }

  /** The entry for the repository's own server, and its own user if it has one. */
  async netrcEntry(
    name: string,
    path: string,
  ): Promise<NetrcEntry | undefined> {
    const repository = this.#repository(name);
    const file = ownNetrcFiles().find((file) => file.path === path);
    if (file === undefined) throw this.#options.refuse(`netrc file ${path}`);
    const host = repository.remoteHost ?? "";
    const entry = await SECRET_FILES.netrcEntry(file, host);
    const user = await this.#options.userOf(repository);
    return user === undefined || entry?.login === user ? entry : undefined;
  }

  /** Looks for the password of the repository's own user. */
  async findInKeyring(
    name: string,
    signal: AbortSignal,
  ): Promise<KeyringAnswer> {
    if (this.#options.run.ignoreKeyring) throw this.#options.refuse("keyring");
    return await this.#keyring(signal).find(await this.#entry(name));
  }

  /** Stores it. */
  async keepInKeyring(
    name: string,
    password: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (!this.#options.run.updateKeyring) {
      throw this.#options.refuse("update-keyring");
    }
    return await this.#keyring(signal).store(await this.#entry(name), password);
  }

  /** The repository of this name. @throws {MailError} It is not this account's. */
  #repository(name: string): ImapRepository {
    const { local, remote } = this.#options.run.account;
    if (remote.name === name) return remote;
    if (isImap(local) && local.name === name) return local;
    throw this.#options.refuse(`repository ${name}`);
  }

  async #entry(name: string): Promise<{ host: string; user: string }> {
    const repository = this.#repository(name);
    const host = repository.remoteHost ?? "";
    const user = await this.#options.userOf(repository);
    const sources: LoginSources = {
      repository: name,
      host,
      netrcFiles: ownNetrcFiles(),
      ...(user === undefined ? {} : { user }),
    };
    return { host, user: await findUser(sources) };
  }

  #keyring(signal: AbortSignal): Keyring {
    return new Keyring({ platform: this.#platform, signal });
  }
}
