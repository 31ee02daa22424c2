/** Ends what is aborted in the middle of a long answer. */
import type { ImapConnection } from "../connection.ts";

/** How long the rest of an answer is read over before the connection is ended. */
const GRACE_MS = 500;

/**
 * Does `work` on `connection`. When `signal` is aborted and `work` does not end
 * in a moment, the connection is destroyed: opening another one costs less than
 * gigabytes that nobody wants. What `work` throws for that is no failure.
 */
export async function withGrace(
  connection: ImapConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let destroyed = false;
  const destroy = () => {
    destroyed = true;
    connection.destroy();
  };
  const onAbort = () => timer = setTimeout(destroy, GRACE_MS);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await work();
  } catch (error) {
    if (!destroyed) throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}
