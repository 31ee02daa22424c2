/** COMPRESS=DEFLATE (RFC 4978): raw deflate in both directions. */
import type { Transform } from "node:stream";
import { constants, createDeflateRaw, createInflateRaw } from "node:zlib";
import type { Transport } from "./transport.ts";

/** A transport whose other side of `base` is compressed. */
export function deflateTransport(base: Transport): Transport {
  const inflate = createInflateRaw();
  const deflate = createDeflateRaw();
  const chunks: AsyncIterator<Uint8Array> = inflate[Symbol.asyncIterator]();
  let left = new Uint8Array();
  pumpIn(base, inflate);
  const sent = pumpOut(deflate, base);
  return {
    async read(target) {
      while (left.length === 0) {
        const next = await chunks.next();
        if (next.done === true) return null;
        left = new Uint8Array(next.value);
      }
      const count = Math.min(left.length, target.length);
      target.set(left.subarray(0, count));
      left = left.subarray(count);
      return count;
    },
    async write(bytes) {
      await write(deflate, bytes);
      // Without this the client would wait for what sits in the compressor.
      await new Promise<void>((resolve) =>
        deflate.flush(constants.Z_SYNC_FLUSH, resolve)
      );
    },
    async closeWrite() {
      deflate.end();
      await sent;
      await base.closeWrite();
    },
    close() {
      inflate.destroy();
      deflate.destroy();
      base.close();
    },
  };
}

async function pumpIn(base: Transport, inflate: Transform): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const count = await base.read(buffer);
      if (count === null) break;
      await write(inflate, buffer.slice(0, count));
    }
    inflate.end();
  } catch {
    inflate.destroy();
  }
}

async function pumpOut(deflate: Transform, base: Transport): Promise<void> {
  try {
    for await (const chunk of deflate) await base.write(chunk);
  } catch {
    base.close();
  }
}

function write(stream: Transform, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) =>
    stream.write(
      bytes,
      (error?: Error | null) => error ? reject(error) : resolve(),
    )
  );
}
