/** The user's own Python, with the pythonfile loaded. */
import { MailError, messageOf } from "../../errors.ts";
import { PythonError } from "../python_error.ts";
import { isSecret, lineBreakHint, type PythonSource } from "../source.ts";
import {
  HelperProcess,
  type Problem,
  type PythonCommand,
  pythonCommands,
} from "./helper_process.ts";

/** How to run Python. */
export interface PythonModuleOptions {
  /** Path of the pythonfile; without it only what python3 itself has is there. */
  readonly file?: string | undefined;
  /**
   * Longest time for one evaluation or call, which may have to ask for a
   * passphrase. In milliseconds. @default 60_000
   */
  readonly timeoutMs?: number;
  /** Called with each line that the user's code prints. @default ignored */
  readonly onOutput?: (line: string) => void;
  /** Where to look for Python 3. @default python3, python, and py -3 on Windows */
  readonly commands?: readonly PythonCommand[];
}

/** @default of `PythonModuleOptions.timeoutMs` */
const LIMIT_MS = 60_000;

/** A request of an expression. */
export interface ModuleRequest {
  readonly op: string;
  readonly [parameter: string]: unknown;
}

/** What evaluates the expressions that cannot be evaluated here. */
export interface PythonHelper extends AsyncDisposable {
  /** Path of the pythonfile. */
  readonly file: string | undefined;
  /**
   * Names that the pythonfile binds, found by reading it, without running it.
   *
   * @throws {MailError} `python.helper` when the file cannot be read.
   */
  names(): Promise<ReadonlySet<string>>;
  /**
   * Has the helper answer a request for `source`; requests wait for each other.
   *
   * @param request Makes the request. `generation` counts the processes: what an
   * earlier one knew is unknown to the next, and undefined says that the request
   * was for an earlier one.
   * @returns The answer, undefined when there was no request.
   * @throws {MailError} `python.raised`, `python.limit` or `python.helper`.
   */
  request(
    source: PythonSource,
    request: (generation: number) => ModuleRequest | undefined,
    calledWith?: string,
  ): Promise<unknown>;
  /** Variables that the user's code finds in its environment from now on. */
  setVariables(variables: Readonly<Record<string, string>>): Promise<void>;
}

/**
 * One helper process for all expressions of a run.
 *
 * It is started by the first request, ends with the run, and after an accident
 * is started again by the next request.
 */
