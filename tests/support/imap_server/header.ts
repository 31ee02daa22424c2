/** Header and body of a message as bytes, header fields as text. */
import {
  concatBytes,
  decodeUtf8,
  fromByteString,
  toByteString,
} from "./bytes.ts";

/** One header field. */
export interface HeaderField {
  /** Lower-case name. */
  readonly key: string;
  /** Unfolded, trimmed, read as UTF-8. */
  readonly value: string;
  /** The field as it stands, line ends included. */
  readonly raw: Uint8Array;
}

/** The two halves of a message (or MIME part); the blank line is the header's. */
export interface SplitMessage {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/** Splits at the first blank line; without one everything is header. */
export function splitMessage(source: Uint8Array): SplitMessage {
  let lineStart = 0;
  for (;;) {
    const at = source.indexOf(10, lineStart);
    if (at < 0) return { header: source, body: new Uint8Array() };
    const length = at - lineStart;
    if (length === 0 || (length === 1 && source[lineStart] === 13)) {
      return {
        header: source.subarray(0, at + 1),
        body: source.subarray(at + 1),
      };
    }
    lineStart = at + 1;
  }
}

/** The fields of a header; lines that are none are skipped. */
export function parseHeader(header: Uint8Array): HeaderField[] {
  const text = toByteString(header);
  const fields: HeaderField[] = [];
  for (
    const match of text.matchAll(/[^\n]*\n(?:[ \t][^\n]*(?:\n|$))*|[^\n]+$/g)
  ) {
    const raw = match[0];
    const colon = raw.indexOf(":");
    if (colon <= 0 || /[\s]/.test(raw.slice(0, colon).trimEnd())) continue;
    const bytes = fromByteString(raw);
    fields.push({
      key: raw.slice(0, colon).trimEnd().toLowerCase(),
      value: decodeUtf8(bytes.subarray(colon + 1)).replaceAll(/\r?\n/g, "")
        .trim(),
      raw: bytes,
    });
  }
  return fields;
}

/**
 * What `HEADER.FIELDS` (or with `others`, `HEADER.FIELDS.NOT`) gives: the raw
 * fields in the order of the message and a blank line (RFC 3501 §6.4.5).
 */
export function selectFields(
  fields: readonly HeaderField[],
  names: readonly string[],
  others = false,
): Uint8Array {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const parts = fields.filter((field) => wanted.has(field.key) !== others)
    .map((field) => field.raw);
  return concatBytes([...parts, new Uint8Array([13, 10])]);
}
