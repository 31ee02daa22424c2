/**
 * The program as one file, compiled for a test.
 *
 * Needs a runtime to embed: DENORT_BIN names one, or an earlier `deno compile`
 * has left one in Deno's cache. Nothing is downloaded. If DENORT_BIN is of
 * another version of Deno than this one, OFFLINEIMAP_TEST_COMPILER names the
 * `deno` of that version; older ones than the program may run on are good
 * enough for trying its compiled form.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../scripts/bundle.ts";
import { compileArguments } from "../../scripts/compile.ts";
import { MailError } from "../../src/errors.ts";
import { checkRuntime } from "../../src/runtime.ts";
import type { Ended } from "./program.ts";

const OLD = fileURLToPath(new URL("old_runtime", import.meta.url));
const TARGET = Deno.build.target;

/** Why nothing can be compiled here; undefined if it can. */
export async function whyNotCompiled(): Promise<string | undefined> {
  if (Deno.env.get("DENORT_BIN") === undefined) {
    if (await isCached()) return;
    return "there is no runtime to embed: set DENORT_BIN";
  }
  if (await startsEmpty()) return;
  return "DENORT_BIN is no runtime of the version of Deno that compiles: set " +
    "OFFLINEIMAP_TEST_COMPILER to the deno of its version";
}

/** Whether what is made with that runtime starts at all. */
async function startsEmpty(): Promise<boolean> {
  const folder = Deno.makeTempDirSync({ prefix: "oi-empty-" });
  try {
    const [source, made] = [join(folder, "empty.js"), join(folder, "made.exe")];
    Deno.writeTextFileSync(source, "");
    const words = ["compile", "--quiet", "--no-config", "--output", made];
    const { code } = await command(compilerPath(), [...words, source]);
    return code === 0 && (await command(made, [])).code === 0;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function compilerPath(): string {
  return Deno.env.get("OFFLINEIMAP_TEST_COMPILER") ?? Deno.execPath();
}

async function isCached(): Promise<boolean> {
  const { stdout } = await command(Deno.execPath(), ["info", "--json"]);
  const { denoDir } = JSON.parse(stdout);
  const version = `v${Deno.version.deno}`;
  return existsSync(
    join(denoDir, "dl", "release", version, `denort-${TARGET}.zip`),
  );
}

/** @returns the executable, which is all that is in `folder` then. */
export async function compileProgram(folder: string): Promise<string> {
  const compiler = compilerPath();
  const ending = Deno.build.os === "windows" ? ".exe" : "";
  const program = join(folder, `offlineimap${ending}`);
  const { stdout } = await command(compiler, ["--version"]);
  const old = isTooOld(/^deno (\S+)/.exec(stdout)?.[1] ?? "");
  const parts = join(folder, "parts");
  const words = compileArguments(
    TARGET,
    old
      ? await bundle(parts, {
        entry: join(OLD, "main.ts"),
        worker: join(OLD, "worker.ts"),
      })
      : await bundle(parts),
  );
  words[words.indexOf("--output") + 1] = program;
  if (old) useOldRuntime(words, parts);
  words.splice(1, 0, "--quiet", "--cached-only");
  const { code, stderr } = await command(compiler, words, { cwd: folder });
  assert.equal(code, 0, stderr);
  // What the executable is made of: afterwards it must not be needed.
  await Deno.remove(parts, { recursive: true });
  return program;
}

function isTooOld(version: string): boolean {
  try {
    checkRuntime({ version, standalone: false });
    return false;
  } catch (error) {
    if (error instanceof MailError) return true;
    throw error;
  }
}

/** For a Deno that lacks what the program uses. */
function useOldRuntime(words: string[], parts: string): void {
  Deno.copyFileSync(join(OLD, "tls.ts"), join(parts, "tls.ts"));
  const map = join(parts, "import_map.json");
  Deno.writeTextFileSync(
    map,
    JSON.stringify({
      imports: {},
      scopes: {
        "./": { "node:tls": "./tls.ts" },
        "./tls.ts": { "node:tls": "node:tls" },
      },
    }),
  );
  words.splice(1, 0, "--import-map", map);
}

/** Runs a program and tells how it ended. */
export async function command(
  program: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<Ended> {
  const { code, signal, stdout, stderr } = await new Deno.Command(program, {
    ...options,
    args: [...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    signal,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
