/** Bytes of the protocol: character classes and a lossless way to text. */

/** Octets with a role in the grammar (RFC 5234 appendix B.1). */
export const SP = 0x20;
export const CR = 0x0d;
export const LF = 0x0a;
export const DQUOTE = 0x22;
export const LPAREN = 0x28;
export const RPAREN = 0x29;
export const STAR = 0x2a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const DIGIT_0 = 0x30;
export const DIGIT_9 = 0x39;
export const COLON = 0x3a;
export const LESS = 0x3c;
export const GREATER = 0x3e;
export const LBRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const RBRACKET = 0x5d;
export const LBRACE = 0x7b;
export const RBRACE = 0x7d;
export const TILDE = 0x7e;

/** `ATOM-CHAR`, and octets above 127, which servers send though they may not. */
export const IS_ATOM = 1;
/** `ASTRING-CHAR`: an atom's, and `]`. */
export const IS_ASTRING = 2;
/** What we take in a flag: anything but blanks, parentheses and controls. */
export const IS_FLAG = 4;

/** The name of a FETCH item: an atom's, but for `[` and `<`. */
export const IS_ITEM = 8;

/** For each octet the classes it belongs to, as bits. */
export const CHAR_CLASS: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  const atomSpecials = new Set([...'(){ %*"\\]'].map((c) => c.charCodeAt(0)));
  const flagEnds = new Set([..."() "].map((c) => c.charCodeAt(0)));
  for (let octet = 0x21; octet < 256; octet++) {
    if (octet === 0x7f) continue;
    if (!atomSpecials.has(octet)) table[octet] = IS_ATOM | IS_ASTRING;
    if (!atomSpecials.has(octet) && octet !== LBRACKET && octet !== LESS) {
      table[octet] = IS_ATOM | IS_ASTRING | IS_ITEM;
    }
    if (octet === RBRACKET) table[octet] = IS_ASTRING;
    if (!flagEnds.has(octet)) table[octet] = (table[octet] ?? 0) | IS_FLAG;
  }
  return table;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Up to this length a loop beats the decoder. */
const SHORT = 12;

/**
 * The text of `bytes[start, end)`. UTF-8 where it is valid; an octet that is not
 * becomes the lone surrogate U+DC00 + octet (as Python's `surrogateescape`), so
 * that {@link encodeText} gives back exactly the same bytes.
 */
export function decodeText(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): string {
  if (end - start <= SHORT) {
    let text = "";
    for (let at = start; at < end; at++) {
      const octet = bytes[at] as number;
      if (octet > 0x7f) return decodeLong(bytes, start, end);
      text += String.fromCharCode(octet);
    }
    return text;
  }
  return decodeLong(bytes, start, end);
}

function decodeLong(bytes: Uint8Array, start: number, end: number): string {
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    return decodeEscaped(bytes, start, end);
  }
}

function decodeEscaped(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let at = start;
  while (at < end) {
    const size = sequenceLength(bytes[at] as number);
    const stop = Math.min(end, at + size);
    try {
      text += utf8.decode(bytes.subarray(at, stop));
      at = stop;
    } catch {
      text += String.fromCharCode(0xdc00 + (bytes[at] as number));
      at++;
    }
  }
  return text;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The bytes of `text`; undoes {@link decodeText}. */
export function encodeText(text: string): Uint8Array {
  if (!/[\ud800-\udfff]/.test(text)) return utf8Encoder.encode(text);
  const parts: Uint8Array[] = [];
  let size = 0;
  // Iterating by code point keeps real surrogate pairs together.
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const part = code >= 0xdc80 && code <= 0xdcff
      ? Uint8Array.of(code - 0xdc00)
      : utf8Encoder.encode(char);
    parts.push(part);
    size += part.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** At most `limit` bytes as printable ASCII, the others as `\xNN`: for messages. */
export function escapeBytes(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  limit = 200,
): string {
  let text = "";
  const stop = Math.min(end, start + limit);
  for (let at = start; at < stop; at++) {
    const octet = bytes[at] as number;
    if (octet === CR) text += "\\r";
    else if (octet === LF) text += "\\n";
    else if (octet === BACKSLASH) text += "\\\\";
    else if (octet >= 0x20 && octet < 0x7f) text += String.fromCharCode(octet);
    else text += "\\x" + octet.toString(16).padStart(2, "0");
  }
  return stop < end ? `${text}... (${end - start} bytes)` : text;
}
