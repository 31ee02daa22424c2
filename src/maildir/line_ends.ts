/** CRLF as on the wire to LF as in a Maildir and back. Bytes only, no I/O. */

const CR = 13;
const LF = 10;

/**
 * Copies `from` into `into` with each CRLF pair as LF; a CR alone stays.
 * @param into At least as long as `from`, and not the same memory.
 * @returns The number of bytes written.
 */
export function crlfToLf(from: Uint8Array, into: Uint8Array): number {
  into.set(from);
  let at = from.indexOf(CR);
  if (at === -1) return from.length;
  let end = at;
  for (;;) {
    if (from[at + 1] !== LF) into[end++] = CR;
    const found = from.indexOf(CR, at + 1);
    const next = found === -1 ? from.length : found;
    into.copyWithin(end, at + 1, next);
    end += next - at - 1;
    if (found === -1) return end;
    at = next;
  }
}

/** {@link crlfToLf} for a stream: pairs are found across the chunks' borders. */
export class CrlfToLf {
  #heldCr = false;

  /** The converted bytes of the next chunk; a CR at its end is held back. */
  push(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    const held = this.#heldCr && chunk[0] !== LF ? 1 : 0;
    this.#heldCr = chunk[chunk.length - 1] === CR;
    const body = this.#heldCr ? chunk.subarray(0, -1) : chunk;
    const out = new Uint8Array(body.length + held);
    if (held === 1) out[0] = CR;
    return out.subarray(0, held + crlfToLf(body, out.subarray(held)));
  }

  /** What was held back. Call once after the last chunk. */
  end(): Uint8Array {
    return this.#heldCr ? Uint8Array.of(CR) : new Uint8Array(0);
  }
}

/** How many LF of `bytes` lack a CR; `previous` is the byte before the first. */
export function countBareLf(bytes: Uint8Array, previous = 0): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if ((at === 0 ? previous : bytes[at - 1]) !== CR) count++;
  }
  return count;
}

/**
 * `bytes` with a CR before each LF that lacks one, as OfflineIMAP uploads.
 * The same array if it has none. `previous` is the byte before the first.
 */
export function lfToCrlf(
  bytes: Uint8Array<ArrayBuffer>,
  previous = 0,
): Uint8Array<ArrayBuffer> {
  const bare = countBareLf(bytes, previous);
  if (bare === 0) return bytes;
  const out = new Uint8Array(bytes.length + bare);
  let end = 0;
  let start = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    out.set(bytes.subarray(start, at), end);
    end += at - start;
    if ((at === 0 ? previous : bytes[at - 1]) !== CR) out[end++] = CR;
    out[end++] = LF;
    start = at + 1;
  }
  out.set(bytes.subarray(start), end);
  return out;
}
