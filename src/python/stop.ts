/** Turns whatever stopped an evaluation into a {@link PythonError}. */
import { PythonError, type PythonErrorCode } from "./python_error.ts";
import { LimitReached, Raised, Stop, SyntaxFault } from "./raised.ts";
import { isSecret, type PythonSource } from "./source.ts";

/**
 * The result of `body`; what it throws becomes a {@link PythonError}.
 *
 * @param calledWith The arguments of a call, formatted.
 */
export function placed<T>(
  source: PythonSource,
  body: () => T,
  calledWith?: string,
): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof PythonError) throw error;
    const stop = error instanceof Stop ? error : stopOf(error);
    throw new PythonError(problemOf(stop, source), {
      code: codeOf(stop),
      source,
      span: stop.span,
      exception: stop instanceof Raised ? stop.exception : undefined,
      hint: stop.hint,
      calledWith,
      // A cause would bring along what a secret option must not show.
      cause: isSecret(source) ? undefined : error,
    });
  }
}

/** What the engine below throws when there is too much of something. */
function stopOf(error: unknown): Stop {
  if (error instanceof RangeError) {
    return new LimitReached("stopped: too deep or too large");
  }
  if (error instanceof TypeError && /already running/.test(error.message)) {
    return new Raised("ValueError", "generator already executing");
  }
  throw error;
}

function codeOf(stop: Stop): PythonErrorCode {
  if (stop instanceof Raised) return "python.raised";
  if (stop instanceof SyntaxFault) return "python.syntax";
  return stop instanceof LimitReached ? "python.limit" : "python.unsupported";
}

/** The text of a problem; of a secret's exception only the class. */
function problemOf(stop: Stop, source: PythonSource): string {
  if (!isSecret(source)) return stop.message;
  return stop instanceof Raised
    ? stop.exception
    : stop.message.replaceAll(/'[^']*'/g, "'…'");
}
