/** Chooses what evaluates an expression. */
import type { Engine } from "./engine.ts";
import { FallbackEngine } from "./fallback_engine.ts";
import { HelperEngine } from "./helper/helper_engine.ts";
import type { PythonHelper } from "./helper/python_module.ts";
import type { PythonHost } from "./host.ts";
import { syntaxHint } from "./legacy.ts";
import { LocalEngine } from "./local_engine.ts";
import type { Limits } from "./meter.ts";
import { PythonError } from "./python_error.ts";
import type { PythonSource } from "./source.ts";

/** How to evaluate an expression. */
export interface EngineOptions {
  /** Whether the name `re` is visible, as for nametrans and folderfilter. */
  readonly re: boolean;
  /** The way to environment and files; without it they cannot be had. */
  readonly host?: PythonHost | undefined;
  /** The user's own Python, for what cannot be done here. */
  readonly module?: PythonHelper | undefined;
  /** Bounds of each evaluation and call. */
  readonly limits?: Limits | undefined;
}

/** The engine of `source`; starts no process yet. */
export async function openEngine(
  source: PythonSource,
  options: EngineOptions,
): Promise<Engine> {
  const { re, host, module, limits = {} } = options;
  const openLocal = () => new LocalEngine(source, { re, host, limits });
  if (module === undefined) return openLocal();
  const helper = new HelperEngine(source, { re, module });
  let local: LocalEngine;
  try {
    local = openLocal();
  } catch (error) {
    // What Python 3 cannot read either is explained here better than there.
    if (!(error instanceof PythonError) || syntaxHint(source.text)) throw error;
    return helper;
  }
  const given = await module.names();
  const needsHelper = [...local.names()].some((name) =>
    given.has(name) && !(re && name === "re") ||
    !local.knows(name) && (module.file !== undefined ||
        LocalEngine.isBuiltinOfPython(name))
  );
  return needsHelper ? helper : new FallbackEngine(local, helper);
}
