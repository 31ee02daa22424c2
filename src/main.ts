/** The program: arguments in, exit code out. */
import { processTerminal } from "./ui/terminal.ts";

/**
 * Runs the program.
 *
 * @param argv The words of the command line, the program's name left out.
 * @returns The exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const { runCommandLine } = await import("./cli/command_line.ts");
  return await runCommandLine(argv, processTerminal());
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
