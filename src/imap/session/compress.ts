/** A byte stream under COMPRESS=DEFLATE (RFC 4978). */
import { type Duplex, pipeline, Writable } from "node:stream";
import { constants, createDeflateRaw, createInflateRaw } from "node:zlib";
import type { Transport } from "../transport.ts";

/** Inflates what comes from `socket`, deflates what goes to it. */
export function deflated(socket: Duplex): Transport {
  const inflate = createInflateRaw({
    windowBits: 15,
    // A server that hangs up does not end its deflate stream first: that is the
    // end of the input, not an error in it.
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const deflate = createDeflateRaw({ windowBits: 15 });
  const output = new Writable({
    write(chunk, _encoding, callback) {
      deflate.write(chunk);
      // Without it a command would wait in the compressor for more to come.
      deflate.flush(constants.Z_SYNC_FLUSH, () => callback());
    },
    writev(chunks, callback) {
      for (const { chunk } of chunks) deflate.write(chunk);
      deflate.flush(constants.Z_SYNC_FLUSH, () => callback());
    },
    final(callback) {
      deflate.end(callback);
    },
  });
  // Whatever breaks, both ends hear of it.
  pipeline(socket, inflate, (error) => void (error && output.destroy(error)));
  pipeline(deflate, socket, (error) => {
    if (!error) return;
    output.destroy(error);
    inflate.destroy(error);
  });
  for (const stream of [inflate, output]) stream.on("error", () => {});
  inflate.pause();
  return {
    input: inflate,
    output,
    carrier: socket,
    destroy() {
      socket.destroy();
      inflate.destroy();
      deflate.destroy();
      output.destroy();
    },
  };
}
