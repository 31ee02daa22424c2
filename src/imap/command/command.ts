/** What a command is to the connection that runs it. */
import type { CommandEncoder } from "../wire/encoder.ts";
import type { BodyStart } from "../wire/decoder.ts";
import type { TaggedResponse, UntaggedResponse } from "../wire/response.ts";
import type { WireError } from "../wire/wire_error.ts";

/**
 * Takes the bytes of one message as they come. After any number of `write`s
 * exactly one of `end` and `abort` is called.
 *
 * A returned promise makes the connection stop reading until it settles: return
 * one only to slow the server down, and never wait in it for another command of
 * the same connection. What throws or rejects spoils this message,
 * not the command: the rest of the body is read over, then `abort` is called.
 */
export interface BodySink {
  /** The bytes may be kept; nobody writes to them again. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** All bytes were written, and the row that they belong to is complete. */
  end(): void | Promise<void>;
  /**
   * The message is not complete and will not be. May come while a promise of
   * `write` has not settled. Must not throw.
   */
  abort(): void | Promise<void>;
}

/** Sends what a command says while it runs: `DONE`, the answer to a challenge. */
export type Reply = (line: Uint8Array) => void;

/**
 * One command: how it is written, which responses are its, what comes of it.
 * An object of this type is good for one run.
 */
export interface Command<T> {
  /** `UID FETCH`: for errors and the seam of effects. */
  readonly name: string;
  /** Nothing else may be under way: SELECT, IDLE, LOGOUT. @default false */
  readonly alone?: boolean;
  /** No two commands of one lane are under way at once: their answers look alike. */
  readonly lane?: string;
  /** May run for long without a byte from the server (IDLE). @default false */
  readonly waits?: boolean;

  /**
   * Writes name and arguments.
   * @throws {RangeError} When an argument cannot be sent; nothing is, then.
   */
  encode(to: CommandEncoder): void;

  /** Where a body shall go; undefined: it is not this command's. */
  body?(start: BodyStart): BodySink | "hold" | undefined;

  /**
   * Offers a response to the command, in the order of sending where several are
   * under way. False: not its own.
   */
  untagged?(
    response: UntaggedResponse,
    tag: string,
  ): boolean | Promise<boolean>;

  /** A response came that cannot be read. False: let the command fail for it. */
  malformed?(error: WireError): boolean;

  /** A `+` that is not about a literal. */
  continuation?(text: string, reply: Reply): void;

  /** The connection ended, or the caller gave up: nothing more will come. */
  lost?(): void;

  /** The result, after OK. What it throws is the command's failure. */
  finish(tagged: TaggedResponse): T;

  /** The result after NO; undefined: it is a failure. */
  refused?(tagged: TaggedResponse): T | undefined;
}
