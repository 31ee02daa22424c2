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
 * Loaded by imapflow at its start, for decoding mail and for logging: character
 * tables and more, two thirds of the bundle. See absent.ts.
 */
const LEFT_OUT: readonly string[] = [
  "libmime",
  "libqp",
  "libbase64",
  "encoding-japanese",
  "iconv-lite",
  "pino",
  "@zone-eu/mailsplit",
  "@zone-eu/mailsplit/lib/flowed-decoder.js",
];

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
  const parts = await Deno.makeTempDir({ prefix: "offlineimap-bundle-" });
  try {
    const left = LEFT_OUT.flatMap((name) => ["--external", name]);
    await run([main, "--outdir", parts, ...left]);
    // The names that are left in the parts are those of packages left out.
    const absent = new URL("absent.ts", import.meta.url).href;
    const imports = Object.fromEntries(LEFT_OUT.map((name) => [name, absent]));
    const map = join(parts, "import_map.json");
    await Deno.writeTextFile(map, JSON.stringify({ imports }));
    const entry = join(parts, "main.js");
    await run([entry, "--outdir", folder, "--import-map", map]);
    return join(folder, "main.js");
  } finally {
    await Deno.remove(parts, { recursive: true });
  }
}

async function run(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    // The entry comes first: `--external` takes whatever follows it.
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
