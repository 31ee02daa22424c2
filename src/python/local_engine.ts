/** Evaluates an expression inside of this program. */
import type { Expression } from "./ast.ts";
import { BUILTINS, MISSING_BUILTINS } from "./builtins.ts";
import type { Engine, PythonFunction } from "./engine.ts";
import { Evaluator } from "./evaluate.ts";
import { freeNames } from "./free_names.ts";
import type { PythonHost } from "./host.ts";
import { isTrue, listOf } from "./iterate.ts";
import { type Limits, Meter } from "./meter.ts";
import { keyFromCompare } from "./module_functools.ts";
import { osModule } from "./module_os.ts";
import { parseExpression } from "./parse.ts";
import { PythonError } from "./python_error.ts";
import { RE_MODULE } from "./re/module.ts";
import { repr } from "./repr.ts";
import type { PythonSource } from "./source.ts";
import { sortItems } from "./sorting.ts";
import { placed } from "./stop.ts";
import { Callable, Type, typeName, type Value } from "./values.ts";

/** What a {@link LocalEngine} evaluates with. */
export interface LocalOptions {
  /** Whether `re` is visible. */
  readonly re: boolean;
  readonly host: PythonHost | undefined;
  readonly limits: Limits;
}

/** An expression that is evaluated here. */
export class LocalEngine implements Engine {
  readonly #source: PythonSource;
  readonly #expression: Expression;
  readonly #names: ReadonlyMap<string, Value>;
  readonly #options: LocalOptions;

  /** @throws {PythonError} `python.syntax` or `python.unsupported`. */
  constructor(source: PythonSource, options: LocalOptions) {
    this.#source = source;
    this.#options = options;
    this.#expression = placed(source, () => parseExpression(source.text));
    const names = new Map<string, Value>();
    if (options.re) names.set("re", RE_MODULE);
    if (options.host !== undefined) names.set("os", osModule(options.host));
    this.#names = names;
  }

  /** Names that the expression uses. */
  names(): ReadonlySet<string> {
    return freeNames(this.#expression);
  }

  /** True when this engine gives `name` a value. */
  knows(name: string): boolean {
    return this.#names.has(name) || BUILTINS.has(name);
  }

  /** True when Python gives `name` a value without a pythonfile. */
  static isBuiltinOfPython(name: string): boolean {
    return MISSING_BUILTINS.has(name);
  }

  value(): Promise<Value> {
    return this.#fresh((evaluator) => evaluator.run(this.#expression));
  }

  items(): Promise<readonly Value[] | undefined> {
    return this.#fresh((evaluator) => {
      const value = evaluator.run(this.#expression);
      return value === null ? undefined : listOf(value, evaluator);
    });
  }

  async function(): Promise<PythonFunction> {
    const { limits } = this.#options;
    const evaluator = this.#evaluator();
    const callee = await this.#run(() => evaluator.run(this.#expression));
    if (!(callee instanceof Callable || callee instanceof Type)) {
      throw new PythonError(`must be a function, not ${typeName(callee)}`, {
        code: "python.type",
        source: this.#source,
        hint: "Write `lambda name: ...`",
      });
    }
    const run = <T>(args: readonly Value[], body: () => T): Promise<T> => {
      evaluator.meter = new Meter(limits);
      return this.#run(body, args.map(repr).join(", "));
    };
    const call = (args: readonly Value[]) => evaluator.call(callee, args);
    return {
      call: (args) => run(args, () => call(args)),
      test: (args) => run(args, () => isTrue(call(args))),
      items: (args) =>
        run(args, () => {
          const value = call(args);
          return value === null ? undefined : listOf(value, evaluator);
        }),
      compareSort: (texts) =>
        run(texts, () => order(texts, keyFromCompare(callee), evaluator)),
      keySort: (values) => run(values, () => order(values, callee, evaluator)),
    };
  }

  #evaluator(): Evaluator {
    const { host, limits } = this.#options;
    return new Evaluator({ names: this.#names, host }, new Meter(limits));
  }

  #fresh<T>(body: (evaluator: Evaluator) => T): Promise<T> {
    const evaluator = this.#evaluator();
    return this.#run(() => body(evaluator));
  }

  /** Runs at once; errors are rejections with their place. */
  #run<T>(body: () => T, calledWith?: string): Promise<T> {
    try {
      return Promise.resolve(placed(this.#source, body, calledWith));
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** The indexes of `values` sorted by a key function. */
function order(
  values: readonly Value[],
  key: Value,
  evaluator: Evaluator,
): number[] {
  const indexes = values.map((_, index) => BigInt(index));
  const keyOfIndex = new Callable(
    "key",
    ([index]) => evaluator.call(key, [values[Number(index)] ?? null]),
  );
  return sortItems(
    indexes,
    { key: keyOfIndex, reverse: false },
    evaluator,
  ).map(Number);
}
