/** Several ways to one server, of which the first that is open counts (RFC 8305). */
import type { Clock } from "../../clock.ts";

/** RFC 8305 §5, Connection Attempt Delay. */
const HEAD_START_MS = 250;

/** Begins an attempt. It ends what it began when the signal says so. */
export type Start<T> = (signal: AbortSignal) => Promise<T>;

/** How a race is held. */
export interface RaceOptions<T> {
  /** Ends all attempts; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Ends an attempt that succeeded after another one. */
  readonly discard: (late: T) => void;
  /** @default the real one */
  readonly after?: Clock["after"];
}

/**
 * Begins the attempts one after another: the next one when the one before failed,
 * or has had a quarter of a second. None is given up before another has won.
 *
 * @throws What a single attempt threw; an AggregateError of all that was thrown; or
 * the signal's reason.
 */
export function race<T>(
  starts: readonly Start<T>[],
  { signal, discard, after = afterMs }: RaceOptions<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const running = new Set<AbortController>();
    const errors: unknown[] = [];
    let next = 0;
    let over = false;
    let callOff = () => {};
    const end = (act: () => void) => {
      over = true;
      callOff();
      signal.removeEventListener("abort", onAbort);
      for (const each of running) each.abort(signal.reason);
      act();
    };
    const onAbort = () => end(() => reject(signal.reason));
    const begin = (start: Start<T>) => {
      const own = new AbortController();
      running.add(own);
      start(own.signal).then((value) => {
        if (over) return discard(value);
        running.delete(own);
        end(() => resolve(value));
      }, (error) => {
        running.delete(own);
        if (over) return;
        errors.push(error);
        if (next < starts.length) return go();
        if (running.size > 0) return;
        end(() => reject(errors.length === 1 ? error : together(errors)));
      });
    };
    const go = () => {
      callOff();
      const start = starts[next++];
      if (start === undefined) return;
      if (next < starts.length) callOff = after(HEAD_START_MS, go);
      begin(start);
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    go();
  });
}

function together(errors: unknown[]): AggregateError {
  return new AggregateError(errors, "None of the addresses can be reached");
}

function afterMs(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}
