/** Bytes from a server in, typed responses out. */
import { fastFetchRow } from "./fast_fetch.ts";
import { FlagTable } from "./flag_table.ts";
import { Framer } from "./framer.ts";
import { DEFAULT_LIMITS, type WireLimits } from "./limits.ts";
import type { BodyAhead } from "./parse_fetch.ts";
import { parseAhead, parseResponse } from "./parse_response.ts";
import { type LiteralValue, type Span, WireReader } from "./reader.ts";
import type { Response } from "./response.ts";
import { WireError, wireErrorAt } from "./wire_error.ts";

/**
 * A body comes next. Call {@link Decoder.route} to say where it shall go;
 * without that it is read and thrown away.
 */
export interface BodyStart extends BodyAhead {
  readonly kind: "body-start";
  readonly size: number;
}

/** Bytes of the body under way, in order. The chunk is the taker's to keep. */
export interface BodyChunk {
  readonly kind: "body-chunk";
  readonly bytes: Uint8Array;
}

/** The body under way is complete. */
export interface BodyEnd {
  readonly kind: "body-end";
}

/** A response that does not follow the grammar. The next one can be read. */
export interface Malformed {
  readonly kind: "malformed";
  readonly error: WireError;
  /** Its first word, which may be the tag of a command that has ended. */
  readonly tag: string | undefined;
}

/** What {@link Decoder.next} gives. */
export type Decoded = Response | BodyStart | BodyChunk | BodyEnd | Malformed;

/** Where the bytes of a literal go. */
type Route = "hold" | "discard" | "stream";

const BODY_END: BodyEnd = { kind: "body-end" };

/**
 * The incremental decoder (RFC 9051 §9, `response`). Pure: it waits for nothing
 * and keeps only the response it is in.
 *
 * Push a chunk, take responses with {@link next} until it is undefined, push
 * the next chunk.
 */
export class Decoder {
  readonly #framer: Framer;
  readonly #limits: WireLimits;
  readonly #flags = new FlagTable();
  /** The response under way: its lines and its literals so far. */
  #spans: Span[] = [];
  #literals: LiteralValue[] = [];
  #heldBytes = 0;
  /** The literal under way. */
  #route: Route = "discard";
  #receiver: unknown = undefined;
  #buffer: Uint8Array | undefined = undefined;
  #filled = 0;
  #size = 0;
  /** A literal was announced and its end is not yet told. */
  #inLiteral = false;
  /** Why this response cannot be read any more. */
  #spoilt: WireError | undefined = undefined;

  constructor(limits: Partial<WireLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#framer = new Framer(this.#limits);
  }

  /** Whether the stream may end here: no response is half read. */
  get isIdle(): boolean {
    return this.#framer.isIdle;
  }

  /** Takes more of the stream. {@link next} must have returned undefined. */
  push(chunk: Uint8Array): void {
    this.#framer.push(chunk);
  }

  /**
   * Says where the body that {@link BodyStart} told of shall go: into memory
   * ("hold"), or out as chunks; `receiver` then stands in the row for the bytes.
   */
  route(to: "hold" | { receiver: unknown }): void {
    if (to === "hold") this.#hold();
    else {
      this.#route = "stream";
      this.#receiver = to.receiver;
    }
  }

  /**
   * The next response or piece of a body; undefined when more bytes are needed.
   * @throws {WireError} When a limit is passed. The stream cannot be read on.
   */
  next(): Decoded | undefined {
    for (;;) {
      if (this.#inLiteral && this.#framer.missing === 0) {
        const streamed = this.#route === "stream";
        this.#endLiteral();
        if (streamed) return BODY_END;
      }
      const frame = this.#framer.next();
      if (frame === undefined) return undefined;
      if (frame === "line") return this.#line();
      const found = frame === "head" ? this.#head() : this.#chunk();
      if (found !== undefined) return found;
    }
  }

  #line(): Decoded {
    const { bytes, start, end } = this.#framer;
    if (this.#spans.length === 0) {
      const row = fastFetchRow(bytes, start, end, this.#flags);
      if (row !== undefined) return row;
    }
    const spans = [...this.#spans, { bytes, start, end }];
    const literals = this.#literals;
    const spoilt = this.#spoilt;
    this.#spans = [];
    this.#literals = [];
    this.#heldBytes = 0;
    this.#spoilt = undefined;
    if (spoilt !== undefined) return malformed(spoilt, spans);
    try {
      return parseResponse(
        new WireReader(spans, literals, this.#limits.depth),
        this.#flags,
      );
    } catch (error) {
      if (error instanceof WireError) return malformed(error, spans);
      throw error;
    }
  }

  /** A line that ends in a literal: decides where that goes. */
  #head(): BodyStart | undefined {
    const { bytes, start, end, literalSize } = this.#framer;
    // The chunk it lies in will be gone when the literal has been read.
    const copy = bytes.slice(start, end);
    this.#spans.push({ bytes: copy, start: 0, end: copy.length });
    this.#inLiteral = true;
    this.#size = literalSize;
    this.#route = "discard";
    this.#receiver = undefined;
    if (this.#spoilt !== undefined) return undefined;
    let ahead: BodyAhead | undefined;
    try {
      ahead = parseAhead(
        new WireReader(this.#spans, this.#literals, this.#limits.depth),
        this.#flags,
      );
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#spoilt = error;
      return undefined;
    }
    if (ahead === undefined) {
      this.#hold();
      return undefined;
    }
    return { kind: "body-start", ...ahead, size: literalSize };
  }

  #hold(): void {
    this.#heldBytes += this.#size;
    if (this.#heldBytes > this.#limits.heldBytes) {
      const head = this.#spans.at(-1) as Span;
      this.#spoilt = wireErrorAt(
        `Literal of ${this.#size} bytes is too large to keep`,
        head.bytes,
        head.start,
        head.end,
        head.end,
      );
      return;
    }
    this.#route = "hold";
    this.#buffer = new Uint8Array(this.#size);
    this.#filled = 0;
  }

  #chunk(): BodyChunk | undefined {
    const { bytes, start, end } = this.#framer;
    const part = bytes.subarray(start, end);
    if (this.#route === "stream") return { kind: "body-chunk", bytes: part };
    if (this.#route === "hold" && this.#buffer !== undefined) {
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
    }
    return undefined;
  }

  #endLiteral(): void {
    this.#inLiteral = false;
    this.#literals.push({
      size: this.#size,
      bytes: this.#route === "hold" ? this.#buffer : undefined,
      receiver: this.#receiver,
    });
    this.#buffer = undefined;
    this.#receiver = undefined;
    this.#route = "discard";
  }
}

const TAG = /^([A-Za-z0-9]+)(?:\s|$)/;

function malformed(error: WireError, spans: readonly Span[]): Malformed {
  const first = spans[0] as Span;
  const stop = Math.min(first.end, first.start + 64);
  const start = String.fromCharCode(...first.bytes.subarray(first.start, stop));
  return { kind: "malformed", error, tag: TAG.exec(start)?.[1] };
}
