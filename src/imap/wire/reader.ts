/** A cursor over one response; its methods carry the names of the grammar. */
import {
  BACKSLASH,
  CHAR_CLASS,
  decodeText,
  DIGIT_0,
  DIGIT_9,
  DQUOTE,
  IS_ASTRING,
  IS_ATOM,
  LBRACE,
  LPAREN,
  PLUS,
  RBRACE,
  RPAREN,
  SP,
  TILDE,
} from "./bytes.ts";
import { MAX_UID, type Uid } from "./types.ts";
import { type WireError, wireErrorAt } from "./wire_error.ts";

/** A stretch of a line. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What became of the bytes of a literal. */
export interface LiteralValue {
  readonly size: number;
  /** The bytes, when they were kept. */
  readonly bytes: Uint8Array | undefined;
  /** Who got the bytes, when they were streamed. */
  readonly receiver: unknown;
}

/** A string in any of its forms; `bytes` is undefined for NIL and streamed ones. */
export interface WireString {
  readonly form: "atom" | "quoted" | "literal" | "nil";
  readonly size: number;
  readonly bytes: Uint8Array | undefined;
  readonly receiver: unknown;
}

/** Thrown when a response is read as far as it has come and ends in a literal. */
export const LITERAL_AHEAD: unique symbol = Symbol("literal ahead");

const NIL: WireString = {
  form: "nil",
  size: 0,
  bytes: undefined,
  receiver: undefined,
};

/**
 * Reads one response: spans of text with a literal between each two. Both lists
 * may grow while it is read.
 *
 * "try" methods return undefined (or false) and stay where they are when the
 * thing is not there; the others throw {@link WireError}.
 */
export class WireReader {
  bytes: Uint8Array;
  at: number;
  end: number;
  #span = 0;
  #start: number;
  readonly #spans: readonly Span[];
  readonly #literals: readonly LiteralValue[];
  readonly #maxDepth: number;
  #depth = 0;

  constructor(
    spans: readonly Span[],
    literals: readonly LiteralValue[],
    maxDepth: number,
  ) {
    const first = spans[0] as Span;
    this.bytes = first.bytes;
    this.at = this.#start = first.start;
    this.end = first.end;
    this.#spans = spans;
    this.#literals = literals;
    this.#maxDepth = maxDepth;
  }

  /** The next octet, -1 at the end of the text. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at] as number : -1;
  }

  /** An error about this place. */
  fail(reason: string): WireError {
    return wireErrorAt(reason, this.bytes, this.#start, this.end, this.at);
  }

  /** Reads `octet` if it is next. */
  tryOctet(octet: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== octet) return false;
    this.at++;
    return true;
  }

  /** Reads `octet`. */
  octet(octet: number): void {
    if (!this.tryOctet(octet)) {
      throw this.fail(`Expected "${String.fromCharCode(octet)}"`);
    }
  }

  /** `SP`. */
  space(): void {
    this.octet(SP);
  }

  /** The end of the response; blanks before it, which some servers send, too. */
  crlf(): void {
    while (this.tryOctet(SP));
    if (this.at < this.end || this.#span < this.#spans.length - 1) {
      throw this.fail("Expected end of line");
    }
  }

  /** `(`, counted against the limit of nesting. */
  open(): void {
    this.octet(LPAREN);
    if (++this.#depth > this.#maxDepth) {
      throw this.fail("Parentheses are nested too deep");
    }
  }

  /** `)`. */
  close(): void {
    this.octet(RPAREN);
    this.#depth--;
  }

  /** Reads `)` if it is next. */
  tryClose(): boolean {
    if (!this.tryOctet(RPAREN)) return false;
    this.#depth--;
    return true;
  }

  /**
   * A list in parentheses: `each` reads one element. More than one blank between
   * two is taken; `joined` lists need none, as in `("" "/")("#ftp/" "/")`.
   */
  list(each: () => void, joined = false): void {
    this.open();
    for (;;) {
      const start = this.at;
      while (this.tryOctet(SP));
      if (this.tryClose()) return;
      if (this.at === start && !joined && this.bytes[start - 1] !== LPAREN) {
        throw this.fail("Expected a blank");
      }
      each();
    }
  }

  /** `number64` below 2^53: sizes and counts (RFC 9051 §9). */
  number(): number {
    const { bytes, end } = this;
    const start = this.at;
    let value = 0;
    let at = start;
    for (; at < end; at++) {
      const octet = bytes[at] as number;
      if (octet < DIGIT_0 || octet > DIGIT_9) break;
      value = value * 10 + octet - DIGIT_0;
    }
    if (at === start) throw this.fail("Expected a number");
    if (value > Number.MAX_SAFE_INTEGER) throw this.fail("Number is too large");
    this.at = at;
    return value;
  }

  /** `nz-number` of 32 bits: `uniqueid`, UIDVALIDITY, sequence numbers. */
  nzNumber(): number {
    const start = this.at;
    const value = this.number();
    if (value < 1 || value > MAX_UID) {
      this.at = start;
      throw this.fail("Expected a number from 1 to 4294967295");
    }
    return value;
  }

  /** `uniqueid`. */
  uid(): Uid {
    return this.nzNumber() as Uid;
  }

  /** `mod-sequence-valzer`: up to 63 bits (RFC 7162 §7). */
  modSeq(): bigint {
    const start = this.at;
    let at = start;
    while (at < this.end && isDigit(this.bytes[at] as number)) at++;
    if (at === start || at - start > 19) {
      throw this.fail("Expected a mod-sequence");
    }
    // Up to 15 digits a plain number is exact, and faster.
    if (at - start <= 15) return BigInt(this.number());
    this.at = at;
    return BigInt(decodeText(this.bytes, start, at));
  }

