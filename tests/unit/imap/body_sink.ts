/** Sinks that remember what was done to them. */
import type { BodySink } from "../../../src/imap/command/command.ts";

/** Keeps a body in memory, and the order of the calls. */
export class MemorySink implements BodySink {
  readonly chunks: Uint8Array[] = [];
  readonly sizeBytes: number;
  state: "open" | "ended" | "aborted" = "open";

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.state !== "open") throw new Error(`Written when ${this.state}`);
    this.chunks.push(chunk);
  }

  end(): void | Promise<void> {
    if (this.state !== "open") throw new Error(`Ended when ${this.state}`);
    this.state = "ended";
  }

  abort(): void | Promise<void> {
    if (this.state !== "open") throw new Error(`Aborted when ${this.state}`);
    this.state = "aborted";
  }

  /** The body as octets in a string. */
  get text(): string {
    return this.chunks.map((chunk) =>
      Array.from(chunk, (octet) => String.fromCharCode(octet)).join("")
    ).join("");
  }
}
