// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Makes what a release consists of, in `dist/`: self-contained executables, the
 * manual page, completions, a bill of materials, and SHA256SUMS of all of it.
 * `deno task compile [--target TRIPLE]…`
 *
 * Embeds the runtime that `deno compile` downloads, of the version that runs
 * this script; or, where there is no network, the one that DENORT_BIN names.
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { MailError } from "../src/errors.ts";
import { checkRuntime } from "../src/runtime.ts";
import { PERMISSIONS } from "../src/permissions.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { writeChecksums, writeExtras } from "./release_files.ts";

/** The platforms that a release is made for. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Where the executable of a target goes, below the project's folder. */
export function outputOf(target: string): string {
  const ending = target.includes("windows") ? ".exe" : "";
  return `dist/offlineimap-${target}${ending}`;
}

/**
 * The arguments of `deno` that compile one target.
 * @param bundle It needs no package any more, and no check.
 */
export function compileArguments(
  target: string,
  { entry, worker }: Bundle,
): string[] {
  return [
    "compile",
    ...PERMISSIONS,
    ...["--no-config", "--no-lock", "--no-check", "--no-npm"],
    "--target",
    target,
    "--output",
    outputOf(target),
    // Nothing imports it: a worker is named by its address.
    "--include",
    worker,
    entry,
  ];
}

/** What the script was asked for. */
export interface Wanted {
  /** `--target`, as often as it was given. */
  readonly targets: readonly string[];
  /** DENORT_BIN: the runtime of one platform. */
  readonly runtime: string | undefined;
  /** The platform that this runs on. */
  readonly own: string;
}

/**
 * The targets to compile: those that were asked for; else all, or with a given
 * runtime the one that it is taken to be for, which is this platform.
 *
 * @throws {MailError} `compile.target`: unknown, or several for one runtime.
 */
export function chooseTargets(
  { targets, runtime, own }: Wanted,
): readonly string[] {
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    throw problem(`Unknown target ${unknown}; known: ${TARGETS.join(", ")}`);
  }
  if (runtime === undefined) return targets.length > 0 ? targets : TARGETS;
  if (targets.length > 1) {
    throw problem("DENORT_BIN is the runtime of one target; name one");
  }
  return targets.length === 1 ? targets : [own];
}

function problem(text: string): MailError {
  return new MailError(text, { code: "compile.target", scope: "run" });
}

/**
 * Whether what an executable says of itself (`-V`) shows that it embeds the
 * runtime that was checked. One of another version would start all the same.
 */
export function embeds(said: string, version: string): boolean {
  return said.includes(`, Deno v${version},`);
}

/** Compiles one target. @returns what is wrong, undefined if nothing is. */
async function compile(
  target: string,
  parts: Bundle,
): Promise<string | undefined> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: compileArguments(target, parts),
    cwd: ROOT,
  }).spawn().status;
  if (!success) {
    return "not compiled. Without a network, set DENORT_BIN to the runtime " +
      `(denort) of Deno ${Deno.version.deno} for this target`;
  }
  if (target !== Deno.build.target) return undefined;
  const { stdout } = await new Deno.Command(`${ROOT}${outputOf(target)}`, {
    args: ["-V"],
  }).output();
  const said = new TextDecoder().decode(stdout).trim();
  return embeds(said, Deno.version.deno)
    ? undefined
    : `does not work with the runtime of Deno ${Deno.version.deno}: it says ` +
      `"${said}"; DENORT_BIN must be of the same version`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string", multiple: true, default: [] } },
  });
  let chosen: readonly string[];
  try {
    // What is embedded has this version: the program does not ask again.
    checkRuntime({ standalone: false });
    chosen = chooseTargets({
      targets: values.target,
      runtime: Deno.env.get("DENORT_BIN"),
      own: Deno.build.target,
    });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    console.error(error.message);
    return 2;
  }
  Deno.mkdirSync(`${ROOT}dist`, { recursive: true });
  if (!await check()) return 1;
  const parts = await bundle(`${ROOT}dist/bundle`);
  let failed = 0;
  for (const target of chosen) {
    const wrong = await compile(target, parts);
    if (wrong === undefined) continue;
    failed = 1;
    console.error(`${outputOf(target)}: ${wrong}`);
  }
  writeExtras(`${ROOT}dist`);
  await writeChecksums(`${ROOT}dist`);
  return failed;
}

/** Types are not looked at again: a bundle has none. */
async function check(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--frozen", "src"],
    cwd: ROOT,
  }).spawn().status;
  return success;
}

if (import.meta.main) Deno.exitCode = await main();
