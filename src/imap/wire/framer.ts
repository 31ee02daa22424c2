/** Cuts the stream of a server into lines and literals. */
import {
  CR,
  DIGIT_0,
  DIGIT_9,
  LBRACE,
  LBRACKET,
  LF,
  LPAREN,
  PLUS,
  RBRACE,
  RBRACKET,
  SP,
  STAR,
  TILDE,
} from "./bytes.ts";
import type { WireLimits } from "./limits.ts";
import { type WireError, wireErrorAt } from "./wire_error.ts";

/**
 * What {@link Framer.next} found: a `line` of text, the last of its response; a
 * `head`, a line that announces a literal; a `chunk` of the literal's bytes.
 */
export type Frame = "line" | "head" | "chunk";

/**
 * Bytes in, pieces of responses out (RFC 9051 §2.2 and §4.3): no I/O, no copies
 * but of lines that two chunks share.
 *
 * After {@link next} has returned, {@link bytes}, {@link start} and {@link end}
 * say where the piece is, without CRLF. They hold until the next call.
 */
export class Framer {
  /** The bytes that the current piece lies in. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Size of the literal that the current `head` announces. */
  literalSize = 0;

  readonly #limits: WireLimits;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Beginnings of a line whose end has not come yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes of the current literal that are still to come. */
  #missing = 0;
  /** Text of the current response seen so far, 0 at its start. */
  #textBytes = 0;
  #literals = 0;
  /** The current response is a FETCH. */
  #isFetch = false;

  constructor(limits: WireLimits) {
    this.#limits = limits;
  }

  /** Whether the stream may end here: no response is half read. */
  get isIdle(): boolean {
    return this.#missing === 0 && this.#heldBytes === 0 &&
      this.#literals === 0 && this.#at === this.#chunk.length;
  }

  /** Bytes of the current literal that were not yet given out. */
  get missing(): number {
    return this.#missing;
  }

  /** Takes more of the stream. All of the last chunk must have been read. */
  push(chunk: Uint8Array): void {
    if (this.#at < this.#chunk.length) {
      throw new Error("Cannot push: the last chunk is not read to its end");
    }
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * The next piece, or undefined when more bytes are needed.
   * @throws {WireError} When a limit is passed; the stream cannot be read on.
   */
  next(): Frame | undefined {
    if (this.#missing > 0) return this.#literal();
    const stop = this.#chunk.indexOf(LF, this.#at);
    if (stop < 0) {
      this.#hold();
      return undefined;
    }
    if (this.#heldBytes === 0) {
      this.bytes = this.#chunk;
      this.start = this.#at;
      this.end = stop;
    } else {
      this.bytes = this.#join(stop);
      this.start = 0;
      this.end = this.bytes.length;
    }
    this.#at = stop + 1;
    // A bare LF is taken as a line end too: some servers write one in BYE.
    if (this.end > this.start && this.bytes[this.end - 1] === CR) this.end--;
    return this.#line();
  }

  #line(): Frame {
    this.#checkText(this.end - this.start);
    if (this.#literals === 0) {
      this.#isFetch = isFetch(this.bytes, this.start, this.end);
    }
    const size = this.#announced();
    if (size < 0) {
      this.#textBytes = 0;
      this.#literals = 0;
      return "line";
    }
    if (size > this.#limits.literalBytes) {
      throw this.#error(`Literal of ${size} bytes is above the limit`);
    }
    if (++this.#literals > this.#limits.literals) {
      throw this.#error("Too many literals in one response");
    }
    this.#textBytes += this.end - this.start;
    this.literalSize = size;
    this.#missing = size;
    return "head";
  }

  #literal(): Frame | undefined {
    const room = this.#chunk.length - this.#at;
    if (room === 0) return undefined;
    const size = Math.min(room, this.#missing);
    this.bytes = this.#chunk;
    this.start = this.#at;
    this.end = this.#at + size;
    this.#at = this.end;
    this.#missing -= size;
    return "chunk";
  }

  #hold(): void {
    const rest = this.#chunk.length - this.#at;
    if (rest === 0) return;
    const part = this.#chunk.subarray(this.#at);
    this.bytes = part;
    this.start = 0;
    this.end = rest;
    this.#checkText(this.#heldBytes + rest);
    this.#held.push(part);
    this.#heldBytes += rest;
    this.#at = this.#chunk.length;
  }

  #join(stop: number): Uint8Array {
    const bytes = new Uint8Array(this.#heldBytes + stop - this.#at);
    let at = 0;
    for (const part of this.#held) {
      bytes.set(part, at);
      at += part.length;
    }
    bytes.set(this.#chunk.subarray(this.#at, stop), at);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }

  #checkText(more: number): void {
    if (this.#textBytes + more > this.#limits.textBytes) {
      throw this.#error("Response is too long");
    }
  }

  /**
   * The size of the literal that the current line announces, else -1:
   * `{n}`, `{n+}` or `~{n}` (RFC 9051 §4.3, RFC 7888, RFC 3516 `literal8`).
   */
  #announced(): number {
    const { bytes, start } = this;
    let at = this.end - 1;
    if (at < start || bytes[at] !== RBRACE) return -1;
    at--;
    if (bytes[at] === PLUS) at--;
    const lastDigit = at;
    let size = 0;
    let scale = 1;
    while (at >= start && isDigit(bytes[at] as number)) {
      size += ((bytes[at] as number) - DIGIT_0) * scale;
      scale *= 10;
      at--;
    }
    if (at === lastDigit || at < start || bytes[at] !== LBRACE) return -1;
    if (bytes[at - 1] === TILDE) at--;
    // In a value a literal follows a blank or a bracket; `x{5}` is a name that
    // should have been quoted. But never take a message's body for responses.
    const before = at > start ? bytes[at - 1] : -1;
    if (before !== SP && before !== LPAREN && !this.#isFetch) return -1;
    if (this.#literals === 0 && isFreeText(bytes, start, this.end)) return -1;
    return size;
  }

  #error(reason: string): WireError {
    return wireErrorAt(reason, this.bytes, this.start, this.end, this.start);
  }
}

function isDigit(octet: number): boolean {
  return octet >= DIGIT_0 && octet <= DIGIT_9;
}

/** Whether a line begins as `* 12 F`. */
function isFetch(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start + 2;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at > start + 2 && bytes[start] === STAR && bytes[at] === SP &&
    ((bytes[at + 1] as number) & 0xdf) === 0x46;
}

/**
 * Whether a line ends in text for humans, in which `{5}` means nothing: `+ ...`
 * and `* OK ...`, unless its response code in brackets is still open.
 */
function isFreeText(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === PLUS) return true;
  let at = start;
  while (at < end && bytes[at] !== SP) at++;
  const tagged = bytes[start] !== STAR || at !== start + 1;
  // Everything tagged is a status; untagged ones are told by their first letters.
  if (!tagged && !isStatusWord(bytes, at + 1, end)) return false;
  at++;
  while (at < end && bytes[at] !== SP) at++;
  return bytes[at + 1] !== LBRACKET ||
    bytes.subarray(at, end).indexOf(RBRACKET) >= 0;
}

const STATUS_WORDS = ["OK", "NO", "BAD", "BYE", "PREAUTH"];

function isStatusWord(bytes: Uint8Array, start: number, end: number): boolean {
  return STATUS_WORDS.some((word) => {
    if (start + word.length > end) return false;
    for (let at = 0; at < word.length; at++) {
      const upper = (bytes[start + at] as number) & 0xdf;
      if (upper !== word.charCodeAt(at)) return false;
    }
    const after = bytes[start + word.length];
    return after === SP || start + word.length === end;
  });
}
