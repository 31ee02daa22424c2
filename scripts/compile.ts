// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Makes self-contained executables: `deno task compile [--target TRIPLE]…`.
 *
 * DENORT_BIN, if set, names the runtime to embed; otherwise `deno compile`
 * downloads it once per target.
 */
import { parseArgs } from "node:util";
import { PERMISSIONS } from "./permissions.ts";

/** The platforms that a release is made for. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** Where the executable of a target goes, below the project's folder. */
export function outputOf(target: string): string {
  const ending = target.includes("windows") ? ".exe" : "";
  return `dist/offlineimap-${target}${ending}`;
}

/** The arguments of `deno` that compile one target. */
export function compileArguments(target: string): string[] {
  return [
    "compile",
    ...PERMISSIONS,
    "--frozen",
    "--target",
    target,
    "--output",
    outputOf(target),
    "src/main.ts",
  ];
}

/** Compiles one target. Tells whether it worked. */
async function compile(target: string, root: URL): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: compileArguments(target),
    cwd: root,
  }).spawn().status;
  return success;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string", multiple: true } },
  });
  const root = new URL("..", import.meta.url);
  const failed: string[] = [];
  for (const target of values.target ?? TARGETS) {
    if (!TARGETS.includes(target)) {
      console.error(`Unknown target ${target}; known: ${TARGETS.join(", ")}`);
      Deno.exitCode = 2;
      return;
    }
    if (!await compile(target, root)) failed.push(target);
  }
  if (failed.length > 0) {
    console.error(
      `Not compiled: ${failed.join(", ")}. Without a network, set DENORT_BIN ` +
        "to the runtime (denort) of this Deno version and that target.",
    );
    Deno.exitCode = 1;
  }
}

if (import.meta.main) await main();
