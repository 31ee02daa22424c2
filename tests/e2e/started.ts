/** The program as a process that is watched while it runs. */
import { fileURLToPath } from "node:url";
import type { Program } from "../support/program.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A process under way. Disposing of it kills it. */
export interface Started extends AsyncDisposable {
  /** Standard output and error so far. */
  readonly output: string;
  kill(signal: Deno.Signal): void;
  /**
   * Waits until the output since the start holds `pattern` so many times.
   * @throws {Error} With the output, when it ends before or 20 seconds pass.
   */
  until(pattern: RegExp, times?: number): Promise<void>;
  /** Waits for the end. @returns the exit code. */
  ended(): Promise<number>;
}

const LIMIT_MS = 20_000;

/** Starts `offlineimap -c FILE ARGS…`. @param input What its standard input holds. */
export function start(
  { configFile, home }: Program,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, "-c", configFile, ...args],
    cwd: home,
    env: { NO_COLOR: "1", ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    void ReadableStream.from([new TextEncoder().encode(input)])
      .pipeTo(child.stdin).catch(() => {});
  }
  return new StartedProcess(child);
}

class StartedProcess implements Started {
  output = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  #over = false;
  #wake = () => {};

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = Promise.all([
      this.#read(child.stdout),
      this.#read(child.stderr),
    ]).then(() => {
      this.#over = true;
      this.#wake();
    });
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.output += text;
      this.#wake();
    }
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async until(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern, `${pattern.flags.replace("g", "")}g`);
    const timer = setTimeout(() => this.#wake(), LIMIT_MS);
    const deadline = performance.now() + LIMIT_MS;
    try {
      while ([...this.output.matchAll(all)].length < times) {
        if (this.#over || performance.now() >= deadline) {
          throw new Error(`No ${times} times ${pattern}: ${this.output}`);
        }
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async ended(): Promise<number> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), LIMIT_MS);
    const { code } = await this.#child.status;
    clearTimeout(timer);
    await this.#reading;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#child.status;
    await this.#reading;
  }
}
