/** What a session leaves behind once it is open: two ends of a byte stream. */
import type { Readable, Writable } from "node:stream";

/**
 * An authenticated byte stream to an IMAP server, after TLS, proxy, login and
 * COMPRESS. Whoever holds it owns it: nobody else reads from or writes to it.
 */
export interface Transport {
  /** What the server sends. Paused when handed over. */
  readonly input: Readable;
  /** What the client sends; takes `Buffer`s. */
  readonly output: Writable;
  /** Tears the connection down at once. */
  destroy(): void;
  /** What carries the bytes, where it can tell why it ended: {@link reasonOfEnd}. */
  readonly carrier?: unknown;
}

/**
 * What a stream itself tells of its end, once it has ended: why a tunnel's command
 * ended, which nobody else knows. A clause.
 */
export function reasonOfEnd(stream: unknown): string | undefined {
  if (typeof stream !== "object" || stream === null) return undefined;
  if (!("endReason" in stream)) return undefined;
  return typeof stream.endReason === "string" ? stream.endReason : undefined;
}

/** An open session: the stream and what the server said about itself. */
export interface Session {
  readonly transport: Transport;
  /** Upper-case names in force after login: `UIDPLUS`, `AUTH=PLAIN`, `APPENDLIMIT=1000`. */
  readonly capabilities: ReadonlySet<string>;
  /** Upper-case names that ENABLE answered: `CONDSTORE`, `QRESYNC`, `UTF8=ACCEPT`. */
  readonly enabled: ReadonlySet<string>;
  /** The personal namespace's prefix and separator; separator undefined on a flat server. */
  readonly namespace: { prefix: string; separator: string | undefined };
}
