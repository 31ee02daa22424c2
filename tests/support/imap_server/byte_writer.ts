/** Buffered writing to a transport, with the faults that sit in the stream. */
import { concatBytes, encodeUtf8 } from "./bytes.ts";
import { StreamEnd } from "./byte_reader.ts";
import type { Transport } from "./transport.ts";

const FLUSH_BYTES = 64 * 1024;

/** What happens when the stream comes to a certain byte. */
export interface StreamFault {
  /** Outgoing bytes of the connection that still pass. */
  readonly atByte: number;
  readonly action: "cut" | "stall";
}

/** Collects output, sends it in large pieces, counts what went out. */
export class ByteWriter {
  /** Bytes handed to the transport. */
  bytesOut = 0;
  #transport: Transport;
  #parts: Uint8Array[] = [];
  #pending = 0;
  #text = "";
  #chain: Promise<void> = Promise.resolve();
  #faults: StreamFault[] = [];
  #stalled = false;
  #ended = false;
  /** Output is swallowed while this is set: a reply that gets lost. */
  muted = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Bytes written to this writer so far, sent or not. */
  get position(): number {
    this.#settleText();
    return this.bytesOut + this.#pending;
  }

  /** Whether enough has gathered that a loop should await {@link flush}. */
  get full(): boolean {
    return this.#pending + this.#text.length >= FLUSH_BYTES;
  }

  /** Goes on with another transport; call after {@link flush}. */
  switchTo(transport: Transport): void {
    this.#transport = transport;
  }

  /** Adds text as UTF-8. */
  text(text: string): void {
    if (!this.muted) this.#text += text;
  }

  /** Adds bytes as they are; they must not change until flushed. */
  bytes(bytes: Uint8Array): void {
    if (this.muted) return;
    this.#settleText();
    this.#parts.push(bytes);
    this.#pending += bytes.length;
  }

  /** Cuts or stalls the stream at a byte of this connection's output. */
  addFault(fault: StreamFault): void {
    this.#faults.push(fault);
  }

  /** From now on the client hears nothing more, and the socket stays open. */
  stall(): void {
    this.#stalled = true;
  }

  /** Sends everything gathered. Calls follow one another in order. */
  flush(): Promise<void> {
    this.#settleText();
    if (this.#pending > 0) {
      const parts = this.#parts;
      const length = this.#pending;
      this.#parts = [];
      this.#pending = 0;
      // Counted now, so that `position` never runs backwards.
      const from = this.bytesOut;
      this.bytesOut += length;
      this.#chain = this.#chain.then(() => this.#send(parts, from));
      // The caller may come back later; a rejection is kept for then.
      this.#chain.catch(() => {});
    }
    return this.#chain;
  }

  #settleText(): void {
    if (this.#text.length === 0) return;
    const bytes = encodeUtf8(this.#text);
    this.#text = "";
    this.#parts.push(bytes);
    this.#pending += bytes.length;
  }

  async #send(parts: readonly Uint8Array[], from: number): Promise<void> {
    let position = from;
    let batch: Uint8Array[] = [];
    let size = 0;
    for (const part of parts) {
      batch.push(part);
      size += part.length;
      if (size >= FLUSH_BYTES) {
        await this.#sendPiece(joined(batch), position);
        position += size;
        batch = [];
        size = 0;
      }
    }
    if (size > 0) await this.#sendPiece(joined(batch), position);
  }

  async #sendPiece(piece: Uint8Array, position: number): Promise<void> {
    if (this.#stalled) return;
    if (this.#ended) throw new StreamEnd("The connection was cut");
    const fault = this.#faults.find((f) => f.atByte <= position + piece.length);
    const passing = fault === undefined
      ? piece
      : piece.subarray(0, Math.max(0, fault.atByte - position));
    try {
      if (passing.length > 0) await this.#transport.write(passing);
    } catch (cause) {
      this.#ended = true;
      throw new StreamEnd("The client went away", { cause });
    }
    if (fault?.action === "stall") this.#stalled = true;
    if (fault?.action === "cut") {
      this.#ended = true;
      await this.#transport.closeWrite();
      throw new StreamEnd("The connection was cut by a vice");
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : concatBytes(parts);
}
