/** Modified UTF-7, the encoding of mailbox names (RFC 3501 §5.1.3). */
import { fromBase64, fromByteString, toBase64, toByteString } from "./bytes.ts";

/** A name as it goes over the wire of a client that did not enable UTF-8. */
export function encodeMailboxName(name: string): string {
  return name.replaceAll("&", "&-").replaceAll(
    /[^\x20-\x7e]+/g,
    (run) => `&${encodeRun(run)}-`,
  );
}

/** The name that was meant, or undefined where the encoding is not valid. */
export function decodeMailboxName(wire: string): string | undefined {
  if (/[^\x20-\x7e]/.test(wire)) return undefined;
  let name = "";
  for (let at = 0; at < wire.length;) {
    if (wire[at] !== "&") {
      name += wire[at++];
      continue;
    }
    const end = wire.indexOf("-", at);
    if (end < 0) return undefined;
    const run = end === at + 1 ? "&" : decodeRun(wire.slice(at + 1, end));
    if (run === undefined) return undefined;
    name += run;
    at = end + 1;
  }
  return name;
}

function encodeRun(run: string): string {
  let bytes = "";
  for (let at = 0; at < run.length; at++) {
    const unit = run.charCodeAt(at);
    bytes += String.fromCharCode(unit >> 8, unit & 0xff);
  }
  return toBase64(fromByteString(bytes)).replace(/=+$/, "")
    .replaceAll("/", ",");
}

function decodeRun(run: string): string | undefined {
  if (!/^[A-Za-z0-9+,]+$/.test(run)) return undefined;
  const bytes = fromBase64(run.replaceAll(",", "/"));
  if (bytes === undefined || bytes.length % 2 !== 0) return undefined;
  const pairs = toByteString(bytes);
  let text = "";
  for (let at = 0; at < pairs.length; at += 2) {
    text += String.fromCharCode(
      pairs.charCodeAt(at) << 8 | pairs.charCodeAt(at + 1),
    );
  }
  // What ASCII could have said must not hide in base64: it has one spelling.
  return /[\x20-\x7e]/.test(text) ? undefined : text;
}
