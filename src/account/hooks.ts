/** presynchook and postsynchook. */
import { spawn } from "node:child_process";
import { messageOf } from "../errors.ts";
import type { Emit } from "../events.ts";

/** A hook that is to be run. */
export interface Hook {
  readonly account: string;
  /** The option that holds it. */
  readonly name: "presynchook" | "postsynchook";
  /** For the system's shell. */
  readonly command: string;
  /** What the environment says as `OFFLINEIMAPSYNCMODE`. */
  readonly mode: "full" | "quick" | "idle";
  readonly platform: string;
  readonly signal: AbortSignal;
}

/** A hook that takes longer is killed: it must not hold the mail up for ever. */
const HOOK_LIMIT_MS = 10 * 60_000;
/** What is kept of a hook's output. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Runs a hook in the system's shell with an empty standard input and reports
 * what it printed. As in OfflineIMAP its exit status stops nothing; unlike there
 * it has a time limit, and output that is no UTF-8 does no harm.
 */
export async function runHook(hook: Hook, emit: Emit): Promise<void> {
  const { account, name, command } = hook;
  try {
    const output = await run(hook);
    emit({ type: "hook", account, name, command, ...output });
    if (output.code !== 0) {
      emit({
        type: "warning",
        account,
        code: "hook.failed",
        text: `${name} of account ${account} ended with status ${output.code}`,
      });
    }
  } catch (error) {
    emit({
      type: "warning",
      account,
      code: "hook.failed",
      text: `${name} of account ${account} did not run: ${messageOf(error)}`,
    });
  }
}

interface Output {
  stdout: string;
  stderr: string;
  code: number;
}

function run({ command, mode, platform, signal }: Hook): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: platform === "windows" ? true : "/bin/sh",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...Deno.env.toObject(), OFFLINEIMAPSYNCMODE: mode },
      timeout: HOOK_LIMIT_MS,
      signal,
    });
    const text = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8");
      child[stream].on("data", (chunk: string) => {
        text[stream] = (text[stream] + chunk).slice(0, OUTPUT_LIMIT);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...text, code: code ?? 1 }));
  });
}
