/** What of a file no option of the table explains. */
import { BadValue } from "./bad_value.ts";
import { interpolate, referencesOf } from "./interpolate.ts";
import { didYouMean } from "./nearest.ts";
import {
  findOption,
  OBSOLETE_OPTIONS,
  optionNames,
  placesOf,
  type SectionKind,
} from "./options.ts";
import { REPOSITORY_TYPES, type RepositoryType } from "./options_repository.ts";
import {
  DEFAULT_SECTION,
  type Entry,
  entryOf,
  type ParsedConfig,
  type Section,
} from "./parse.ts";
import { formatPlace, type Report } from "./report.ts";
import { classifySection, nearestHeader } from "./sections.ts";

const KINDS: readonly SectionKind[] = [
  "general",
  "mbnames",
  "account",
  "repository",
];

/**
 * Warn of every section and option that is unknown, stands at a place where it
 * is not looked at, or has no effect any more.
 *
 * An option that a value refers to by `%(name)s` is a variable of the user's and
 * no slip.
 */
export function checkConfig(config: ParsedConfig, report: Report): void {
  const sections = [config.defaults, ...config.sections.values()];
  const variables = new Set(
    sections.flatMap(({ options }) =>
      [...options.values()].flatMap(({ value }) => referencesOf(value))
    ),
  );
  for (const section of sections) {
    const known = classifySection(section.name);
    if (section.name !== DEFAULT_SECTION && known === undefined) {
      checkHeader(config, section, report);
      continue;
    }
    const type = known?.kind === "repository"
      ? typeOf(config, section.name)
      : undefined;
    for (const entry of section.options.values()) {
      if (variables.has(entry.name)) continue;
      const place = formatPlace(entry.source, entry.line);
      if (known === undefined) checkDefault(entry, place, report);
      else checkOption(entry, section, known.kind, type, place, report);
    }
  }
}

function checkHeader(
  config: ParsedConfig,
  { name, line }: Section,
  report: Report,
): void {
  const place = formatPlace(config.file, line);
  if (name.startsWith("ui.")) {
    report.warn(
      "config.obsolete",
      place,
      `section [${name}] has no effect; it belongs to a user interface of old`,
    );
    return;
  }
  const meant = nearestHeader(name);
  report.warn(
    "config.unknown",
    place,
    `section [${name}] is unknown and not read` +
      (meant === undefined ? "" : `; did you mean [${meant}]?`),
  );
}

/** An option of `[DEFAULT]` is right when any section knows it. */
function checkDefault(entry: Entry, place: string, report: Report): void {
  const what = `[${DEFAULT_SECTION}] ${entry.name}`;
  const known = KINDS.some((kind) => findOption(entry.name, kind));
  if (known || KINDS.some((kind) => isObsolete(entry.name, kind))) return;
  const names = new Set(KINDS.flatMap((kind) => optionNames(kind)));
  report.warn(
    "config.unknown",
    place,
    `${what} is unknown${didYouMean(entry.name, names)}`,
  );
}

function checkOption(
  { name }: Entry,
  section: Section,
  kind: SectionKind,
  type: RepositoryType | undefined,
  place: string,
  report: Report,
): void {
  if (findOption(name, kind, type) !== undefined) return;
  const what = `[${section.name}] ${name}`;
  const obsolete = OBSOLETE_OPTIONS.find((option) =>
    option.name === name && option.kind === kind
  );
  if (obsolete !== undefined) {
    report.warn(
      "config.obsolete",
      place,
      `${what} has no effect any more: ${obsolete.about}`,
    );
    return;
  }
  const places = placesOf(name);
  if (places !== "") {
    const here = type === undefined
      ? "here"
      : `in a repository of type ${type}`;
    report.warn(
      "config.misplaced",
      place,
      `${what} has no effect ${here}; it is an option of ${places}`,
    );
    return;
  }
  report.warn(
    "config.unknown",
    place,
    `${what} is unknown${didYouMean(name, optionNames(kind, type))}`,
  );
}

function isObsolete(name: string, kind: SectionKind): boolean {
  return OBSOLETE_OPTIONS.some((option) =>
    option.name === name && option.kind === kind
  );
}

/** The type of a repository if it is a valid one. */
function typeOf(
  config: ParsedConfig,
  section: string,
): RepositoryType | undefined {
  const entry = entryOf(config, section, "type");
  if (entry === undefined) return undefined;
  try {
    const text = interpolate(config, section, entry);
    return REPOSITORY_TYPES.find((type) => type === text);
  } catch (error) {
    // Reading the option reports it.
    if (error instanceof BadValue) return undefined;
    throw error;
  }
}
