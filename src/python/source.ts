/** Where an expression comes from, for evaluation and for messages. */

/** One option of the configuration whose value is a Python expression. */
export interface PythonSource {
  /** The expression after interpolation; the parts of a long value joined by `\n`. */
  readonly text: string;
  /** Path of the configuration file, as the user wrote it. */
  readonly file: string;
  /** Line of `file`, from 1, on which the option starts. */
  readonly line: number;
  /** Section name, such as `Repository remote`. */
  readonly section: string;
  /** Option name in lower case, such as `nametrans`. */
  readonly option: string;
}

/** Options whose expression or value is a secret: messages hide its literals. */
const SECRET_OPTION = /pass|secret|token/;

/** True when no part of the expression's literals or values may be shown. */
export function isSecret(source: PythonSource): boolean {
  return SECRET_OPTION.test(source.option);
}

/** A place within {@link PythonSource.text}. */
export interface TextPosition {
  /** Line from 1. */
  readonly line: number;
  /** Column from 1, in code points. */
  readonly column: number;
}

/** The place of UTF-16 offset `offset` in `text`. */
export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return {
    line: before.split("\n").length,
    column: [...before.slice(start)].length + 1,
  };
}
