/** UTF-7 (RFC 2152) and IMAP's modified UTF-7 (RFC 3501, section 5.1.3). */
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { FaultHandler } from "./codec_utf8.ts";

/** The UTF-16 units that big-endian bytes hold; an odd last byte is dropped. */
function unitsOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0));
  }
  return text;
}

/** Base64 without padding of the big-endian UTF-16 units of `text`. */
function encodeUnits(text: string): string {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = unit >> 8;
    bytes[index * 2 + 1] = unit & 0xff;
  }
  return encodeBase64(bytes).replace(/=+$/, "");
}

/** `text` as bytes of its characters, which are all below 256. */
export function latinBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes as characters of the same number. */
export function latinText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** `bytes.decode('utf-7')`. */
export function decodeUtf7(bytes: Uint8Array, onFault: FaultHandler): string {
  const source = latinText(bytes);
  let text = "";
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (character !== "+") {
      text += character > "\x7f"
        ? onFault({
          start: at,
          end: at + 1,
          reason: "unexpected special character",
        })
        : character;
      at += 1;
      continue;
    }
    const [shifted = ""] = /^[A-Za-z0-9+/]*/.exec(source.slice(at + 1)) ?? [];
    const end = at + 1 + shifted.length;
    const dash = source.charAt(end) === "-";
    const fault = shifted === "" && !dash
      ? "ill-formed sequence"
      : shiftFault(shifted, dash);
    if (fault !== undefined) {
      text += onFault({ start: at, end: Math.max(end, at + 1), reason: fault });
    } else {
      text += shifted === "" ? "+" : unitsOf(decodeBase64(shifted));
    }
    at = dash ? end + 1 : end;
  }
  return text;
}

/** What is wrong with base64 between `+` and its end, as CPython sees it. */
function shiftFault(shifted: string, dash: boolean): string | undefined {
  const restBits = shifted.length * 6 % 16;
  if (restBits >= 6) return "partial character in base64 sequence";
  const last = shifted.charAt(shifted.length - 1);
  const value = decodeBase64(`${last}A`)[0] ?? 0;
  const padding = value >> 2 & ((1 << restBits) - 1);
  if (restBits > 0 && padding !== 0) {
    return "non-zero padding bits in shift sequence";
  }
  return dash || shifted !== "" ? undefined : "unterminated shift sequence";
}

/** Characters that UTF-7 leaves as they are, as CPython chooses them. */
const UTF7_DIRECT = /[A-Za-z0-9'(),\-./:? \t\r\n!"#$%&*;<=>@[\]^_`{|}]/;

/** `text.encode('utf-7')`. */
export function encodeUtf7(text: string): Uint8Array {
  let result = "";
  let pending = "";
  const flush = (next: string) => {
    if (pending === "") return;
    result += `+${encodeUnits(pending)}`;
    // The end must be marked where what follows could be base64, or the mark.
    if (next === "" || /[A-Za-z0-9+/-]/.test(next)) result += "-";
    pending = "";
  };
  for (const unit of text.split("")) {
    if (unit === "+" && pending === "") result += "+-";
    else if (unit !== "+" && UTF7_DIRECT.test(unit)) {
      flush(unit);
      result += unit;
    } else pending += unit;
  }
  flush("");
  return latinBytes(result);
}

/**
 * `bytes.decode('imap4-utf-7')`, the codec that OfflineIMAP registers. As there,
 * nothing is an error: a last shift without its end is decoded too.
 */
export function decodeImapUtf7(bytes: Uint8Array): string {
  return latinText(bytes).replaceAll(
    /&([^-]*)(?:-|$)/g,
    (_, shifted: string) =>
      shifted === ""
        ? "&"
        : unitsOf(decodeBase64(shifted.replaceAll(",", "/"))),
  );
}

/** `text.encode('imap4-utf-7')`. */
export function encodeImapUtf7(text: string): Uint8Array {
  const encoded = text.replaceAll(
    /&|[^\x20-\x7e]+/g,
    (run) => run === "&" ? "&-" : `&${encodeUnits(run).replaceAll("/", ",")}-`,
  );
  return latinBytes(encoded);
}
