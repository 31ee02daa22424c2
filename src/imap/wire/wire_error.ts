/** What a server sent that cannot be understood. */
import { escapeBytes } from "./bytes.ts";

/**
 * Bytes from the server that do not follow the grammar or exceed a limit.
 *
 * The message is a reason and the bytes around the place, escaped and bounded.
 */
export class WireError extends Error {
  override readonly name = "WireError";
  /** What was expected, without the bytes. */
  readonly reason: string;
  /** The bytes, printable, at most some 200 of them. */
  readonly excerpt: string;

  constructor(reason: string, excerpt: string) {
    super(`${reason}: ${excerpt}`);
    this.reason = reason;
    this.excerpt = excerpt;
  }
}

/** A {@link WireError} about `bytes[start, end)`, going wrong at offset `at`. */
export function wireErrorAt(
  reason: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  at: number,
): WireError {
  // A long line is shown from a little before the place, not from its start.
  const from = Math.max(start, Math.min(at, end) - 100);
  const excerpt = escapeBytes(bytes, from, end);
  return new WireError(
    `${reason} at byte ${at - start}`,
    from > start ? `...${excerpt}` : excerpt,
  );
}
