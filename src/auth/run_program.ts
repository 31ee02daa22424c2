/** Programs that know a secret: a keyring's tool, the user's own command. */
import { Buffer } from "node:buffer";
import type { ChildProcess } from "node:child_process";
import { messageOf } from "../errors.ts";

/** What to run. A secret goes in by `input` only: others can read arguments. */
export interface ProgramCall {
  /** A command line for the system's shell, or a program with its arguments. */
  readonly command: string | readonly [program: string, ...args: string[]];
  /** What standard input holds. @default nothing */
  readonly input?: string;
  /** Added to the environment; no secrets, which others can read there too. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** `Deno.build.os`. */
  readonly platform: string;
}

/** How a program ended by itself. */
export interface ProgramResult {
  readonly code: number;
  /** As bytes: it may hold what is no UTF-8. */
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** It did not end by itself. Holds nothing of what it printed. */
export class ProgramFailure extends Error {
  override readonly name = "ProgramFailure";
  constructor(
    /** `missing`: there is no such program. */
    readonly kind: "missing" | "failed" | "slow" | "stopped",
    message: string,
  ) {
    super(message);
  }
}

/** A password is short; who prints more is not what was meant. */
const OUTPUT_LIMIT_BYTES = 64 * 1024;

/**
 * Runs a program to its end.
 *
 * When the time is over, or the run ends, it is told to end and not waited for: a
 * program that it started may live on.
 *
 * @throws {ProgramFailure}
 */
export async function runProgram(call: ProgramCall): Promise<ProgramResult> {
  const { input = "", timeoutMs, signal } = call;
  // Loaded when something is started: it takes as long as the runtime's start.
  const { spawn } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(stopped());
    const child = start(call, spawn);
    const out = collect(child, "stdout");
    const err = collect(child, "stderr");
    const give = (failure: ProgramFailure) => {
      child.kill();
      // Whoever holds the pipes would else keep this process alive.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      over();
      reject(failure);
    };
    const onAbort = () => give(stopped());
    const timer = setTimeout(() => {
      const seconds = Math.ceil(timeoutMs / 1000);
      give(
        new ProgramFailure("slow", `it took longer than ${seconds} seconds`),
      );
    }, timeoutMs);
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    child.on("error", (error) => {
      over();
      const missing = "code" in error && error.code === "ENOENT";
      reject(
        new ProgramFailure(missing ? "missing" : "failed", messageOf(error)),
      );
    });
    child.on("close", (code) => {
      over();
      const stderr = Buffer.concat(err).toString("utf8");
      resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr });
    });
    // It may end without reading, which is no matter of ours.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** The last line that says something, for people: at most 200 characters. */
export function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "");
  return (lines.at(-1) ?? "").replaceAll(/\p{Cc}/gu, " ").slice(0, 200);
}

function start(
  { command, env = {}, platform }: ProgramCall,
  spawn: typeof import("node:child_process").spawn,
): ChildProcess {
  const stdio = ["pipe", "pipe", "pipe"] as ["pipe", "pipe", "pipe"];
  const options = { stdio, env: { ...Deno.env.toObject(), ...env } };
  if (typeof command === "string") {
    const shell = platform === "windows" ? true : "/bin/sh";
    return spawn(command, { ...options, shell });
  }
  const [program, ...args] = command;
  return spawn(program, args, { ...options, windowsHide: true });
}

function collect(child: ChildProcess, stream: "stdout" | "stderr"): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  child[stream]?.on("data", (chunk: Buffer) => {
    if (size < OUTPUT_LIMIT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return chunks;
}

function stopped(): ProgramFailure {
  return new ProgramFailure("stopped", "the run is to end");
}
