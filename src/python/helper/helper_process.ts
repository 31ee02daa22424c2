/** A running python3 that answers one request after the other. */
import { LineReader } from "./json_lines.ts";
import { HELPER_PROGRAM } from "./program.ts";

/** What the helper says of an exception. */
export interface Problem {
  readonly type: string;
  readonly text: string;
  /** What of the text can be shown of a secret's function: names and numbers. */
  readonly harmless?: string;
  /** File of the place where it was raised. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Line of the expression that led there. */
  readonly here?: number | null;
}

/** The answer to a request. */
export type Reply =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: Problem };

/** How python3 is called: program and first arguments. */
export type PythonCommand = readonly [program: string, ...args: string[]];

/** Where to look for Python 3, in this order. */
export function pythonCommands(os: typeof Deno.build.os): PythonCommand[] {
  const names: PythonCommand[] = [["python3"], ["python"]];
  return os === "windows" ? [["py", "-3"], ...names] : names;
}

/** How a helper is started. */
export interface StartOptions {
  readonly commands: readonly PythonCommand[];
  /** Called with each line that the user's code prints. */
  readonly onOutput: (line: string) => void;
  /** Wait for the first sign of life. */
  readonly startTimeoutMs: number;
}

/** A helper that is ready for requests. */
export class HelperProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: LineReader;
  readonly #errors: LineReader;
  readonly #output: Promise<void>;
  #ended = false;

  private constructor(
    child: Deno.ChildProcess,
    onOutput: (line: string) => void,
  ) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#lines = new LineReader(child.stdout);
    this.#errors = new LineReader(child.stderr);
    this.#output = forward(this.#errors, onOutput);
  }

  /** Starts the first command that is a Python 3; undefined when none is. */
  static async start(
    options: StartOptions,
  ): Promise<HelperProcess | undefined> {
    for (const command of options.commands) {
      const helper = await HelperProcess.#startOne(command, options);
      if (helper !== undefined) return helper;
    }
    return undefined;
  }

  static async #startOne(
    [program, ...args]: PythonCommand,
    { onOutput, startTimeoutMs }: StartOptions,
  ): Promise<HelperProcess | undefined> {
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(program, {
        args: [...args, "-c", HELPER_PROGRAM],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const helper = new HelperProcess(child, onOutput);
    try {
      const greeting = await helper.#receive(startTimeoutMs);
      if (majorVersion(greeting) === 3) return helper;
    } catch {
      // Not a Python at all, such as the placeholder that Windows comes with.
    }
    await helper.kill();
    return undefined;
  }

  /** False once the process is known to be gone. */
  get isAlive(): boolean {
    return !this.#ended;
  }

  /**
   * Sends a request and waits for its reply. Only one at a time.
   *
   * @throws {DOMException} `TimeoutError` when it takes too long; any other error
   * when the process ended. In both cases the process is gone afterwards.
   */
  async request(request: unknown, timeoutMs: number): Promise<Reply> {
    try {
      const line = `${JSON.stringify(request)}\n`;
      await this.#writer.write(new TextEncoder().encode(line));
      return decodeReply(await this.#receive(timeoutMs));
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  async #receive(timeoutMs: number): Promise<unknown> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new DOMException("Timed out", "TimeoutError")),
      timeoutMs,
    );
    try {
      const line = await Promise.race([this.#lines.next(), promise]);
      if (line === undefined) throw new Error("python3 ended");
      return JSON.parse(line);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.#settle();
  }

  /** Lets the process end by itself, which it does when its input ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#writer.close().catch(() => {});
    const timer = setTimeout(() => {
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It ended in time.
      }
    }, 1000);
    await this.#child.status;
    clearTimeout(timer);
    await this.#settle();
  }

  /** Waits until nothing of the process is left. */
  async #settle(): Promise<void> {
    await this.#writer.abort().catch(() => {});
    await this.#child.status;
    await this.#lines.cancel();
    // What was printed last is still on its way; but children of the user's code
    // may hold the stream open for ever.
    const timer = setTimeout(() => void this.#errors.cancel(), 200);
    await this.#output;
    clearTimeout(timer);
    await this.#errors.cancel();
  }
}

/** Passes the lines of a stream on until it ends. */
async function forward(
  lines: LineReader,
  onOutput: (line: string) => void,
): Promise<void> {
  for (;;) {
    const line = await lines.next().catch(() => undefined);
    if (line === undefined) return;
    onOutput(line);
  }
}

function majorVersion(greeting: unknown): unknown {
  if (typeof greeting !== "object" || greeting === null) return undefined;
  if (!("version" in greeting) || !Array.isArray(greeting.version)) {
    return undefined;
  }
  return greeting.version[0];
}

function decodeReply(reply: unknown): Reply {
  if (typeof reply === "object" && reply !== null) {
    if ("error" in reply && isProblem(reply.error)) {
      return { error: reply.error };
    }
    if ("value" in reply) return { value: reply.value };
  }
  throw new TypeError("An unknown reply of python3");
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "type" in error &&
    typeof error.type === "string" && "text" in error &&
    typeof error.text === "string";
}
