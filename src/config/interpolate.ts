/** `%(name)s` and `%%` in values, as CPython's `BasicInterpolation` has them. */
import { BadValue } from "./bad_value.ts";
import { type Entry, entryOf, type ParsedConfig } from "./parse.ts";

/** CPython's `MAX_INTERPOLATION_DEPTH`: how deep references may nest. */
const MAX_DEPTH = 10;

const REFERENCE = /^%\(([^)]+)\)s/;
const VARIABLE = /^%[a-z_][\w()]*%/i;
const HINT = 'Write "%%" for a percent sign';

/** What {@link interpolate} needs beside the entry. */
export interface InterpolateOptions {
  /** Keep every part of the text out of errors. @default false */
  secret?: boolean;
  /** Leave `%NAME%` as it is, for Windows' variables in paths. @default false */
  variables?: boolean;
}

/**
 * The value of an entry with its references filled in.
 *
 * References are looked up in the section and then in `[DEFAULT]`, their names
 * in lower case; what they yield is interpolated in turn.
 *
 * @throws {BadValue} For a lone `%`, an unknown name, or nesting past
 * {@link MAX_DEPTH}, as CPython does when the option is read.
 */
export function interpolate(
  config: ParsedConfig,
  section: string,
  entry: Entry,
  { secret = false, variables = false }: InterpolateOptions = {},
): string {
  const expand = (text: string, via: string, depth: number): string => {
    if (depth > MAX_DEPTH) {
      throw new BadValue(
        `its references nest more than ${MAX_DEPTH} levels deep, perhaps in a circle`,
      );
    }
    let result = "";
    let rest = text;
    for (;;) {
      const at = rest.indexOf("%");
      if (at < 0) return result + rest;
      result += rest.slice(0, at);
      rest = rest.slice(at);
      if (rest[1] === "%") {
        result += "%";
        rest = rest.slice(2);
        continue;
      }
      const variable = variables ? VARIABLE.exec(rest)?.[0] : undefined;
      if (variable !== undefined) {
        result += variable;
        rest = rest.slice(variable.length);
        continue;
      }
      const match = REFERENCE.exec(rest);
      const name = match?.[1]?.toLowerCase();
      if (match === null || name === undefined) {
        const where = via === "" || secret ? "" : ` (in "${via}")`;
        throw new BadValue(
          rest[1] === "("
            ? `"%(" does not begin a reference like "%(name)s"${where}`
            : `"%" is followed by neither "%" nor "("${where}`,
          HINT,
        );
      }
      const target = entryOf(config, section, name);
      if (target === undefined) {
        const what = secret ? "an option" : `"${name}"`;
        throw new BadValue(
          `it refers to ${what} that neither [${section}] nor [DEFAULT] sets`,
          HINT,
        );
      }
      result += target.value.includes("%")
        ? expand(target.value, name, depth + 1)
        : target.value;
      rest = rest.slice(match[0].length);
    }
  };
  return expand(entry.value, "", 1);
}

/** The option names that a value refers to, in lower case. */
export function referencesOf(value: string): string[] {
  const names = value.replaceAll("%%", "").matchAll(/%\(([^)]+)\)s/g);
  return [...names].map((match) => (match[1] ?? "").toLowerCase());
}

/**
 * Whether CPython's `ConfigParser.set()` would take the value: every `%` in it
 * is doubled or begins a reference. The names are not looked up.
 */
export function isInterpolable(value: string): boolean {
  return !value.replaceAll("%%", "").replaceAll(/%\(([^)]+)\)s/g, "")
    .includes("%");
}
