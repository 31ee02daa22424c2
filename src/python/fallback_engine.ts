/** Evaluates here, and in the user's Python what cannot be done here. */
import type { Engine, PythonFunction } from "./engine.ts";
import { PythonError } from "./python_error.ts";

/** True for what Python can do and this program cannot. */
function isUnsupported(error: unknown): boolean {
  return error instanceof PythonError && error.code === "python.unsupported";
}

/**
 * Tries `first`, and from its first refusal on uses `second`.
 *
 * Nothing is done twice that others could see: an evaluation here has no effects.
 */
export class FallbackEngine implements Engine {
  readonly #second: Engine;
  #current: Engine;

  constructor(first: Engine, second: Engine) {
    this.#current = first;
    this.#second = second;
  }

  value(): ReturnType<Engine["value"]> {
    return this.#try((engine) => engine.value());
  }

  items(): ReturnType<Engine["items"]> {
    return this.#try((engine) => engine.items());
  }

  async function(): Promise<PythonFunction> {
    let current = await this.#try((engine) => engine.function());
    let isFirst = this.#current !== this.#second;
    const attempt = async <T>(
      use: (callee: PythonFunction) => Promise<T>,
    ): Promise<T> => {
      try {
        return await use(current);
      } catch (error) {
        if (!isFirst || !isUnsupported(error)) throw error;
        this.#current = this.#second;
        current = await this.#second.function();
        isFirst = false;
        return await use(current);
      }
    };
    return {
      call: (args) => attempt((callee) => callee.call(args)),
      test: (args) => attempt((callee) => callee.test(args)),
      items: (args) => attempt((callee) => callee.items(args)),
      compareSort: (texts) => attempt((callee) => callee.compareSort(texts)),
      keySort: (values) => attempt((callee) => callee.keySort(values)),
    };
  }

  async #try<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
    try {
      return await use(this.#current);
    } catch (error) {
      if (this.#current === this.#second || !isUnsupported(error)) throw error;
      this.#current = this.#second;
      return await use(this.#second);
    }
  }
}
