/**
 * The keyring of the operating system, through the system's own tool: the entries
 * that Python's `keyring` package reads and writes, which OfflineIMAP uses.
 */
import { MailError } from "../errors.ts";
import { macKeyring } from "./keyring_mac.ts";
import { secretToolKeyring } from "./keyring_secret_tool.ts";
import { windowsKeyring } from "./keyring_windows.ts";
import type { KeyringEntry, KeyringTool, RunTool } from "./keyring_tool.ts";
import { ProgramFailure, runProgram } from "./run_program.ts";

/** What was found. */
export interface KeyringAnswer {
  readonly password: string | undefined;
  /** Why the keyring could not be asked; undefined when it could. */
  readonly problem: string | undefined;
}

/** What must be known of the machine. */
export interface KeyringPlace {
  /** `Deno.build.os`. */
  readonly platform: string;
  readonly signal?: AbortSignal | undefined;
  /** @default 60 s: the system may ask the user to unlock it */
  readonly timeoutMs?: number;
  /** Added to the environment of the tools. */
  readonly env?: Readonly<Record<string, string>>;
}

const LIMIT_MS = 60_000;

/** The keyring of this machine. */
export class Keyring {
  readonly #tool: KeyringTool;
  readonly #place: KeyringPlace;

  constructor(place: KeyringPlace) {
    this.#place = place;
    this.#tool = toolOf(place.platform);
  }

  /**
   * Looks for a password. A machine without the tool, or without a keyring behind
   * it, is no error: the answer says so.
   *
   * @throws {MailError} `auth.keyring` when it does not answer in time: it waits
   * for somebody to unlock it.
   */
  async find(entry: KeyringEntry): Promise<KeyringAnswer> {
    const { name } = this.#tool;
    try {
      const found = await this.#tool.find(entry, this.#run);
      if ("password" in found) {
        const { password } = found;
        return { password, problem: undefined };
      }
      const { without } = found;
      const problem = without === "" ? undefined : `${name}: ${without}`;
      return { password: undefined, problem };
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error;
      this.#place.signal?.throwIfAborted();
      if (error.kind === "slow") throw locked(name, error.message);
      const what = error.kind === "missing" ? "not installed" : error.message;
      return { password: undefined, problem: `${name}: ${what}` };
    }
  }

  /**
   * Stores a password, in the place of an older one.
   *
   * @returns Why that failed, a clause; undefined when it is stored.
   */
  async store(
    entry: KeyringEntry,
    password: string,
  ): Promise<string | undefined> {
    const { name } = this.#tool;
    try {
      const failure = await this.#tool.store(entry, password, this.#run);
      // Tools report success for more than it is: what counts is what is there.
      if (failure === undefined) {
        const { password: found } = await this.find(entry);
        return found === password ? undefined : `${name} has not kept it`;
      }
      const words = password === ""
        ? failure
        : failure.replaceAll(password, "***");
      return `${name}: ${words}`;
    } catch (error) {
      if (error instanceof MailError) return error.message;
      if (!(error instanceof ProgramFailure)) throw error;
      const missing = error.kind === "missing";
      return `${name}: ${missing ? "not installed" : error.message}`;
    }
  }

  readonly #run: RunTool = (call) =>
    runProgram({
      ...call,
      env: { ...this.#place.env, ...call.env },
      platform: this.#place.platform,
      signal: this.#place.signal,
      timeoutMs: this.#place.timeoutMs ?? LIMIT_MS,
    });
}

/** The program that is asked on a system. */
export function keyringProgram(platform: string): string {
  return toolOf(platform).program;
}

function toolOf(platform: string): KeyringTool {
  switch (platform) {
    case "darwin":
      return macKeyring;
    case "windows":
      return windowsKeyring;
    default:
      return secretToolKeyring;
  }
}

function locked(name: string, why: string): MailError {
  return new MailError(`The keyring did not answer (${name}): ${why}`, {
    code: "auth.keyring",
    scope: "account",
    hint: "It may be locked and wait for you: unlock it, or start with " +
      "--ignore-keyring",
  });
}
