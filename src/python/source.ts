/** Where an expression comes from, for evaluation and for messages. */

/** One option of the configuration whose value is a Python expression. */
export interface PythonSource {
  /** The expression after interpolation; the parts of a long value joined by `\n`. */
  readonly text: string;
  /** Path of the configuration file, as the user wrote it. */
  readonly file: string;
  /** Line of `file`, from 1, on which the option starts; 0: `file` is a flag. */
  readonly line: number;
  /**
   * The line of `file` for each line of the value as written: comments inside of
   * a value are no part of the text. @default one line after the other
   */
  readonly lines?: readonly number[];
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

/** The hint for a line break where Python does not allow one before `offset`. */
export function lineBreakHint(
  text: string,
  offset: number = text.length,
): string | undefined {
  return text.trimEnd().slice(0, offset).trimStart().includes("\n")
    ? "An expression of several lines needs brackets around it, or a " +
      "backslash at the end of each line but the last"
    : undefined;
}
