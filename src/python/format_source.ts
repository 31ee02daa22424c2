/** Templates of the configuration: `mbnames.peritem`. */
import { Dict } from "./collections.ts";
import { Evaluator } from "./evaluate.ts";
import { formatPercent } from "./format_percent.ts";
import { Meter } from "./meter.ts";
import type { PythonSource } from "./source.ts";
import { placed } from "./stop.ts";

/** `source.text % fields`, where the text is no expression but the template. */
export function formatSource(
  source: PythonSource,
  fields: Readonly<Record<string, string>>,
): string {
  const runtime = new Evaluator(
    { names: new Map(), host: undefined },
    new Meter(),
  );
  const values = new Dict(Object.entries(fields));
  return placed(source, () => formatPercent(source.text, values, runtime));
}
