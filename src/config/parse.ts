/**
 * The dialect of `offlineimaprc`: what CPython's `configparser.ConfigParser()`
 * reads with all its defaults, from text to sections of raw values with lines.
 */
import { MailError } from "../errors.ts";
import { indentOf, trim, trimEnd } from "./whitespace.ts";

/** The section whose options are visible in every other one. */
export const DEFAULT_SECTION = "DEFAULT";

/** One option as written, before interpolation. */
export interface Entry {
  /** The option's name in lower case. */
  readonly name: string;
  /** Its text; the parts of a continued value are joined by newlines. */
  readonly value: string;
  /** Where it was written: a file name, or the flag that set it. */
  readonly source: string;
  /** The line that holds the name, counted from 1; 0 if not from a file. */
  readonly line: number;
  /** The line of the file for each line of `value`. */
  readonly lines: readonly number[];
}

/** One section; `options` keep the order of the file. */
export interface Section {
  readonly name: string;
  /** The line of its header, counted from 1; 0 for a `[DEFAULT]` never written. */
  readonly line: number;
  readonly options: Map<string, Entry>;
}

/** A parsed file: raw values only, nothing interpreted. */
export interface ParsedConfig {
  readonly file: string;
  readonly defaults: Section;
  /** All sections but `[DEFAULT]`, by their verbatim names. */
  readonly sections: Map<string, Section>;
}

/** One thing wrong in a text: where, what, and how to mend it. */
interface Mistake {
  readonly line: number;
  readonly text: string;
}

/** More mistakes than these are counted, not listed. */
const MAX_LISTED = 20;

/**
 * Parse the text of a configuration file.
 *
 * A byte-order mark at the start is skipped (CPython fails on it). Values are
 * exactly CPython's; where it raises, this throws.
 *
 * @throws {MailError} `config.syntax`, listing every mistake of the text with
 * its line. No part of a value is shown, since it may be a password.
 */
export function parseConfig(text: string, file: string): ParsedConfig {
  const reader = new Reader(file);
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  lines.forEach((line, index) => reader.read(line, index + 1));
  return reader.finish();
}

/** The entry of an option as lookups see it: the section's own, else DEFAULT's. */
export function entryOf(
  config: ParsedConfig,
  section: string,
  option: string,
): Entry | undefined {
  if (section === DEFAULT_SECTION) return config.defaults.options.get(option);
  // A section that does not exist sees nothing, not even the defaults.
  const found = config.sections.get(section);
  if (found === undefined) return undefined;
  return found.options.get(option) ?? config.defaults.options.get(option);
}

/** An option that is still being read. */
interface OpenEntry {
  readonly name: string;
  readonly line: number;
  readonly parts: string[];
  readonly lines: number[];
}

/** The state of `RawConfigParser._read`, one line at a time. */
class Reader {
  readonly #file: string;
  readonly #mistakes: Mistake[] = [];
  readonly #sections = new Map<string, Section>();
  #defaults: Section = {
    name: DEFAULT_SECTION,
    line: 0,
    options: new Map(),
  };
  #section: Section | undefined;
  #entry: OpenEntry | undefined;
  /** False while the open entry repeats an earlier one: it is read, not kept. */
  #keep = true;
  #indent = 0;
  #strayLine = false;

  constructor(file: string) {
    this.#file = file;
  }

  read(line: string, number: number): void {
    const text = trim(line);
    // A comment leaves no trace, wherever it stands.
    if (text.startsWith("#") || text.startsWith(";")) return;
    if (text === "") {
      this.#entry?.parts.push("");
      this.#entry?.lines.push(number);
      return;
    }
    const indent = indentOf(line);
    if (this.#entry !== undefined && indent > this.#indent) {
      this.#entry.parts.push(text);
      this.#entry.lines.push(number);
      return;
    }
    this.#indent = indent;
    // Greedy: the name reaches to the last bracket of the line.
    const header = /^\[([^\n]+)\]/.exec(text)?.[1];
    if (header !== undefined) this.#openSection(header, number);
    else if (this.#section === undefined) this.#stray(number);
    else this.#openOption(this.#section, text, number);
  }

  finish(): ParsedConfig {
    this.#closeEntry();
    if (this.#mistakes.length > 0) {
      throw syntaxError(this.#file, this.#mistakes);
    }
    return {
      file: this.#file,
      defaults: this.#defaults,
      sections: this.#sections,
    };
  }

  #openSection(name: string, line: number): void {
    this.#closeEntry();
    if (name === DEFAULT_SECTION) {
      if (this.#defaults.line === 0) {
        this.#defaults = { ...this.#defaults, line };
      }
      this.#section = this.#defaults;
      return;
    }
    const earlier = this.#sections.get(name);
    if (earlier !== undefined) {
      this.#report(
        line,
        `section [${name}] was already opened in line ${earlier.line}; ` +
          "put all its options under one header",
      );
      this.#section = earlier;
      return;
    }
    this.#section = { name, line, options: new Map() };
    this.#sections.set(name, this.#section);
  }

  #openOption(section: Section, text: string, line: number): void {
    const delimiter = text.search(/[=:]/);
    if (delimiter <= 0) {
      const mend = delimiter === 0
        ? `a name is missing before "${text[0]}"`
        : text.startsWith("[")
        ? 'a section header has the form "[name]"'
        : 'this is no "name = value"' + this.#continuationAdvice();
      this.#report(line, mend);
      return;
    }
    this.#closeEntry();
    const name = trimEnd(text.slice(0, delimiter)).toLowerCase();
    const earlier = section.options.get(name);
    if (earlier !== undefined) {
      this.#report(
        line,
        `option "${name}" of [${section.name}] was already set in line ` +
          `${earlier.line}; keep one of them`,
      );
    }
    this.#keep = earlier === undefined;
    this.#entry = {
      name,
      line,
      parts: [trim(text.slice(delimiter + 1))],
      lines: [line],
    };
  }

  #closeEntry(): void {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry === undefined || !this.#keep) return;
    const value = trimEnd(entry.parts.join("\n"));
    this.#section?.options.set(entry.name, {
      name: entry.name,
      value,
      source: this.#file,
      line: entry.line,
      lines: entry.lines.slice(0, value.split("\n").length),
    });
  }

  #continuationAdvice(): string {
    const entry = this.#entry;
    return entry === undefined
      ? ""
      : `; to continue "${entry.name}" of line ${entry.line}, indent it more ` +
        "than that line";
  }

  #stray(line: number): void {
    // One report for the whole stretch before the first header.
    if (!this.#strayLine) {
      this.#report(
        line,
        'nothing but comments may stand before the first "[section]"',
      );
    }
    this.#strayLine = true;
  }

  #report(line: number, text: string): void {
    this.#mistakes.push({ line, text });
  }
}

function syntaxError(file: string, mistakes: readonly Mistake[]): MailError {
  const listed = mistakes.slice(0, MAX_LISTED)
    .map(({ line, text }) => `line ${line}: ${text}`);
  if (mistakes.length > listed.length) {
    listed.push(`and ${mistakes.length - listed.length} more`);
  }
  const head = `Cannot read the configuration ${file}`;
  return new MailError(
    listed.length === 1
      ? `${head}: ${listed[0]}`
      : `${head}: ${mistakes.length} mistakes\n  ${listed.join("\n  ")}`,
    { code: "config.syntax", scope: "run", retry: "never" },
  );
}
