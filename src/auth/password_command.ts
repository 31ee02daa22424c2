/** `remotepasscmd`: a program that prints a password or an access token. */
import { MailError } from "../errors.ts";
import { lastLine, ProgramFailure, runProgram } from "./run_program.ts";

/** A command and whose it is. */
export interface PasswordCommand {
  readonly repository: string;
  /** For the system's shell. */
  readonly command: string;
  /** `Deno.build.os`. */
  readonly platform: string;
  readonly signal?: AbortSignal | undefined;
  /** @default 60 s */
  readonly timeoutMs?: number;
}

/** Long enough to type a passphrase or to touch a key. */
const LIMIT_MS = 60_000;

/**
 * Runs it, with nothing on its standard input.
 *
 * @returns The first line of what it prints, without its line end and otherwise as
 * it is: blanks may be part of a password.
 * @throws {MailError} `auth.password-source`: it took too long, failed, or printed
 * nothing. What it printed on its standard error is told, what it printed else is
 * not.
 */
export async function runPasswordCommand(
  { repository, command, platform, signal, timeoutMs = LIMIT_MS }:
    PasswordCommand,
): Promise<string> {
  const problem = (what: string, hint: string) =>
    new MailError(`remotepasscmd of repository "${repository}" ${what}`, {
      code: "auth.password-source",
      scope: "account",
      hint,
    });
  try {
    const { code, stdout, stderr } = await runProgram({
      ...{ command, platform, timeoutMs, signal },
    });
    const text = new TextDecoder().decode(stdout);
    const [line = ""] = text.split(/\r?\n/, 1);
    if (code !== 0) {
      const words = without(lastLine(stderr), line);
      throw problem(
        `ended with status ${code}${words === "" ? "" : `: ${words}`}`,
        "Run the command in a terminal to see what is wrong",
      );
    }
    if (line !== "") return line;
    throw problem(
      "printed no password",
      "Its first line has to be the password, on standard output",
    );
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    signal?.throwIfAborted();
    throw problem(
      `was stopped: ${error.message}`,
      "Run it in a terminal: it may wait for an answer, such as the " +
        "passphrase of a locked key",
    );
  }
}

/** A program that failed may still have printed the secret, and again beside it. */
function without(text: string, secret: string): string {
  return secret === "" ? text : text.replaceAll(secret, "***");
}
