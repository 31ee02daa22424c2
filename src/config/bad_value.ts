/** The error of everything that reads one value, before its place is known. */

/**
 * A value that cannot be read.
 *
 * The text says what is wrong or allowed, never the value itself: whoever knows
 * the option adds its name and place, and its value unless it is a secret.
 */
export class BadValue extends Error {
  override readonly name = "BadValue";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
