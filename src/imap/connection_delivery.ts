/** One body on its way from the socket to its sink. */
import type { BodySink } from "./command/command.ts";

/**
 * Guards a {@link BodySink}: calls `end` or `abort` once, keeps its first error,
 * and after that passes the rest of the body over.
 */
export class BodyDelivery {
  readonly sink: BodySink;
  /** Why the sink did not take the body. */
  error: unknown = undefined;
  /** A command waits for the rest of the row and will settle this itself. */
  kept = false;
  #failed = false;
  #settled = false;

  constructor(sink: BodySink) {
    this.sink = sink;
  }

  /** Whether the sink threw or rejected. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Hands a chunk on. The promise, if any, never rejects. */
  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#failed || this.#settled) return;
    return this.#guard(() => this.sink.write(chunk));
  }

  /** The row is complete. The promise, if any, never rejects. */
  end(): void | Promise<void> {
    if (this.#settled) return;
    if (this.#failed) return this.abort();
    this.#settled = true;
    return this.#guard(() => this.sink.end());
  }

  /** The body will not be complete. Harmless after {@link end}. */
  abort(): void | Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    return this.#guard(() => this.sink.abort());
  }

  #guard(call: () => void | Promise<void>): void | Promise<void> {
    try {
      const wait = call();
      if (wait !== undefined) {
        return wait.catch((error) => this.#fail(error));
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.error = error;
  }
}
