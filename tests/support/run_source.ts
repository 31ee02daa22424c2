/** The command line from source, as a process with rights that a test chooses. */
import { fileURLToPath } from "node:url";
import type { Program } from "./program.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/**
 * Runs one sync of a program's configuration.
 * @param permissions Flags of `deno run`.
 * @returns Its exit code, and all that it said.
 */
export async function runSource(
  program: Pick<Program, "configFile" | "home">,
  permissions: readonly string[],
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", ...permissions, MAIN],
      ...["-c", program.configFile, "-o", "-u", "basic", ...args],
    ],
    cwd: program.home,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
