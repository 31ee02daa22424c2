/** Evaluates an expression in the user's own Python. */
import type { Engine, PythonFunction } from "../engine.ts";
import { PythonError } from "../python_error.ts";
import { repr } from "../repr.ts";
import type { PythonSource } from "../source.ts";
import type { Value } from "../values.ts";
import { pack, unpack } from "./marshal.ts";
import type { PythonHelper } from "./python_module.ts";

/** An expression that python3 evaluates; the process starts when it must. */
export class HelperEngine implements Engine {
  readonly #source: PythonSource;
  readonly #re: boolean;
  readonly #module: PythonHelper;

  constructor(
    source: PythonSource,
    options: { readonly re: boolean; readonly module: PythonHelper },
  ) {
    this.#source = source;
    this.#re = options.re;
    this.#module = options.module;
  }

  async value(): Promise<Value> {
    return unpack(await this.#evaluate("value"));
  }

  async items(): Promise<readonly Value[] | undefined> {
    return itemsOf(await this.#evaluate("items"));
  }

  async function(): Promise<PythonFunction> {
    let handle = await this.#open();
    const call = async (op: string, args: readonly Value[]) => {
      const request = () => {
        const { id, generation } = handle;
        return this.#module.request(
          this.#source,
          (current) =>
            current === generation
              ? { op, id, args: args.map(pack) }
              : undefined,
          args.map(repr).join(", "),
        );
      };
      const answer = await request();
      if (answer !== undefined) return answer;
      // A helper that was started anew knows nothing of the old one's functions.
      handle = await this.#open();
      return await request();
    };
    return {
      call: async (args) => unpack(await call("call", args)),
      test: async (args) => await call("test", args) === true,
      items: async (args) => itemsOf(await call("call-items", args)),
      compareSort: async (texts) =>
        indexesOf(await call("compare-sort", texts)),
      keySort: async (values) => indexesOf(await call("key-sort", values)),
    };
  }

  #evaluate(op: string): Promise<unknown> {
    const { text } = this.#source;
    return this.#module.request(
      this.#source,
      () => ({ op, text, re: this.#re }),
    );
  }

  /** Evaluates to a function that stays in the helper. */
  async #open(): Promise<{ id: number; generation: number }> {
    let generation = 0;
    const { text } = this.#source;
    const answer = await this.#module.request(this.#source, (current) => {
      generation = current;
      return { op: "function", text, re: this.#re };
    });
    if (typeof answer === "object" && answer !== null) {
      if ("id" in answer && typeof answer.id === "number") {
        return { id: answer.id, generation };
      }
      if ("type" in answer) {
        throw new PythonError(`must be a function, not ${answer.type}`, {
          code: "python.type",
          source: this.#source,
        });
      }
    }
    throw new TypeError("An unknown reply of python3");
  }
}

function itemsOf(answer: unknown): readonly Value[] | undefined {
  if (answer === null) return undefined;
  const value = unpack(answer);
  return Array.isArray(value) ? value : [];
}

function indexesOf(answer: unknown): readonly number[] {
  return Array.isArray(answer)
    ? answer.filter((index) => typeof index === "number")
    : [];
}
