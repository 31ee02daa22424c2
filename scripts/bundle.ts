// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Makes plain JavaScript of the program and its packages: `deno run
 * scripts/bundle.ts FOLDER`. It starts in two thirds of the time that the
 * sources take; what a run does not need stays in files that it does not load.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Writes the bundle into `folder`, which is created.
 * @param main What is bundled, for tests.
 * @returns The path of its entry.
 * @throws {Error} When `deno bundle` fails.
 */
export async function bundle(
  folder: string,
  main = join(ROOT, "src/main.ts"),
): Promise<string> {
  await run([main, "--outdir", folder]);
  return join(folder, "main.js");
}

async function run(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", ...args, "--code-splitting", "--quiet"],
    cwd: ROOT,
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined) console.error("Usage: bundle.ts FOLDER");
  else console.log(await bundle(folder));
}
