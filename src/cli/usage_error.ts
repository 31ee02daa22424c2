/** Command lines that cannot be followed. */

/** A command line that is not understood. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
