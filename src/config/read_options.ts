/** From the raw values of a section to typed ones. */
import { BadValue } from "./bad_value.ts";
import type { Host } from "./host.ts";
import { interpolate } from "./interpolate.ts";
import type { OptionSpec, OptionTable, ValuesOf } from "./option_spec.ts";
import { type Entry, entryOf, type ParsedConfig } from "./parse.ts";
import { formatPlace, type Report } from "./report.ts";

/** Which section is read, and where errors and warnings go. */
export interface ReadOptions {
  readonly config: ParsedConfig;
  /** The section's name as in the file. */
  readonly section: string;
  readonly host: Host;
  readonly report: Report;
}

/**
 * Read all options of a table from a section.
 *
 * Bad values go to `report`, all of them: **after a failed report the result
 * lacks them and must not be used**. An option that this version does not act on
 * and that is set to something else than its default is reported as well.
 */
export function readOptions<S extends OptionTable>(
  table: S,
  from: ReadOptions,
): ValuesOf<S> {
  const values: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(table)) {
    values[key] = readOption(spec, from);
  }
  // Object.entries() loses which key has which type; the table itself has it.
  return values as ValuesOf<S>;
}

/** The typed value of one option, undefined after a reported error. */
function readOption<T>(
  spec: OptionSpec<T>,
  from: ReadOptions,
): T | undefined {
  const set = spec.names.flatMap((name) =>
    entryOf(from.config, from.section, name) ?? []
  );
  const [first] = set;
  if (first === undefined) return fallbackOf(spec, from);
  if (spec.names.length === 1) return readEntry(spec, first, from);
  // A family: each member yields a part of the whole.
  const parts = set.map((entry) => readEntry(spec, entry, from));
  return Object.assign({}, ...parts);
}

function fallbackOf<T>(
  spec: OptionSpec<T>,
  { config, section, report }: ReadOptions,
): T | undefined {
  try {
    return spec.fallback();
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    const line = config.sections.get(section)?.line ?? 0;
    report.fail(
      "config.missing",
      formatPlace(config.file, line),
      `[${section}] has no option "${spec.name}": ${error.message}`,
    );
    return undefined;
  }
}

function readEntry<T>(
  spec: OptionSpec<T>,
  entry: Entry,
  { config, section, host, report }: ReadOptions,
): T | undefined {
  const { secret } = spec;
  const place = formatPlace(entry.source, entry.line);
  const name = entry.name;
  let text = entry.value;
  try {
    // Windows' own way to write variables; elsewhere an error, as in Python.
    const variables = spec.type === "path" && host.platform === "windows";
    if (!spec.raw) {
      text = interpolate(config, section, entry, { secret, variables });
    }
    const value = spec.read(text, {
      host,
      section,
      entry,
      warn: (clause) =>
        report.warn("config.suspect", place, `[${section}] ${name}: ${clause}`),
    });
    if (spec.since === "later" && !isDefault(spec, value)) {
      reportLater(spec, place, `[${section}] ${name}`, report);
    }
    return value;
  } catch (error) {
    report.failValue(error, { section, entry, value: text, secret });
    return undefined;
  }
}

function isDefault<T>(spec: OptionSpec<T>, value: T): boolean {
  return JSON.stringify(spec.fallback()) === JSON.stringify(value);
}

function reportLater(
  spec: OptionSpec<unknown>,
  place: string,
  what: string,
  report: Report,
): void {
  if (spec.refuse) {
    report.fail(
      "config.unsupported",
      place,
      `${what} is not supported yet, and without it the account could be ` +
        "synchronised otherwise than you want",
      `Remove "${spec.name}" to synchronise the account without it`,
    );
  } else {
    report.warn(
      "config.later",
      place,
      `${what} is not supported yet and has no effect`,
    );
  }
}
