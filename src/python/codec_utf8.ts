/** UTF-8 with errors told one by one, so that each can be handled. */

/** A stretch of bytes or characters that a codec cannot take. */
export interface CodecFault {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** Handles a fault: what to put in its place, or throws. */
export type FaultHandler = (fault: CodecFault) => string;

/** Lowest and highest second byte after a first byte (Unicode, table 3-7). */
function secondByteRange(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
  }
  return [0x80, 0xbf];
}

/** Bytes of a sequence by its first byte; 0 for one that cannot be first. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Decodes UTF-8; a byte order mark is a character as any other. */
export function decodeUtf8(bytes: Uint8Array, onFault: FaultHandler): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length = sequenceLength(first);
    if (length === 0) {
      text += onFault({ start: at, end: at + 1, reason: "invalid start byte" });
      at += 1;
      continue;
    }
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    let taken = 1;
    while (taken < length) {
      const byte = bytes[at + taken];
      const [low, high] = taken === 1 ? secondByteRange(first) : [0x80, 0xbf];
      if (byte === undefined || byte < low || byte > high) break;
      code = code << 6 | byte & 0x3f;
      taken += 1;
    }
    text += taken === length ? String.fromCodePoint(code) : onFault({
      start: at,
      end: at + taken,
      reason: at + taken === bytes.length
        ? "unexpected end of data"
        : "invalid continuation byte",
    });
    at += taken;
  }
  return text;
}
