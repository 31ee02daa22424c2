/** Going on after a connection was lost (`retrycount`). */
import { MailError } from "../errors.ts";
import { backOff } from "./back_off.ts";

/** What {@link retryLost} works by. */
export interface RetryOptions {
  /** How often it is tried without any progress; at least once. */
  readonly attempts: number;
  /** A number that grows whenever something is done. */
  readonly progress: () => number;
  /** Told before each further attempt. */
  readonly onRetry: (error: MailError) => void;
  readonly signal: AbortSignal;
  /** Waits; a test does not. @default a timer that the signal ends */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** @default Math.random */
  readonly random?: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Does `work` again, after a growing pause, while connections that were open
 * break under it: not for a server that cannot be reached or says no. OfflineIMAP
 * tries each message `retrycount` times; here every attempt goes on where the
 * last one ended, so that only those without any progress count.
 */
export async function retryLost<T>(
  work: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { attempts, progress, onRetry, signal, wait = sleep } = options;
  const { random = Math.random } = options;
  for (let vain = 1;; vain++) {
    const before = progress();
    try {
      return await work();
    } catch (error) {
      if (progress() > before) vain = 0;
      const over = attempts <= 1 || vain >= attempts;
      if (!isLost(error) || over || signal.aborted) throw error;
      onRetry(error);
      const failures = Math.max(1, vain);
      await wait(
        backOff(FIRST_WAIT_MS, failures, random(), {
          longestMs: LONGEST_WAIT_MS,
        }),
        signal,
      );
      if (signal.aborted) throw error;
    }
  }
}

/** A connection that ended, or went silent, while it was used. */
function isLost(error: unknown): error is MailError {
  return error instanceof MailError && error.retry === "now" &&
    (error.code === "imap.closed" || error.code === "imap.timeout");
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
