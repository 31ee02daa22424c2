/** The command line from source, as a process with rights that a test chooses. */
import { fileURLToPath } from "node:url";
import type { Program } from "./program.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/**
 * Runs one sync of a program's configuration.
 * @param permissions Flags of `deno run`.
 * @returns Its exit code, and all that it said.
 */
export function runSource(
  program: Pick<Program, "configFile" | "home">,
  permissions: readonly string[],
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  return runSourceUnder([], program, permissions, ...args);
}

/**
 * As {@link runSource}.
 * @param words The command that starts it, `strace` for one.
 */
export async function runSourceUnder(
  words: readonly string[],
  program: Pick<Program, "configFile" | "home">,
  permissions: readonly string[],
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  const [command = "", ...rest] = [
    ...[...words, Deno.execPath(), "run", "--quiet", ...permissions, MAIN],
    ...["-c", program.configFile, "-o", "-u", "basic", ...args],
  ];
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: rest,
    cwd: program.home,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
