/** Takes fields out of a message's header and puts one in. Bytes only, no I/O. */
import { headerEnd } from "./message_header.ts";

/** What becomes of a header. */
export interface HeaderEdit {
  /** Names of fields that go, in lower case. */
  readonly drop: ReadonlySet<string>;
  /** `Name: value` without line end, set after the last field. */
  readonly add?: string;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const SP = 32;
const TAB = 9;

const encoder = new TextEncoder();

/**
 * `bytes` with another header; all else stays as it is, byte for byte, and so do
 * the fields that are kept.
 *
 * @param bytes The message, or as much of its start as holds the header. Where
 *   no end of the header is found, the new field goes to the top.
 * @see RFC 5322 §2.2: a field goes on over lines that begin with a blank.
 */
export function editHeader<Memory extends ArrayBufferLike>(
  bytes: Uint8Array<Memory>,
  { drop, add }: HeaderEdit,
): Uint8Array<Memory | ArrayBuffer> {
  const end = headerEnd(bytes);
  const crlf = bytes[bytes.indexOf(LF) - 1] === CR;
  const line = add === undefined
    ? new Uint8Array(0)
    : encoder.encode(add + (crlf ? "\r\n" : "\n"));
  const body = end === -1 ? bytes.length : emptyLine(bytes, end);
  const kept = keptParts(bytes, body, drop);
  const rest = bytes.subarray(body);
  return concat<Memory | ArrayBuffer>(
    end === -1 ? [line, ...kept] : [...kept, line, rest],
  );
}

/** Where the empty line before the body starts. */
function emptyLine(bytes: Uint8Array, end: number): number {
  return end >= 2 && bytes[end - 2] === CR ? end - 2 : end - 1;
}

function keptParts<Memory extends ArrayBufferLike>(
  bytes: Uint8Array<Memory>,
  end: number,
  drop: ReadonlySet<string>,
): Uint8Array<Memory>[] {
  const parts: Uint8Array<Memory>[] = [];
  let from = 0;
  let dropping = false;
  for (let at = 0; at < end;) {
    const next = lineEnd(bytes, at, end);
    const folded = bytes[at] === SP || bytes[at] === TAB;
    const drops: boolean = folded
      ? dropping
      : drop.has(fieldName(bytes, at, next)?.toLowerCase() ?? "");
    if (drops !== dropping) {
      if (drops) parts.push(bytes.subarray(from, at));
      else from = at;
      dropping = drops;
    }
    at = next;
  }
  if (!dropping) parts.push(bytes.subarray(from, end));
  return parts;
}

function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.indexOf(LF, at);
  return found === -1 || found >= end ? end : found + 1;
}

function fieldName(
  bytes: Uint8Array,
  at: number,
  end: number,
): string | undefined {
  const colon = bytes.indexOf(COLON, at);
  if (colon === -1 || colon >= end) return undefined;
  return String.fromCharCode(...bytes.subarray(at, Math.min(colon, at + 256)))
    .trimEnd();
}

function concat<Memory extends ArrayBufferLike>(
  parts: readonly Uint8Array<Memory>[],
): Uint8Array<Memory | ArrayBuffer> {
  const [only] = parts.filter((part) => part.length > 0);
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (only?.length === size) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
