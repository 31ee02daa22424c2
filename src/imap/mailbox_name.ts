/** Names of mailboxes: modified UTF-7 and INBOX. */
import { decodeText, encodeText } from "./wire/bytes.ts";

const BASE64 =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
const VALUES = new Map([...BASE64].map((char, value) => [char, value]));

/** How names are written on a connection. */
export interface MailboxNameOptions {
  /** UTF8=ACCEPT or IMAP4rev2 is enabled: names are UTF-8, not UTF-7. */
  readonly utf8?: boolean;
}

/**
 * The readable name for a name on the wire: modified UTF-7 (RFC 3501 §5.1.3)
 * decoded.
 *
 * A name that is not proper modified UTF-7 (a lone `&`, raw 8-bit text) stays
 * as it is, but for each octet c of it that would be read otherwise U+DC00 + c
 * stands, so that {@link encodeMailboxName} gives back exactly what the server
 * calls it.
 */
export function decodeMailboxName(
  wire: string,
  { utf8 = false }: MailboxNameOptions = {},
): string {
  if (utf8 || !/[^\x20-\x25\x27-\x7e]/.test(wire)) return wire;
  const name = decodeUtf7(wire);
  // Only what comes back the same is safe: `&AGE-` for `a` would not.
  return name !== undefined && encodeUtf7(name) === wire ? name : keepRaw(wire);
}

/** The name on the wire for a readable name; undoes {@link decodeMailboxName}. */
export function encodeMailboxName(
  name: string,
  { utf8 = false }: MailboxNameOptions = {},
): string {
  return utf8 ? name : encodeUtf7(name);
}

/**
 * The readable text of a name in modified UTF-7; the name itself where it is
 * none, so that {@link encodeMailboxName} always leads back.
 */
export function readableMailboxName(wire: string): string {
  const name = decodeMailboxName(wire);
  return name.isWellFormed() && encodeUtf7(name) === wire ? name : wire;
}

/**
 * The text that modified UTF-7 stands for, in any spelling of it, with the slash
 * of usual base64, too; what is none stands for itself. For labels, which are
 * written in lists with commas, and by users.
 */
export function decodeLabel(text: string): string {
  const wire = text.replaceAll(
    /&[A-Za-z0-9+,\/]+-/g,
    (run) => run.replaceAll("/", ","),
  );
  return decodeUtf7(wire) ?? text;
}

/** A readable name for a screen: bytes kept raw become readable, if lossy. */
export function displayMailboxName(name: string): string {
  return name.replaceAll(
    /[\udc00-\udcff]+/gu,
    (raw) => decoder.decode(rawBytes(raw)),
  ).toWellFormed();
}

const decoder = new TextDecoder();

function rawBytes(raw: string): Uint8Array {
  return Uint8Array.from(raw, (char) => char.charCodeAt(0) - 0xdc00);
}

/** Whether a name is the INBOX, which alone is case-insensitive (RFC 9051 §5.1). */
export function isInbox(name: string): boolean {
  return name.length === 5 && name.toUpperCase() === "INBOX";
}

/** Whether two names on the wire mean the same mailbox. */
export function isSameMailbox(a: string, b: string): boolean {
  return a === b || (isInbox(a) && isInbox(b));
}

/** A name as it is, with marks on all that encoding would change. */
function keepRaw(wire: string): string {
  let name = "";
  for (const octet of encodeText(wire)) {
    const plain = octet >= 0x20 && octet <= 0x7e && octet !== 0x26;
    name += String.fromCharCode(plain ? octet : 0xdc00 + octet);
  }
  return name;
}

/**
 * The text of modified UTF-7; undefined when it is none. Not canonical forms
 * are decoded too.
 */
function decodeUtf7(wire: string): string | undefined {
  let name = "";
  for (let at = 0; at < wire.length;) {
    const shift = wire.indexOf("&", at);
    const plain = wire.slice(at, shift < 0 ? wire.length : shift);
    if (/[^\x00-\x7f]/.test(plain)) return undefined;
    name += plain;
    if (shift < 0) return name;
    const end = wire.indexOf("-", shift);
    if (end < 0) return undefined;
    const part = end === shift + 1
      ? "&"
      : decodeBase64(wire.slice(shift + 1, end));
    if (part === undefined) return undefined;
    name += part;
    at = end + 1;
  }
  return name;
}

function decodeBase64(text: string): string | undefined {
  let out = "";
  let bits = 0;
  let count = 0;
  for (const char of text) {
    const value = VALUES.get(char);
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0x3fffff;
    count += 6;
    if (count < 16) continue;
    count -= 16;
    out += String.fromCharCode((bits >> count) & 0xffff);
  }
  // A lone surrogate cannot be written to a file name or a screen.
  return out.isWellFormed() ? out : undefined;
}

function encodeUtf7(name: string): string {
  let wire = "";
  let shifted = "";
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    const raw = rawOctet(name, at);
    const plain = raw !== undefined || (code >= 0x20 && code <= 0x7e);
    if (!plain) {
      shifted += name.charAt(at);
      continue;
    }
    wire += encodeBase64(shifted);
    shifted = "";
    if (raw === undefined) wire += code === 0x26 ? "&-" : name.charAt(at);
    else wire += String.fromCharCode(raw < 0x80 ? raw : 0xdc00 + raw);
  }
  wire += encodeBase64(shifted);
  // Raw octets that together are UTF-8 are text again on the wire's side.
  return wire.isWellFormed() ? wire : decodeText(encodeText(wire));
}

/** The octet that {@link keepRaw} marked at this place of a name, if one was. */
function rawOctet(name: string, at: number): number | undefined {
  const code = name.charCodeAt(at);
  if (code < 0xdc00 || code > 0xdcff) return undefined;
  const before = at > 0 ? name.charCodeAt(at - 1) : 0;
  const paired = before >= 0xd800 && before <= 0xdbff;
  return paired ? undefined : code - 0xdc00;
}

function encodeBase64(text: string): string {
  if (text === "") return "";
  let out = "&";
  let bits = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    bits = ((bits << 16) | text.charCodeAt(at)) & 0x3fffff;
    count += 16;
    while (count >= 6) {
      count -= 6;
      out += BASE64.charAt((bits >> count) & 0x3f);
    }
  }
  if (count > 0) out += BASE64.charAt((bits << (6 - count)) & 0x3f);
  return out + "-";
}
