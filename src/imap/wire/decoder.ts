/** Bytes from a server in, typed responses out. */
import { fastFetchRow } from "./fast_fetch.ts";
import { FlagTable } from "./flag_table.ts";
import { Framer } from "./framer.ts";
import { DEFAULT_LIMITS, type WireLimits } from "./limits.ts";
import type { FetchRow } from "./fetch_row.ts";
import type { BodyAhead, MsgAttParser } from "./parse_fetch.ts";
import { beginFetch, parseResponse } from "./parse_response.ts";
import {
  LITERAL_AHEAD,
  type LiteralValue,
  type Span,
  WireReader,
} from "./reader.ts";
import type { Response } from "./response.ts";
import { WireError, wireErrorAt } from "./wire_error.ts";

/**
 * A body comes next. Call {@link Decoder.route} to say where it shall go;
 * without that it is read and thrown away.
 */
export interface BodyStart extends BodyAhead {
  readonly kind: "body-start";
  /** The row as far as it is known; it is filled while more comes. */
  readonly row: FetchRow;
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
  /** A row that was read up to the literal under way, and what reads it. */
  #row: { parser: MsgAttParser; reader: WireReader } | undefined;
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
    this.#spans.push({ bytes, start, end });
    const spans = this.#spans;
    try {
      if (this.#spoilt !== undefined) throw this.#spoilt;
      return this.#row === undefined
        ? parseResponse(this.#newReader(), this.#flags)
        : this.#restOfRow(this.#row);
    } catch (error) {
      if (error instanceof WireError) return malformed(error, spans);
      throw error;
    } finally {
      this.#spans = [];
      this.#literals = [];
      this.#heldBytes = 0;
      this.#row = undefined;
      this.#spoilt = undefined;
    }
  }

  #newReader(): WireReader {
    return new WireReader(this.#spans, this.#literals, this.#limits.depth);
  }

  #restOfRow(
    { parser, reader }: { parser: MsgAttParser; reader: WireReader },
  ): FetchRow {
    try {
      if (!parser.read()) throw LITERAL_AHEAD;
    } catch (error) {
      if (error === LITERAL_AHEAD) throw reader.fail("Expected a literal");
      throw error;
    }
    reader.crlf();
    return parser.row;
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
    try {
      const row = this.#rowAhead();
      const ahead = row?.parser.ahead;
      if (row !== undefined && ahead !== undefined) {
        return {
          kind: "body-start",
          row: row.parser.row,
          section: ahead.section,
          origin: ahead.origin,
          size: literalSize,
        };
      }
      this.#hold();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#spoilt = error;
    }
    return undefined;
  }

  /** The row that the literal is a body of, read up to it. */
  #rowAhead(): { parser: MsgAttParser; reader: WireReader } | undefined {
    let row = this.#row;
    this.#row = undefined;
    if (row === undefined) {
      const reader = this.#newReader();
      const parser = beginFetch(reader, this.#flags);
      if (parser === undefined) return undefined;
      row = { parser, reader };
    }
    try {
      // Complete, though a literal comes: the end of the line will tell.
      if (row.parser.read()) return undefined;
      this.#row = row;
      return row;
    } catch (error) {
      // A literal within some other value: all is read again at its end.
      if (error === LITERAL_AHEAD) return undefined;
      throw error;
    }
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
