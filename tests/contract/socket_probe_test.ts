/**
 * Probes of the runtime: `node:net` and `node:tls` must not lose, double or
 * swap a byte at full speed. Deno before 2.7 did (see `src/runtime.ts`).
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import * as net from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { certificates, hasOpenssl } from "../support/certificates.ts";

const SIZE = 48 * 1024 * 1024;
/** Sizes of the pieces that are written: small rows, odd ones, large bodies. */
const PIECES = [51, 100_003, 7, 65_536, 1_448, 300_001];

for (const secure of [false, true]) {
  const protocol = secure ? "node:tls" : "node:net";
  const ignore = secure && !hasOpenssl();
  for (const speed of ["fast", "slow"] as const) {
    Deno.test({
      name: `${protocol} brings 48 MB to a ${speed} reader as they were sent`,
      ignore,
      fn: () =>
        connected(secure, async (socket, peer) => {
          await Promise.all([send(peer), receive(socket, speed)]);
        }),
    });

    Deno.test({
      name: `${protocol} takes 48 MB to a ${speed} reader as they were sent`,
      ignore,
      fn: () =>
        connected(secure, async (socket, peer) => {
          await Promise.all([send(socket), receive(peer, speed)]);
        }),
    });
  }

  Deno.test({
    name: `${protocol} carries 48 MB each way at the same time`,
    ignore,
    fn: () =>
      connected(secure, async (socket, peer) => {
        await Promise.all([
          ...[send(socket), send(peer)],
          ...[receive(socket, "fast"), receive(peer, "fast")],
        ]);
      }),
  });
}

/** The octet at an offset of the stream: no two neighbouring pieces look alike. */
function octetAt(offset: number): number {
  return (offset ^ (offset >>> 8) * 31 ^ (offset >>> 16) * 17) & 0xff;
}

async function send(stream: Duplex): Promise<void> {
  let offset = 0;
  for (let piece = 0; offset < SIZE; piece++) {
    const wanted = PIECES[piece % PIECES.length] ?? 1;
    const bytes = Buffer.alloc(Math.min(wanted, SIZE - offset));
    for (let at = 0; at < bytes.length; at++) bytes[at] = octetAt(offset++);
    if (!stream.write(bytes)) await once(stream, "drain");
  }
}

async function receive(stream: Duplex, speed: "fast" | "slow"): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let offset = 0;
  let chunks = 0;
  stream.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at++, offset++) {
      if (chunk[at] === octetAt(offset)) continue;
      return reject(new Error(`Another byte than sent at offset ${offset}`));
    }
    if (offset >= SIZE) return resolve();
    if (speed === "fast" || ++chunks % 16 !== 0) return;
    stream.pause();
    setTimeout(() => stream.resume(), 1);
  });
  stream.once("close", () => reject(new Error(`Closed at offset ${offset}`)));
  await promise;
  assert.equal(offset, SIZE);
}

/** Runs `use` with both ends of a connection within this process. */
async function connected(
  secure: boolean,
  use: (socket: Duplex, peer: Duplex) => Promise<void>,
): Promise<void> {
  const files = secure ? await certificates() : undefined;
  const server = files
    ? tls.createServer({
      cert: await Deno.readTextFile(files.server.certificate),
      key: await Deno.readTextFile(files.server.key),
    })
    : net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert(address !== null && typeof address === "object");
  const { port } = address;
  const accepted = once(server, secure ? "secureConnection" : "connection");
  const socket = files
    ? tls.connect({
      ...{ host: "127.0.0.1", port, servername: "localhost" },
      ca: await Deno.readTextFile(files.ca),
    })
    : net.connect({ host: "127.0.0.1", port });
  const [peer] = await accepted as [Duplex];
  try {
    await use(socket, peer);
  } finally {
    socket.destroy();
    peer.destroy();
    server.close();
    await once(server, "close");
  }
}
