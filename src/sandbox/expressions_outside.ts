/** Expressions of an account that are evaluated in the command. */
import type { AccountConfig } from "../config/config.ts";
import {
  compile,
  denoHost,
  type ModuleRequest,
  type PythonExpression,
  type PythonFunction,
  PythonModule,
  type PythonSource,
} from "../python/mod.ts";
import { expressionsOf } from "./expressions_of.ts";
import type { Refuse } from "./refused.ts";

/** What {@link ExpressionsOutside} works by. */
export interface ExpressionsOutsideOptions {
  readonly account: AccountConfig;
  readonly pythonFile: string | undefined;
  readonly onOutput: (line: string) => void;
  readonly refuse: Refuse;
}

/** Which expression of an account is meant. */
export type ExpressionName = Pick<PythonSource, "section" | "option" | "text">;

/** The names that a hook may be told something by. */
const VARIABLE = /^OFFLINEIMAP[A-Z_]*$/;

/** Functions that expressions gave, at most. */
const MOST_FUNCTIONS = 10_000;

/**
 * Evaluates the account's own expressions, and nothing else, for its worker: those
 * that read variables or files, and those that need the user's own Python.
 */
export class ExpressionsOutside implements AsyncDisposable {
  readonly #options: ExpressionsOutsideOptions;
  readonly #sources: ReadonlyMap<string, PythonSource>;
  #module: PythonModule;
  #functions: PythonFunction[] = [];
  readonly #compiled = new Map<string, Promise<PythonExpression>>();

  constructor(options: ExpressionsOutsideOptions) {
    this.#options = options;
    this.#sources = new Map(
      expressionsOf(options.account).map((source) => [keyOf(source), source]),
    );
    this.#module = this.#newModule();
  }

  /** The user's own Python. */
  get module(): PythonModule {
    return this.#module;
  }

  /** See `PythonHelper.names`. */
  names(): Promise<ReadonlySet<string>> {
    return this.#module.names();
  }

  /** See `PythonHelper.setVariables`; for hooks alone. */
  async setVariables(
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    for (const name of Object.keys(variables)) {
      if (!VARIABLE.test(name)) throw this.#options.refuse(`variable ${name}`);
    }
    await this.#module.setVariables(variables);
  }

  /**
   * Does for one expression what the helper would do.
   * @returns As `PythonHelper.request`, values packed.
   */
  async ask(
    wanted: ExpressionName,
    { op, re, id, args }: ModuleRequest,
  ): Promise<unknown> {
    const source = this.#sources.get(keyOf(wanted));
    const { refuse } = this.#options;
    if (source === undefined) throw refuse(`expression ${wanted.text}`);
    const { pack, unpack } = await import("../python/helper/marshal.ts");
    const expression = await this.#compile(source, re === true);
    switch (op) {
      case "value":
        return pack(await expression.value());
      case "items":
        return (await expression.items())?.map(pack) ?? null;
      case "function": {
        if (this.#functions.length >= MOST_FUNCTIONS) throw refuse("function");
        const id = this.#functions.push(await expression.function()) - 1;
        return { callable: true, id };
      }
    }
    const callee = this.#functions[Number(id)];
    if (callee === undefined || !Array.isArray(args)) throw refuse("call");
    const values = args.map(unpack);
    switch (op) {
      case "call":
        return pack(await callee.call(values));
      case "test":
        return await callee.test(values);
      case "call-items":
        return (await callee.items(values))?.map(pack) ?? null;
      case "compare-sort":
        return await callee.compareSort(values.map(String));
      case "key-sort":
        return await callee.keySort(values);
    }
    throw refuse(`operation ${op}`);
  }

  /** Ends the user's own Python; it is started again when it is needed again. */
  async end(): Promise<void> {
    this.#functions = [];
    this.#compiled.clear();
    const old = this.#module;
    this.#module = this.#newModule();
    await old[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#module[Symbol.asyncDispose]();
  }

  #newModule(): PythonModule {
    const { pythonFile, onOutput } = this.#options;
    return new PythonModule({ file: pythonFile, onOutput });
  }

  #compile(source: PythonSource, re: boolean): Promise<PythonExpression> {
    const key = `${keyOf(source)} ${re}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = compile(source, {
      re,
      host: denoHost(),
      module: this.#module,
    });
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** The text belongs to it: a section of defaults means another in each account. */
function keyOf({ section, option, text }: ExpressionName): string {
  return JSON.stringify([section, option, text]);
}
