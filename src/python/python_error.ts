/** The error of everything that goes wrong with a Python expression. */
import { MailError } from "../errors.ts";
import {
  isSecret,
  positionOf,
  type PythonSource,
  type TextPosition,
} from "./source.ts";

/**
 * What kind of failure it was.
 *
 * - `python.syntax`: the text is no Python 3 expression.
 * - `python.unsupported`: Python has it, this evaluator does not.
 * - `python.raised`: evaluating raised a Python exception.
 * - `python.limit`: too many steps, too long, too deep or too large.
 * - `python.type`: the result is not what the option needs.
 * - `python.helper`: no `python3` could be started, or it died.
 */
export type PythonErrorCode =
  | "python.syntax"
  | "python.unsupported"
  | "python.raised"
  | "python.limit"
  | "python.type"
  | "python.helper";

/** What a {@link PythonError} is made of. */
export interface PythonErrorOptions {
  readonly code: PythonErrorCode;
  readonly source: PythonSource;
  /** Where in the text, in UTF-16 offsets; absent if it is the whole of it. */
  readonly span?: { readonly from: number; readonly to: number } | undefined;
  /** Class of the Python exception, such as `KeyError`. */
  readonly exception?: string | undefined;
  readonly hint?: string | undefined;
  /** How the callable was called, already formatted: `'INBOX'`. */
  readonly calledWith?: string | undefined;
  readonly cause?: unknown;
}

/** Constructs longer than this are cut in messages. */
const SHOWN_CHARACTERS = 60;

/**
 * A failure of an expression, with the place of the construct at fault.
 *
 * Neither text nor construct holds a literal of an option that is secret.
 */
export class PythonError extends MailError {
  /** The same failure without its place: `KeyError: 'y'`. */
  readonly problem: string;
  /** Place within the option's text. */
  readonly position: TextPosition;
  /** Line of the configuration file; 0 for an option that a flag has set. */
  readonly line: number;
  /** Column in that line of the option's text, from 1. */
  readonly column: number;
  /** Text of the construct at fault. */
  readonly construct: string;
  /** Class of the Python exception, when one was raised. */
  readonly exception: string | undefined;
  readonly source: PythonSource;

  constructor(problem: string, options: PythonErrorOptions) {
    const { source, span } = options;
    const position = positionOf(source.text, span?.from ?? 0);
    const line = lineOf(source, position);
    const construct = constructText(source, span);
    const called = options.calledWith === undefined || isSecret(source)
      ? ""
      : `, called with ${options.calledWith}`;
    super(
      `${placeOf(source, line)}: [${source.section}] ${source.option}: ` +
        `${problem} (at "${construct}", column ${position.column}${called})`,
      {
        code: options.code,
        scope: "account",
        retry: "never",
        ...(options.hint === undefined ? {} : { hint: options.hint }),
        ...(options.cause === undefined ? {} : { cause: options.cause }),
      },
    );
    this.problem = problem;
    this.position = position;
    this.line = line;
    this.column = position.column;
    this.construct = construct;
    this.exception = options.exception;
    this.source = source;
  }
}

/** The line of the file that holds `position`; 0 when there is no file. */
function lineOf(source: PythonSource, position: TextPosition): number {
  const index = position.line - 1;
  if (source.line === 0) return 0;
  return source.lines?.[index] ?? source.line + index;
}

function placeOf({ file }: PythonSource, line: number): string {
  return line === 0 ? file : `${file}:${line}`;
}

/** The source text of a span on one line, cut, and without secrets. */
function constructText(
  source: PythonSource,
  span: { readonly from: number; readonly to: number } | undefined,
): string {
  // Literals cannot be told from the rest inside of a broken text, so all of a
  // secret option's text stays hidden unless it is plain names and operators.
  const text = source.text.slice(span?.from ?? 0, span?.to);
  if (isSecret(source) && /["'0-9]/.test(source.text)) return "…";
  const flat = text.replaceAll(/\s+/g, " ").trim();
  const characters = [...flat];
  if (characters.length <= SHOWN_CHARACTERS) return flat;
  return characters.slice(0, SHOWN_CHARACTERS - 1).join("") + "…";
}
