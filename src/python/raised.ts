/** What operators and builtins throw before anyone knows where in the text. */

/** A stretch of the expression's text, in UTF-16 offsets. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Something that stops an evaluation. The evaluator sets {@link span} to the
 * innermost construct on the way up, and its caller makes a `PythonError` of it.
 */
export abstract class Stop extends Error {
  /** The construct at fault, once known. */
  span: Span | undefined;
  /** What the user can write instead. */
  readonly hint: string | undefined;

  constructor(text: string, hint?: string) {
    super(text);
    this.hint = hint;
  }
}

/** A Python exception, such as `KeyError`. */
export class Raised extends Stop {
  /** Class of the exception. */
  readonly exception: string;
  /** `str()` of the exception. */
  readonly text: string;

  constructor(exception: string, text: string, hint?: string) {
    super(text === "" ? exception : `${exception}: ${text}`, hint);
    this.exception = exception;
    this.text = text;
  }
}

/** Python can do it; this evaluator cannot. */
export class Unsupported extends Stop {}

/** A bound on steps, time, depth or size was reached. */
export class LimitReached extends Stop {}

/** The text is not a Python expression; thrown by the parser. */
export class SyntaxFault extends Stop {
  constructor(text: string, span: Span, hint?: string) {
    super(text, hint);
    this.span = span;
  }
}

/** A `TypeError` to throw. */
export function typeError(text: string): Raised {
  return new Raised("TypeError", text);
}

/** A `ValueError` to throw. */
export function valueError(text: string): Raised {
  return new Raised("ValueError", text);
}
