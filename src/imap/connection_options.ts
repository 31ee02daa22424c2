/** What may be said for a connection, and for one command on it. */
import type { Step } from "../effects.ts";
import type { WireError } from "./wire/wire_error.ts";
import type { WireLimits } from "./wire/limits.ts";
import type { UntaggedResponse } from "./wire/response.ts";

/** How a connection behaves. */
export interface ConnectionOptions {
  /**
   * Gets every untagged response that no running command claimed: news of the
   * mailbox, BYE, ALERT. Must not throw.
   */
  readonly onUntagged?: (response: UntaggedResponse) => void;
  /** Gets what could not be read, also what a command was told of. */
  readonly onMalformed?: (error: WireError) => void;
  /** Called right before a command is written. @default noStep */
  readonly step?: Step;
  /** Longest silence of the server while it owes an answer. @default 60_000 */
  readonly timeoutMs?: number;
  /** Commands under way at once. @default 512 */
  readonly windowCommands?: number;
  /** Bytes of commands under way at once. @default 4 MiB */
  readonly windowBytes?: number;
  /** What is taken from the server. */
  readonly limits?: Partial<WireLimits>;
  /** Gets what goes over the line, without secrets and without mail. */
  readonly log?: (line: string) => void;
}

/** What may be said for one run of a command. */
export interface ExecuteOptions {
  /**
   * Gives up waiting. A command not yet written is not written; one under way
   * goes on at the server, its answer is ignored.
   */
  readonly signal?: AbortSignal;
}
