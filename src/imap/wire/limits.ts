/** How much of a server's output is taken before it counts as an attack. */

/** Upper bounds of one response. */
export interface WireLimits {
  /** Text of one response without its literals, in bytes. */
  readonly textBytes: number;
  /** One literal that is streamed, in bytes. */
  readonly literalBytes: number;
  /** All literals of one response that are kept in memory, in bytes. */
  readonly heldBytes: number;
  /** Literals of one response. */
  readonly literals: number;
  /** Parentheses within parentheses. */
  readonly depth: number;
}

/**
 * Generous to real servers: a plain SEARCH of two million messages is one line
 * of 16 MB; no message is longer than 1 GiB; names and headers are short.
 */
export const DEFAULT_LIMITS: WireLimits = {
  textBytes: 16 * 1024 * 1024,
  literalBytes: 1024 * 1024 * 1024,
  heldBytes: 32 * 1024 * 1024,
  literals: 10_000,
  depth: 50,
};
