/** The Python expressions of an account's options, ready to be called. */
import type { PythonSource } from "../config/config.ts";
import type { AccountRun } from "./api.ts";

export interface Expressions extends AsyncDisposable {
  nameTransform(
    source: PythonSource | undefined,
  ): (name: string) => Promise<string>;
  filter(source: PythonSource | undefined): (name: string) => Promise<boolean>;
  comparison(
    source: PythonSource | undefined,
  ): ((a: string, b: string) => Promise<number>) | undefined;
  strings(source: PythonSource | undefined): Promise<readonly string[]>;
  text(source: PythonSource | undefined): Promise<string | undefined>;
  requiredText(source: PythonSource): Promise<string>;
  integer(source: PythonSource | undefined): Promise<number | undefined>;
}
export function openExpressions(_run: AccountRun): Expressions {
  return {
    nameTransform: () => (n) => Promise.resolve(n),
    filter: () => () => Promise.resolve(true),
    comparison: () => undefined,
    strings: () => Promise.resolve([]),
    text: () => Promise.resolve(undefined),
    requiredText: () => Promise.resolve(""),
    integer: () => Promise.resolve(undefined),
    async [Symbol.asyncDispose]() {},
  };
}
