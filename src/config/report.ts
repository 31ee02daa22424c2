/** Collects what is wrong or odd in a configuration, with its place. */
import { type ErrorScope, MailError } from "../errors.ts";
import { BadValue } from "./bad_value.ts";
import type { Entry } from "./parse.ts";

/** Something odd that does not stop anything. Plain data. */
export interface ConfigWarning {
  /**
   * `config.unknown`: no such option or section. `config.misplaced`: it exists
   * elsewhere. `config.later`: known, not supported yet. `config.obsolete`: of
   * no effect any more. `config.suspect`: perhaps not meant as it is read.
   * `config.owner`: others can change a file that holds code.
   */
  readonly code:
    | "config.unknown"
    | "config.misplaced"
    | "config.later"
    | "config.obsolete"
    | "config.suspect"
    | "config.owner";
  /** A sentence without final period, beginning with the place. Holds no secret. */
  readonly message: string;
}

/** Where a line is: `FILE:LINE`, or the flag that an entry came from. */
export function formatPlace(source: string, line: number): string {
  return line > 0 ? `${source}:${line}` : source;
}

interface Problem {
  readonly code: string;
  readonly text: string;
  readonly hint: string | undefined;
}

/** The warnings and errors of one part of a configuration. */
export class Report {
  readonly warnings: ConfigWarning[] = [];
  readonly #problems: Problem[] = [];

  /** Whether anything was reported that must stop this part. */
  get failed(): boolean {
    return this.#problems.length > 0;
  }

  /** Notes something odd; `place` is such as {@link formatPlace} gives. */
  warn(code: ConfigWarning["code"], place: string, text: string): void {
    this.warnings.push({ code, message: `${place}: ${text}` });
  }

  /** Notes an error at `place`. */
  fail(code: string, place: string, text: string, hint?: string): void {
    this.#problems.push({ code, text: `${place}: ${text}`, hint });
  }

  /**
   * Notes what reading a value threw. The value is shown, shortened, unless it
   * is a secret. Anything but a {@link BadValue} is thrown on.
   */
  failValue(
    error: unknown,
    { section, entry, value, secret }: {
      readonly section: string;
      readonly entry: Entry;
      /** The value after interpolation, as far as that succeeded. */
      readonly value: string;
      readonly secret: boolean;
    },
  ): void {
    if (!(error instanceof BadValue)) throw error;
    const shown = secret ? "" : ` = ${shorten(value)}`;
    this.fail(
      "config.value",
      formatPlace(entry.source, entry.line),
      `[${section}] ${entry.name}${shown}: ${error.message}`,
      error.hint ?? (secret ? undefined : commentHint(value)),
    );
  }

  /** One error of everything that was reported; undefined when nothing was. */
  toError(head: string, scope: ErrorScope): MailError | undefined {
    const [first] = this.#problems;
    if (first === undefined) return undefined;
    const texts = this.#problems.map(({ text }) => text);
    const hints = new Set(this.#problems.flatMap(({ hint }) => hint ?? []));
    const message = texts.length === 1
      ? `${head}: ${first.text}`
      : `${head}: ${texts.length} mistakes\n  ${texts.join("\n  ")}`;
    return new MailError(message, {
      code: first.code,
      scope,
      retry: "never",
      ...(hints.size > 0 ? { hint: [...hints].join(". ") } : {}),
    });
  }
}

function shorten(value: string): string {
  const text = value.length > 60 ? `${value.slice(0, 57)}...` : value;
  return JSON.stringify(text);
}

function commentHint(value: string): string | undefined {
  return /\s[;#]/.test(value)
    ? "A comment must stand on a line of its own"
    : undefined;
}
