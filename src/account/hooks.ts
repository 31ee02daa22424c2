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
 *
 * When the run is to end, or the time is over, the shell is told to end and not
 * waited for: a program that it started may live on.
 */
export async function runHook(hook: Hook, emit: Emit): Promise<void> {
  const { account, name, command } = hook;
  const warn = (what: string) =>
    emit({
      type: "warning",
      account,
      code: "hook.failed",
      text: `${name} of account ${account} ${what}`,
    });
  emit({ type: "hook.started", account, name, command, dryRun: false });
  try {
    const output = await run(hook);
    emit({ type: "hook", account, name, command, ...output });
    if (output.code !== 0) warn(`ended with status ${output.code}`);
  } catch (error) {
    if (error instanceof Stopped) warn(`was stopped: ${error.message}`);
    else warn(`did not run: ${messageOf(error)}`);
  }
}

interface Output {
  stdout: string;
  stderr: string;
  code: number;
}

/** The hook did not end by itself; the message says why it was not waited for. */
class Stopped extends Error {}

function run({ command, mode, platform, signal }: Hook): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: platform === "windows" ? true : "/bin/sh",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...Deno.env.toObject(), OFFLINEIMAPSYNCMODE: mode },
    });
    const text = { stdout: "", stderr: "" };
    const streams = ["stdout", "stderr"] as const;
    for (const stream of streams) {
      child[stream].setEncoding("utf8");
      child[stream].on("data", (chunk: string) => {
        text[stream] = (text[stream] + chunk).slice(0, OUTPUT_LIMIT);
      });
    }
    const stop = (why: string) => {
      child.kill();
      // Whoever holds the pipes would else keep this process alive.
      for (const stream of streams) child[stream].destroy();
      child.unref();
      reject(new Stopped(why));
    };
    const onAbort = () => stop("the run is to end");
    const minutes = HOOK_LIMIT_MS / 60_000;
    const timer = setTimeout(
      () => stop(`it took longer than ${minutes} minutes`),
      HOOK_LIMIT_MS,
    );
    const ended = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    child.on("error", (error) => {
      ended();
      reject(error);
    });
    child.on("close", (code) => {
      ended();
      resolve({ ...text, code: code ?? 1 });
    });
  });
}
