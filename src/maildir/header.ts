/** Just enough of a message's header: where it ends, one field, its digest. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** A header that has not ended here is taken to end here. */
export const MAX_HEADER_BYTES = 1 << 20;

/**
 * Where the body starts: behind the first empty line, with LF or CRLF ends.
 * @returns -1 if `bytes` do not hold the whole header.
 */
export function headerEnd(bytes: Uint8Array): number {
  let line = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    const empty = at === line || (at === line + 1 && bytes[line] === 13);
    if (empty) return at + 1;
    line = at + 1;
  }
  return -1;
}

/** The header as text, a byte a character, LF line ends, no empty last line. */
export function headerText(bytes: Uint8Array): string {
  const end = headerEnd(bytes);
  const header = bytes.subarray(0, end === -1 ? bytes.length : end);
  return Buffer.from(header.buffer, header.byteOffset, header.byteLength)
    .toString("latin1").replaceAll("\r\n", "\n").replace(/\n+$/, "");
}

/**
 * The first field of that name, unfolded (RFC 5322 §2.2.3) and without blanks
 * around it; undefined if there is none.
 */
export function headerField(text: string, name: string): string | undefined {
  const start = new RegExp(`^${name}[ \\t]*:`, "im").exec(text);
  if (start === null) return undefined;
  const rest = text.slice(start.index + start[0].length);
  const end = /\n(?![ \t])/.exec(rest);
  const raw = end === null ? rest : rest.slice(0, end.index);
  return raw.replaceAll("\n", "").trim();
}

/**
 * What tells a message from others by its header: the Message-ID, else
 * `sha256:` and the digest of the header with CRLF line ends between its lines
 * and none after the last.
 */
export function headerKey(text: string): string {
  const id = headerField(text, "Message-ID");
  if (id !== undefined && id !== "") return id;
  const digest = createHash("sha256")
    .update(text.replaceAll("\n", "\r\n"), "latin1").digest("hex");
  return `sha256:${digest}`;
}
