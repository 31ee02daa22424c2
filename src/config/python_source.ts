/** A Python expression of the configuration, not looked at yet. */

/** An option's expression after interpolation, and where it was written. */
export interface PythonSource {
  /** The expression; the parts of a continued value joined by newlines. */
  readonly text: string;
  /** The file, or the flag that set the option. */
  readonly file: string;
  /** The line that holds the option's name, from 1; 0 if not from a file. */
  readonly line: number;
  /** The line of the file for each line of the value as written. */
  readonly lines: readonly number[];
  /** The section that was read, such as `Repository remote`. */
  readonly section: string;
  /** The option's name in lower case. */
  readonly option: string;
}
