/** Command lines that cannot be followed. */

/** A command line that is not understood. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A flag that this version knows but cannot follow. Ends with exit code 1. */
export class LaterError extends Error {
  override readonly name = "LaterError";
}
