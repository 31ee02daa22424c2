/** presynchook and postsynchook: shell commands before and after a sync. */
import { messageOf } from "../errors.ts";
import type { Emit } from "../events.ts";
import { hookEnvironment, type HookFacts, hookInput } from "./hook_facts.ts";

/** A hook that is to be run. */
export interface Hook {
  readonly facts: HookFacts;
  /** For the system's shell. */
  readonly command: string;
  /** `hooktimeout`: the shell is told to end then, ms; 0: never. */
  readonly limitMs: number;
  readonly platform: string;
  readonly signal: AbortSignal;
}

/** What is kept of a hook's output. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Runs a hook and reports what it printed. Unlike in OfflineIMAP it is told what it runs for, in its environment and on standard
 * input, it has a time limit, and output that is no UTF-8 does no harm.
 *
 * When the run is to end, or the time is over, the shell is told to end and not
 * waited for: a program that it started may live on.
 *
 * @returns Whether it ended well.
 */
export async function runHook(
  hook: Hook,
  emit: Emit,
  run: (hook: Hook) => Promise<HookEnd> = runCommand,
): Promise<boolean> {
  const { command, facts: { account, hook: name } } = hook;
  const warn = (what: string) =>
    emit({
      type: "warning",
      account,
      code: "hook.failed",
      text: `${name} of account ${account} ${what}`,
    });
  emit({ type: "hook.started", account, name, command, dryRun: false });
  try {
    const end = await run(hook);
    if ("stopped" in end) {
      warn(`was stopped: ${end.stopped}`);
      return false;
    }
    emit({ type: "hook", account, name, command, ...end });
    if (end.code !== 0) warn(`ended with status ${end.code}`);
    return end.code === 0;
  } catch (error) {
    warn(`did not run: ${messageOf(error)}`);
    return false;
  }
}

/** How a hook ended: by itself, or why it was not waited for. */
export type HookEnd =
  | { readonly stdout: string; readonly stderr: string; readonly code: number }
  | { readonly stopped: string };

/**
 * Runs a hook in the system's shell.
 * @throws What keeps the shell from being started.
 */
export async function runCommand(hook: Hook): Promise<HookEnd> {
  const { command, facts, limitMs, platform, signal } = hook;
  // Loaded when there is a hook, see runProgram.
  const { spawn } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: platform === "windows" ? true : "/bin/sh",
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...Deno.env.toObject(), ...hookEnvironment(facts) },
    });
    // Most hooks end without having read it.
    child.stdin.on("error", () => {});
    child.stdin.end(hookInput(facts));
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
      child.stdin.destroy();
      child.unref();
      ended();
      resolve({ stopped: why });
    };
    const onAbort = () => stop("the run is to end");
    const timer = limitMs === 0 ? undefined : setTimeout(
      () => stop(`it took longer than ${limitMs / 1000} seconds`),
      limitMs,
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