export class PythonModule implements PythonHelper {
  readonly file: string | undefined;
  readonly #options: PythonModuleOptions;
  readonly #variables: Record<string, string> = {};
  #names: Promise<ReadonlySet<string>> | undefined;
  #process: HelperProcess | undefined;
  #generation = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PythonModuleOptions = {}) {
    this.#options = options;
    this.file = options.file;
  }

  /** True once a process was started. */
  get wasStarted(): boolean {
    return this.#generation > 0;
  }

  names(): Promise<ReadonlySet<string>> {
    return this.#names ??= this.#readNames();
  }

  async #readNames(): Promise<ReadonlySet<string>> {
    if (this.file === undefined) return new Set();
    let text: string;
    try {
      text = await Deno.readTextFile(this.file);
    } catch (error) {
      throw new MailError(
        `Cannot read the pythonfile "${this.file}": ${messageOf(error)}`,
        { code: "python.helper", scope: "run", retry: "never", cause: error },
      );
    }
    const { moduleNames } = await import("./module_names.ts");
    return moduleNames(text);
  }

  request(
    source: PythonSource,
    request: (generation: number) => ModuleRequest | undefined,
    calledWith?: string,
  ): Promise<unknown> {
    const answer = this.#last.then(async () => {
      const helper = await this.#ready(source);
      const made = request(this.#generation);
      if (made === undefined) return undefined;
      return await this.#send(helper, source, made, calledWith);
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** A process that is started later finds them, too. */
  async setVariables(
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    Object.assign(this.#variables, variables);
    const sent = this.#last.then(async () => {
      if (this.#process?.isAlive === true) {
        await this.#process.request(
          environmentRequest(variables),
          this.#options.timeoutMs ?? LIMIT_MS,
        );
      }
    });
    // Whoever asks next learns that the process is gone.
    await (this.#last = sent.catch(() => {}));
  }

  async #ready(source: PythonSource): Promise<HelperProcess> {
    if (this.#process?.isAlive === true) return this.#process;
    const { onOutput = () => {}, commands } = this.#options;
    const helper = await HelperProcess.start({
      commands: commands ?? pythonCommands(Deno.build.os),
      onOutput,
      startTimeoutMs: 20_000,
    });
    if (helper === undefined) {
      throw new PythonError("needs Python, but no python3 was found", {
        code: "python.helper",
        source,
        hint: "Install Python 3, or write the option without the pythonfile",
      });
    }
    this.#process = helper;
    this.#generation += 1;
    if (Object.keys(this.#variables).length > 0) {
      await this.#send(helper, source, environmentRequest(this.#variables));
    }
    if (this.file !== undefined) {
      await this.#send(helper, source, { op: "load", file: this.file });
    }
    return helper;
  }

  async #send(
    helper: HelperProcess,
    source: PythonSource,
    request: ModuleRequest,
    calledWith?: string,
  ): Promise<unknown> {
    const { timeoutMs = LIMIT_MS } = this.#options;
    let reply;
    try {
      reply = await helper.request(request, timeoutMs);
    } catch (error) {
      const late = error instanceof DOMException &&
        error.name === "TimeoutError";
      throw new PythonError(
        late
          ? `stopped: python3 took longer than ${timeoutMs} ms`
          : "python3 ended before it answered",
        { code: late ? "python.limit" : "python.helper", source, calledWith },
      );
    }
    if (reply.error === undefined) return reply.value;
    // A pythonfile that fails to load must not be taken for a loaded one.
    if (request.op === "load") await helper.kill();
    throw raisedThere(source, reply.error, calledWith);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#process?.[Symbol.asyncDispose]();
  }
}

/** JSON's texts are Python's. */
function environmentRequest(
  variables: Readonly<Record<string, string>>,
): ModuleRequest {
  const text = `__import__("os").environ.update(${JSON.stringify(variables)})`;
  return { op: "value", text, re: false };
}

/** An exception of the helper. */
function raisedThere(
  source: PythonSource,
  problem: Problem,
  calledWith: string | undefined,
): PythonError {
  const { type, harmless = "", file, line } = problem;
  const inExpression = file === "<expression>";
  // A password without its quotes is a name that is not defined.
  const secret = inExpression ? "" : harmless;
  const text = isSecret(source) ? secret : problem.text;
  const place = file === null || inExpression ? "" : ` (in ${file}:${line})`;
  const shown = text === "" ? type : `${type}: ${text}`;
  const isSyntax = inExpression &&
    /^(?:Syntax|Indentation|Tab)Error$/.test(type);
  const lineHere = inExpression ? line : problem.here ?? null;
  return new PythonError(shown + place, {
    code: isSyntax ? "python.syntax" : "python.raised",
    source,
    span: spanOf(source.text, lineHere, problem.column),
    exception: type,
    calledWith,
    hint: isSyntax ? lineBreakHint(source.text) : undefined,
  });
}

/** The rest of a line of the text from a column on. */
function spanOf(
  text: string,
  line: number | null,
  column: number | null,
): { from: number; to: number } | undefined {
  if (line === null) return undefined;
  const lines = text.split("\n");
  // The helper leaves out what is empty in front.
  const index = line - 1 + (/^\s*/.exec(text)?.[0].split("\n").length ?? 1) - 1;
  const start = lines.slice(0, index).join("\n").length + (index > 0 ? 1 : 0);
  const to = start + (lines[index]?.length ?? 0);
  const from = start + Math.max((column ?? 1) - 1, 0);
  // What is missing at the end of a line is shown with the line.
  return from < to ? { from, to } : { from: start, to };
}