  /** The text of all octets of `mask`'s classes from here. May be empty. */
  token(mask: number): string {
    const start = this.at;
    this.skip(mask);
    return decodeText(this.bytes, start, this.at);
  }

  /** Passes over octets of `mask`'s classes. */
  skip(mask: number): void {
    const { bytes, end } = this;
    let at = this.at;
    while (
      at < end && ((CHAR_CLASS[bytes[at] as number] as number) & mask) !== 0
    ) at++;
    this.at = at;
  }

  /** `atom`. */
  atom(): string {
    const text = this.token(IS_ATOM);
    if (text === "") throw this.fail("Expected an atom");
    return text;
  }

  /** `flag`, `flag-perm` or `mbx-list-flag`: an atom, mostly with a backslash. */
  flag(mask: number): string {
    const text = this.token(mask);
    if (text === "" || text === "\\") throw this.fail("Expected a flag");
    return text;
  }

  /** `NIL`, in any case, if it is next and ends there. */
  tryNil(): boolean {
    const { bytes, at } = this;
    if (at + 3 > this.end) return false;
    if (
      ((bytes[at] as number) & 0xdf) !== 0x4e ||
      ((bytes[at + 1] as number) & 0xdf) !== 0x49 ||
      ((bytes[at + 2] as number) & 0xdf) !== 0x4c
    ) return false;
    const after = at + 3 < this.end ? bytes[at + 3] as number : SP;
    if (((CHAR_CLASS[after] as number) & IS_ASTRING) !== 0) return false;
    this.at += 3;
    return true;
  }

  /** `quoted` or `literal`, if one is next. */
  tryString(): WireString | undefined {
    const octet = this.peek();
    if (octet === DQUOTE) return this.#quoted();
    if (octet === LBRACE) return this.#literal();
    const eight = octet === TILDE && this.bytes[this.at + 1] === LBRACE;
    return eight ? this.#literal() : undefined;
  }

  /** Whether a literal is next that was not yet added to the response. */
  isLiteralAhead(): boolean {
    if (this.#literals.length > this.#span) return false;
    const octet = this.peek();
    return octet === LBRACE ||
      (octet === TILDE && this.bytes[this.at + 1] === LBRACE);
  }

  /** `nstring`, and an atom in its place, which some servers send. */
  nstring(): WireString {
    return this.tryString() ?? (this.tryNil() ? NIL : this.#bare());
  }

  /** `astring`. */
  astring(): string {
    const octet = this.peek();
    if (octet === DQUOTE) return this.#quotedText();
    if (octet === LBRACE || octet === TILDE) {
      const value = this.tryString();
      if (value !== undefined) return this.text(value);
    }
    const text = this.token(IS_ASTRING);
    if (text === "") throw this.fail("Expected a string");
    return text;
  }

  /** `astring` where NIL means that there is none. */
  nastring(): string | undefined {
    return this.tryNil() ? undefined : this.astring();
  }

  /** The text of a string that is in memory. */
  text(value: WireString): string {
    if (value.bytes === undefined) throw this.fail("Expected a short string");
    return decodeText(value.bytes);
  }

  /** What is left of the line, as it is. */
  rest(): string {
    const text = decodeText(this.bytes, this.at, this.end);
    this.at = this.end;
    return text;
  }

  #bare(): WireString {
    const start = this.at;
    this.skip(IS_ASTRING);
    if (this.at === start) throw this.fail("Expected a string");
    const bytes = this.bytes.slice(start, this.at);
    return { form: "atom", size: bytes.length, bytes, receiver: undefined };
  }

  #quoted(): WireString {
    const start = this.at + 1;
    const escapes = this.#passQuoted();
    const bytes = unescape(this.bytes, start, this.at - 1, escapes);
    return { form: "quoted", size: bytes.length, bytes, receiver: undefined };
  }

  #quotedText(): string {
    const start = this.at + 1;
    const escapes = this.#passQuoted();
    return escapes === 0
      ? decodeText(this.bytes, start, this.at - 1)
      : decodeText(unescape(this.bytes, start, this.at - 1, escapes));
  }

  /** Passes over `quoted` and counts the backslashes that escape. */
  #passQuoted(): number {
    const { bytes, end } = this;
    let at = this.at + 1;
    let escapes = 0;
    for (; at < end && bytes[at] !== DQUOTE; at++) {
      if (bytes[at] !== BACKSLASH) continue;
      at++;
      escapes++;
    }
    if (at >= end) throw this.fail("Quoted string does not end");
    this.at = at + 1;
    return escapes;
  }

  #literal(): WireString {
    const start = this.at;
    this.tryOctet(TILDE);
    this.octet(LBRACE);
    this.number();
    this.tryOctet(PLUS);
    this.octet(RBRACE);
    const last = this.#span === this.#spans.length - 1;
    const value = this.#literals[this.#span];
    if (this.at < this.end || (last && value !== undefined)) {
      this.at = start;
      throw this.fail("Expected a literal");
    }
    if (value === undefined) throw LITERAL_AHEAD;
    this.#span++;
    const next = this.#spans[this.#span];
    if (next === undefined) throw this.fail("Expected more after a literal");
    this.bytes = next.bytes;
    this.at = this.#start = next.start;
    this.end = next.end;
    return { form: "literal", ...value };
  }
}

function isDigit(octet: number): boolean {
  return octet >= DIGIT_0 && octet <= DIGIT_9;
}

function unescape(
  bytes: Uint8Array,
  start: number,
  end: number,
  escapes: number,
): Uint8Array {
  if (escapes === 0) return bytes.slice(start, end);
  const value = new Uint8Array(end - start - escapes);
  let to = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    value[to++] = bytes[at] as number;
  }
  return value;
}
