/** `offlineimap completions SHELL`. */
import type { Terminal } from "../../ui/terminal.ts";
import { COMPLETION_SCRIPTS } from "../completion/scripts.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { UsageError } from "../usage_error.ts";

/** Shows the script of a shell. */
export function runCompletions(
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const [shell = "", ...others] = words;
  const script = COMPLETION_SCRIPTS[shell];
  if (script === undefined || others.length > 0) {
    const shells = Object.keys(COMPLETION_SCRIPTS).join(", ");
    throw new UsageError(`completions needs one of ${shells}`);
  }
  terminal.out.write(script);
  return Promise.resolve(EXIT.ok);
}
