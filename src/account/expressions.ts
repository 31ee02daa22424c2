/** The Python expressions of an account's options, ready to be called. */
import type { PythonSource } from "../config/config.ts";
import {
  asFilter,
  asFolderSort,
  asHook,
  asInt,
  asNameTransform,
  asOptionalString,
  asString,
  asStringList,
  asUidList,
  closedHost,
  compile,
  denoHost,
  type PythonExpression,
  type PythonHelper,
  type PythonHost,
  PythonModule,
  type Sorter,
} from "../python/mod.ts";
import { byLowerCase } from "./sort_mailboxes.ts";

/** What expressions may reach. */
export interface ExpressionOptions {
  /** Absolute path of `general.pythonfile`. */
  readonly pythonFile: string | undefined;
  /** Told of each line that the user's own Python prints. */
  readonly onOutput: (line: string) => void;
  /**
   * Evaluates what asks for variables, files or the user's own Python, which are
   * out of reach here. @default they are within reach
   */
  readonly outside?: PythonHelper | undefined;
}

/** Calls `newmail_hook` with variables in its environment. */
export type NewMailHook = (
  variables: Readonly<Record<string, string>>,
) => Promise<void>;

/**
 * The options of an account that are Python, each by what it means when it is
 * not set. Nothing is loaded and no process is started for options not set.
 *
 * All methods throw a {@link MailError} of scope account that names the place.
 */
export class Expressions implements AsyncDisposable {
  readonly #module: PythonHelper;
  readonly #host: PythonHost;

  constructor({ pythonFile, onOutput, outside }: ExpressionOptions) {
    this.#host = outside === undefined ? denoHost() : closedHost();
    this.#module = outside ??
      new PythonModule({ file: pythonFile, onOutput });
  }

  /** `nametrans`; the name itself when not set. */
  async nameTransform(
    source: PythonSource | undefined,
  ): Promise<(name: string) => Promise<string>> {
    if (source === undefined) return (name) => Promise.resolve(name);
    return remembered(await asNameTransform(await this.#compile(source, true)));
  }

  /**
   * `folderfilter`; everything when not set. With `dynamic_folderfilter` it is
   * asked each time, else once about each name.
   */
  async filter(
    source: PythonSource | undefined,
    { dynamic = false } = {},
  ): Promise<(name: string) => Promise<boolean>> {
    if (source === undefined) return () => Promise.resolve(true);
    const filter = await asFilter(await this.#compile(source, true));
    return dynamic ? filter : remembered(filter);
  }

  /** `copy_ignore_eval`, by a folder's name after nametrans; none when not set. */
  async uids(
    source: PythonSource | undefined,
  ): Promise<(folder: string) => Promise<readonly number[]>> {
    if (source === undefined) return () => Promise.resolve([]);
    return await asUidList(await this.#compile(source, false));
  }

  /** `foldersort`; by name without case when not set. */
  async sorter(source: PythonSource | undefined): Promise<Sorter<string>> {
    if (source === undefined) return byLowerCase;
    return await asFolderSort(await this.#compile(source, true));
  }

  /** `folderincludes`; none when not set. */
  async strings(source: PythonSource | undefined): Promise<readonly string[]> {
    if (source === undefined) return [];
    return await asStringList(await this.#compile(source, true));
  }

  /** A `*eval` option that may be unset or None. */
  async optionalText(
    source: PythonSource | undefined,
  ): Promise<string | undefined> {
    if (source === undefined) return undefined;
    return await asOptionalString(await this.#compile(source, false));
  }

  /** A `*eval` option that must give a text. */
  async text(source: PythonSource): Promise<string> {
    return await asString(await this.#compile(source, false));
  }

  /** `remoteporteval`. */
  async integer(source: PythonSource | undefined): Promise<number | undefined> {
    if (source === undefined) return undefined;
    return await asInt(await this.#compile(source, false));
  }

  /**
   * `newmail_hook`; undefined when not set. Given variables for its environment,
   * where it runs in the user's own Python.
   */
  async hook(
    source: PythonSource | undefined,
  ): Promise<NewMailHook | undefined> {
    if (source === undefined) return undefined;
    const call = await asHook(await this.#compile(source, false));
    return async (variables) => {
      await this.#module.setVariables(variables);
      await call();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#module[Symbol.asyncDispose]();
  }

  #compile(source: PythonSource, re: boolean): Promise<PythonExpression> {
    return compile(source, { re, host: this.#host, module: this.#module });
  }
}

/** A name is asked about several times in one run; the answer stays the same. */
function remembered<Answer>(
  ask: (name: string) => Promise<Answer>,
): (name: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (name) => {
    let answer = answers.get(name);
    if (answer === undefined) answers.set(name, answer = ask(name));
    return answer;
  };
}
