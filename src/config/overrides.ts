/** What the flags of a run change in a configuration. */
import { MailError } from "../errors.ts";
import { isInterpolable } from "./interpolate.ts";
import { didYouMean } from "./nearest.ts";
import { findOption } from "./options.ts";
import {
  DEFAULT_SECTION,
  type Entry,
  type ParsedConfig,
  type Section,
} from "./parse.ts";
import { classifySection } from "./sections.ts";

/** The flags, as texts where the configuration gives them their meaning. */
export interface Overrides {
  /** `-a A,B`: these accounts instead of `general.accounts`. */
  readonly accounts?: string;
  /** `-f F,F`: see {@link foldersOf}. */
  readonly folders?: string;
  /** Each `-k [section:]option=value`, in order. */
  readonly options?: readonly string[];
  /** `-o`: no autorefresh. */
  readonly once?: boolean;
  /** `-q`: always quick. */
  readonly quick?: boolean;
  /** `-u UI` */
  readonly ui?: string;
  /** `-1` */
  readonly sequential?: boolean;
  /** `--dry-run` */
  readonly dryRun?: boolean;
  /** `-l FILE` */
  readonly logFile?: string;
  /** `--ignore-keyring` */
  readonly ignoreKeyring?: boolean;
  /** `--update-keyring` */
  readonly updateKeyring?: boolean;
}

/**
 * The configuration with the flags written into it, as OfflineIMAP does: first
 * every `-k` in order, then the others. The given one stays as it is.
 *
 * @throws {MailError} `config.override` for a `-k` that cannot be followed.
 */
export function applyOverrides(
  config: ParsedConfig,
  overrides: Overrides,
): ParsedConfig {
  const result = copyOf(config);
  for (const text of overrides.options ?? []) applyOption(result, text);
  const general = result.sections.get("general");
  if (general !== undefined) {
    if (overrides.ui !== undefined) set(general, "ui", overrides.ui, "-u");
    if (overrides.dryRun) set(general, "dry-run", "yes", "--dry-run");
    for (const name of ["ignore-keyring", "update-keyring"] as const) {
      const key = name === "ignore-keyring" ? "ignoreKeyring" : "updateKeyring";
      if (overrides[key]) set(general, name, "yes", `--${name}`);
    }
  }
  if (overrides.once) result.defaults.options.delete("autorefresh");
  for (const section of result.sections.values()) {
    if (classifySection(section.name)?.kind !== "account") continue;
    if (overrides.once) section.options.delete("autorefresh");
    if (overrides.quick) set(section, "quick", "-1", "-q");
  }
  return result;
}

/**
 * One `-k`. The section's name is tried as it is and then with each `_` as a
 * blank; in the end any section counts that reads the same with blanks, so that
 * names with an underscore can be reached (in OfflineIMAP they cannot).
 */
function applyOption(config: ParsedConfig, text: string): void {
  const equals = text.indexOf("=");
  if (equals < 0) {
    throw refusal(text, 'it has no "="', "Write -k section:option=value");
  }
  const left = text.slice(0, equals);
  const value = text.slice(equals + 1);
  const colon = left.indexOf(":");
  const wanted = colon < 0 ? "general" : left.slice(0, colon);
  const name = left.slice(colon + 1).trim().toLowerCase();
  if (name === "") throw refusal(left, "the name of the option is missing");
  const section = findTarget(config, wanted, left);
  const kind = classifySection(section.name)?.kind;
  const raw = kind !== undefined && findOption(name, kind)?.raw === true;
  if (!raw && !isInterpolable(value)) {
    throw refusal(
      left,
      'a "%" in the value is followed by neither "%" nor "("',
      'Write "%%" for a percent sign',
    );
  }
  set(section, name, value, "-k");
}

function findTarget(
  config: ParsedConfig,
  wanted: string,
  left: string,
): Section {
  const spaced = wanted.replaceAll("_", " ");
  if (wanted === DEFAULT_SECTION) return config.defaults;
  const exact = config.sections.get(wanted) ?? config.sections.get(spaced);
  if (exact !== undefined) return exact;
  const alike = [...config.sections.values()].filter(({ name }) =>
    name.replaceAll("_", " ") === spaced
  );
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) return only;
  throw refusal(
    left,
    only === undefined
      ? `there is no section [${spaced}]${
        didYouMean(spaced, config.sections.keys())
      }`
      : `it could mean ${alike.map(({ name }) => `[${name}]`).join(" or ")}`,
  );
}

/** The value is left out: it may be a password. */
function refusal(left: string, text: string, hint?: string): MailError {
  return new MailError(`Cannot apply -k ${left}: ${text}`, {
    code: "config.override",
    scope: "run",
    retry: "never",
    ...(hint === undefined ? {} : { hint }),
  });
}

function set(
  { options }: Section,
  name: string,
  value: string,
  source: string,
): void {
  const entry: Entry = { name, value, source, line: 0, lines: [] };
  options.set(name, entry);
}

function copyOf(config: ParsedConfig): ParsedConfig {
  const copy = (section: Section): Section => ({
    ...section,
    options: new Map(section.options),
  });
  return {
    file: config.file,
    defaults: copy(config.defaults),
    sections: new Map(
      [...config.sections].map(([name, section]) => [name, copy(section)]),
    ),
  };
}
