/**
 * Python expressions of the configuration: what the rest of the program uses.
 *
 * Parser and evaluator are loaded when the first expression is compiled, so that
 * a configuration without expressions does not pay for them.
 */
import type { PythonExpression } from "./adapters.ts";
import type { EngineOptions } from "./open_engine.ts";
import type { PythonSource } from "./source.ts";

export {
  asFilter,
  asFolderSort,
  asHook,
  asInt,
  asNameTransform,
  asOptionalString,
  asRecordSort,
  asString,
  asStringList,
  asUidList,
  type PythonExpression,
  type Sorter,
} from "./adapters.ts";
export type { PythonFunction } from "./engine.ts";
export {
  type ModuleRequest,
  type PythonHelper,
  PythonModule,
  type PythonModuleOptions,
} from "./helper/python_module.ts";
export { closedHost, denoHost, type PythonHost } from "./host.ts";
export type { Limits } from "./meter.ts";
export type { EngineOptions as CompileOptions } from "./open_engine.ts";
export { PythonError, type PythonErrorCode } from "./python_error.ts";
export type { PythonSource } from "./source.ts";
export type { Value as PythonValue } from "./values.ts";

/**
 * Makes an expression ready to be evaluated. Starts no process.
 *
 * @throws {PythonError} `python.syntax` or `python.unsupported`, with the place.
 */
export async function compile(
  source: PythonSource,
  options: EngineOptions,
): Promise<PythonExpression> {
  const { openEngine } = await import("./open_engine.ts");
  const engine = await openEngine(source, options);
  return {
    source,
    value: () => engine.value(),
    items: () => engine.items(),
    function: () => engine.function(),
  };
}

/**
 * Fills the `%(name)s` fields of a template, as `mbnames.peritem` does.
 *
 * @throws {PythonError} For a field that is not there, or a bad template.
 */
export async function formatFields(
  source: PythonSource,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const { formatSource } = await import("./format_source.ts");
  return formatSource(source, fields);
}
