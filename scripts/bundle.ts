// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Makes plain JavaScript of the program and its packages: `deno run
 * scripts/bundle.ts FOLDER`. It starts in two thirds of the time that the
 * sources take; what a run does not need stays in files that it does not load.
 */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How the sources call it. */
const SOURCE_NAME = '"./worker.ts"';

/**
 * Loaded by imapflow at its start, for decoding mail, for logging and for proxies
 * (ours are src/imap/session/socks_proxy.ts): character tables and more, two
 * thirds of the bundle and a tenth of the start. See absent.ts.
 */
const LEFT_OUT: readonly string[] = [
  "libmime",
  "libqp",
  "libbase64",
  "encoding-japanese",
  "iconv-lite",
  "pino",
  "socks",
  "@zone-eu/mailsplit",
  "@zone-eu/mailsplit/lib/flowed-decoder.js",
];

/** Where the parts of a bundle are that a program starts with. */
export interface Bundle {
  readonly entry: string;
  /** What an account's worker runs. */
  readonly worker: string;
}

/** What is bundled. */
const SOURCES: Bundle = {
  entry: join(ROOT, "src/main.ts"),
  worker: join(ROOT, "src/sandbox/worker.ts"),
};

/**
 * Writes the bundle into `folder`, which is created.
 * @param sources Others than the program's own, for tests: `main.ts` and
 * `worker.ts` by name.
 * @throws {Error} When `deno bundle` fails.
 */
export async function bundle(
  folder: string,
  sources: Bundle = SOURCES,
): Promise<Bundle> {
  const parts = await Deno.makeTempDir({ prefix: "offlineimap-bundle-" });
  try {
    const left = LEFT_OUT.flatMap((name) => ["--external", name]);
    const { entry: main } = sources;
    await run([main, sources.worker, "--outdir", parts, ...left]);
    // The names that are left in the parts are those of packages left out.
    const absent = new URL("absent.ts", import.meta.url).href;
    const imports = Object.fromEntries(LEFT_OUT.map((name) => [name, absent]));
    const map = join(parts, "import_map.json");
    await Deno.writeTextFile(map, JSON.stringify({ imports }));
    const entries = ["main.js", "worker.js"].map((name) => find(parts, name));
    await run([...entries, "--outdir", folder, "--import-map", map]);
    const worker = find(folder, "worker.js");
    nameWorker(folder, worker);
    return { entry: find(folder, "main.js"), worker };
  } finally {
    await Deno.remove(parts, { recursive: true });
  }
}

/** The path of the only file of that name below a folder. */
function find(folder: string, name: string): string {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile && entry.name === name) return path;
    if (!entry.isDirectory) continue;
    try {
      return find(path, name);
    } catch {
      // In another folder.
    }
  }
  throw new Error(`There is no ${name} in ${folder}`);
}

/** The bundler leaves the address of a worker as it is in the sources. */
function nameWorker(folder: string, worker: string): void {
  let named = 0;
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (!isFile) continue;
    const path = join(folder, name);
    const text = Deno.readTextFileSync(path);
    if (!text.includes(SOURCE_NAME)) continue;
    named++;
    const address = `"./${relative(folder, worker).replaceAll("\\", "/")}"`;
    Deno.writeTextFileSync(path, text.replaceAll(SOURCE_NAME, address));
  }
  if (named !== 1) throw new Error(`${named} parts start the worker, not one`);
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
  else console.log((await bundle(folder)).entry);
}
