/** A body on its way to the server, which keeps what it promised or is found out. */
import { toMailError } from "../../errors.ts";
import type { Body } from "../../sync/ports.ts";
import type { AppendMessage } from "../command/append_message.ts";
import { isOnceOnly } from "./body_sink.ts";

/** Guards one upload: a literal that was announced cannot be taken back. */
export class UploadSource {
  /** What to send. */
  readonly data: AppendMessage["data"];
  readonly #whole: Uint8Array | undefined;
  #error: Error | undefined;

  /** @param title The mailbox's name, for texts. */
  constructor(readonly body: Body, readonly title: string) {
    const { bytes, sizeBytes: size } = body;
    this.#whole = bytes?.length === size ? bytes : undefined;
    this.data = this.#whole ?? { size, chunks: this.#chunks() };
  }

  /**
   * Whether there are NULs in it. A stream is read for that, if it can be read
   * again, and so is known to be readable and of its size: what fails half-way
   * costs the connection.
   * @throws {MailError} `imap.append_source`, scope message.
   */
  async holdsNul(): Promise<boolean> {
    if (this.#whole !== undefined) return this.#whole.includes(0);
    if (isOnceOnly(this.body)) return false;
    let found = false;
    try {
      for await (const chunk of this.#chunks()) found ||= chunk.includes(0);
    } catch (error) {
      throw this.failure() ?? error;
    }
    return found;
  }

  /** Why this body, and not something else, ended the connection. */
  failure(): Error | undefined {
    return this.#error;
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    const { sizeBytes } = this.body;
    let size = 0;
    try {
      for await (const chunk of this.body.chunks()) {
        size += chunk.length;
        if (size > sizeBytes) break;
        yield chunk;
      }
      if (size === sizeBytes) return;
      throw new Error(`it has not the ${sizeBytes} bytes that it had`);
    } catch (error) {
      this.#error = toMailError(error, {
        message: `Cannot read a message for "${this.title}" to its end`,
        code: "imap.append_source",
        scope: "message",
      });
      throw error;
    }
  }
}
