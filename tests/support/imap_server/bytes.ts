/** Bytes as the server needs them: byte strings, UTF-8, line ends, joining. */

const UTF8_ENCODER = new TextEncoder();
const UTF8_DECODER = new TextDecoder("utf-8");
const STRICT_DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * One character for each byte (U+0000 to U+00FF), so that positions in the text
 * are positions in the bytes. Not `TextDecoder("latin1")`: that is windows-1252.
 */
export function toByteString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** The bytes of a text made by {@link toByteString}; higher bits are dropped. */
export function fromByteString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** UTF-8 bytes of a text. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return UTF8_ENCODER.encode(text);
}

/** Text of UTF-8 bytes; wrong sequences become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return UTF8_DECODER.decode(bytes);
}

/** Text of UTF-8 bytes, or undefined where they are none. */
export function tryDecodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return STRICT_DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text as given (a string becomes UTF-8), bytes as given. */
export function toBytes(source: string | Uint8Array): Uint8Array {
  return typeof source === "string" ? encodeUtf8(source) : source;
}

/** All parts in one array. */
export function concatBytes(
  parts: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Text with every line end, CRLF, LF or CR, written as CRLF. */
export function crlf(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "\r\n");
}

/** Standard base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(toByteString(bytes));
}

/** Bytes of standard base64, or undefined where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return fromByteString(atob(text));
  } catch {
    return undefined;
  }
}
