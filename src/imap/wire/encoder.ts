/** Writes commands: what goes as it is, what is quoted, what is a literal. */
import { CHAR_CLASS, encodeText, IS_ASTRING, IS_ATOM } from "./bytes.ts";
import type { UidSet } from "./uid_set.ts";

/** Data that goes out as a literal, in memory or as a stream. */
export interface LiteralPart {
  readonly size: number;
  readonly data: Uint8Array | AsyncIterable<Uint8Array>;
  /** Written `~{n}`: may hold NUL (RFC 3516). */
  readonly binary: boolean;
  /** The server's `+` has to be waited for (RFC 9051 §4.3). */
  readonly sync: boolean;
}

/** A command in the order it is written: text, literals between. */
export type CommandPart = Uint8Array | LiteralPart;

/** What decides how a command is written. */
export interface EncoderContext {
  /** Upper case. */
  readonly capabilities: ReadonlySet<string>;
  /** What ENABLE answered, upper case. */
  readonly enabled: ReadonlySet<string>;
}

/** Servers take lines of 8192 octets (RFC 7162 §4); room for tag and name. */
const MAX_SET_BYTES = 7500;
/** Longer strings go as literals: some servers bound a quoted one. */
const MAX_QUOTED_BYTES = 1000;
/** RFC 7888 §5: the largest literal that LITERAL- lets go without waiting. */
const LITERAL_MINUS_BYTES = 4096;

/**
 * Builds one command. Nothing that a caller passes can end the line or start
 * another command: CR, LF and NUL are refused in text and never quoted.
 */
export class CommandEncoder {
  readonly #context: EncoderContext;
  readonly #parts: CommandPart[] = [];
  #text = "";

  constructor(context: EncoderContext) {
    this.#context = context;
  }

  /** Whether the server has `capability` (upper case). */
  has(capability: string): boolean {
    return this.#context.capabilities.has(capability);
  }

  /** Whether ENABLE switched `capability` (upper case) on. */
  isEnabled(capability: string): boolean {
    return this.#context.enabled.has(capability);
  }

  /**
   * Protocol text as it is: names, parentheses, blanks.
   * @throws {RangeError} When it holds more than printable ASCII.
   */
  text(text: string): this {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < 0x20 || code > 0x7e) {
        throw new RangeError(`Not a command: ${JSON.stringify(text)}`);
      }
    }
    this.#text += text;
    return this;
  }

  /** `number`. */
  number(value: number | bigint): this {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw new RangeError(`Not a number: ${value}`);
    }
    if (value < 0) throw new RangeError(`Not a number: ${value}`);
    return this.text(String(value));
  }

  /** `astring`: an atom where it can be one. */
  astring(value: string): this {
    return isAll(value, IS_ASTRING) && !/^NIL$/i.test(value)
      ? this.text(value)
      : this.string(value);
  }

  /** `string`: quoted where it can be, else a literal. */
  string(value: string): this {
    const utf8 = this.isEnabled("UTF8=ACCEPT") || this.isEnabled("IMAP4REV2");
    const bytes = encodeText(value);
    if (bytes.includes(0)) {
      throw new RangeError(`Not a string: ${JSON.stringify(value)}`);
    }
    if (bytes.length > MAX_QUOTED_BYTES || !isQuotable(value, utf8)) {
      return this.literal(bytes);
    }
    const escaped = value.replaceAll(/["\\]/g, "\\$&");
    this.#text += '"' + latin1(encodeText(escaped)) + '"';
    return this;
  }

  /** `mailbox`, by its name on the wire. */
  mailbox(name: string): this {
    return this.astring(name);
  }

  /**
   * `flag-list` or `store-att-flags` in parentheses.
   * @throws {RangeError} On a flag that the protocol cannot carry.
   */
  flags(flags: Iterable<string>): this {
    const list = [...flags];
    for (const flag of list) {
      if (!isFlag(flag)) {
        throw new RangeError(`Not a flag: ${JSON.stringify(flag)}`);
      }
    }
    return this.text(`(${list.join(" ")})`);
  }

  /**
   * `sequence-set`.
   * @throws {RangeError} When it is empty, or so long that it must be split.
   */
  uids(uids: UidSet): this {
    const text = uids.toString();
    if (text === "") throw new RangeError("Cannot name an empty set of UIDs");
    if (text.length > MAX_SET_BYTES) {
      throw new RangeError(`Set of UIDs is too long: ${text.length} bytes`);
    }
    return this.text(text);
  }

  /**
   * `literal`, `literal-` or `literal8`, without waiting for the server where
   * it allows that (RFC 7888).
   */
  literal(
    data: Uint8Array | { size: number; chunks: AsyncIterable<Uint8Array> },
    options: { binary?: boolean } = {},
  ): this {
    const streamed = !(data instanceof Uint8Array);
    const size = streamed ? data.size : data.length;
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RangeError(`Not a size: ${size}`);
    }
    this.#flush();
    this.#parts.push({
      size,
      data: streamed ? data.chunks : data,
      binary: options.binary ?? false,
      sync: this.#mustWait(size),
    });
    return this;
  }

  #mustWait(size: number): boolean {
    if (this.has("LITERAL+")) return false;
    const minus = this.has("LITERAL-") || this.has("IMAP4REV2");
    return !(minus && size <= LITERAL_MINUS_BYTES);
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#parts.push(fromLatin1(this.#text));
    this.#text = "";
  }

  /** What was written, without tag and without CRLF at the end. */
  finish(): CommandPart[] {
    this.#flush();
    return this.#parts;
  }
}

/** Whether the protocol can carry `flag`: an atom, perhaps after a backslash. */
export function isFlag(flag: string): boolean {
  return isAll(flag.startsWith("\\") ? flag.slice(1) : flag, IS_ATOM);
}

function isAll(text: string, mask: number): boolean {
  if (text === "") return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7e || ((CHAR_CLASS[code] as number) & mask) === 0) {
      return false;
    }
  }
  return true;
}

function isQuotable(value: string, utf8: boolean): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === 0x0d || code === 0x0a) return false;
    if (code > 0x7e && !utf8) return false;
    // Bytes that are no UTF-8 were kept as lone surrogates; see `encodeText`.
    if (code >= 0xdc80 && code <= 0xdcff && !isPair(value, at)) return false;
  }
  return true;
}

function isPair(value: string, at: number): boolean {
  const before = at > 0 ? value.charCodeAt(at - 1) : 0;
  return before >= 0xd800 && before <= 0xdbff;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
