/** Numbers and strings as they are written. */
import { latinBytes } from "./codec_utf7.ts";
import { parseFloat, parseInteger } from "./numbers.ts";
import { type Span, SyntaxFault, Unsupported } from "./raised.ts";
import type { Value } from "./values.ts";

/** The value of a number. */
export function numberOf(text: string, span: Span): Value {
  const plain = text.toLowerCase();
  if (plain.endsWith("j")) {
    throw new Unsupported("complex numbers are not supported");
  }
  const isInteger = /^0[xob]/.test(plain) || !/[.e]/.test(plain);
  if (!isInteger) return parseFloat(plain, text);
  if (/^0[0-9_]*[1-9]/.test(plain)) {
    throw new SyntaxFault(
      "leading zeros in decimal integer literals are not permitted",
      span,
      "Use an 0o prefix for octal integers",
    );
  }
  return parseInteger(plain, 0, text);
}

/** A string literal taken apart. */
export interface StringLiteral {
  readonly raw: boolean;
  readonly bytes: boolean;
  /** Offset of the first character after the opening quote. */
  readonly bodyFrom: number;
  /** Offset of the closing quote. */
  readonly bodyTo: number;
}

/** Takes apart the literal at `span` of `text`, of any prefix. */
export function openLiteral(text: string, span: Span): StringLiteral {
  const literal = text.slice(span.from, span.to);
  const match = /^([a-z]*)("""|'''|"|')/i.exec(literal);
  const [opening = "", prefix = "", quote = ""] = match ?? [];
  const body = literal.slice(opening.length, -quote.length);
  if (quote.length === 1 && /(?<!\\)(?:\\\\)*\n/.test(body)) {
    throw new SyntaxFault("unterminated string literal", span);
  }
  const letters = prefix.toLowerCase();
  return {
    raw: letters.includes("r"),
    bytes: letters.includes("b"),
    bodyFrom: span.from + opening.length,
    bodyTo: span.to - quote.length,
  };
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", ""],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

/** One escape: octal, hexadecimal, named, or any single character. */
const ESCAPE =
  /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|([^]))/gu;

/**
 * The text of a literal's body. Escapes that Python does not know stay as they
 * are, backslash and all.
 */
export function unescapeText(
  body: string,
  { raw, bytes }: Pick<StringLiteral, "raw" | "bytes">,
  span: Span,
): string {
  if (raw) return body;
  return body.replaceAll(
    ESCAPE,
    (all, octal, hex, short, long, single) => {
      if (octal !== undefined) {
        const code = parseInt(octal, 8);
        return String.fromCharCode(bytes ? code & 0xff : code);
      }
      if (single !== undefined) {
        if (single === "N" && !bytes) {
          throw new Unsupported("\\N{...} in a string is not supported");
        }
        return SIMPLE_ESCAPES.get(single) ?? all;
      }
      if (hex !== undefined) return fromHex(hex, 2, span);
      // Bytes have no \u.
      if (bytes) return all;
      return short === undefined
        ? fromHex(long, 8, span)
        : fromHex(short, 4, span);
    },
  );
}

function fromHex(digits: string, count: number, span: Span): string {
  const code = parseInt(digits, 16);
  if (digits.length !== count || code > 0x10ffff) {
    throw new SyntaxFault("truncated or illegal escape in a string", span);
  }
  return String.fromCodePoint(code);
}

/** The value of a string or bytes literal. */
export function stringOf(text: string, span: Span): string | Uint8Array {
  const literal = openLiteral(text, span);
  const body = text.slice(literal.bodyFrom, literal.bodyTo);
  if (!literal.bytes) return unescapeText(body, literal, span);
  if (!/^\p{ASCII}*$/u.test(body)) {
    throw new SyntaxFault(
      "bytes can only contain ASCII literal characters",
      span,
    );
  }
  return latinBytes(unescapeText(body, literal, span));
}
