import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BodyBuffer,
  BodyStream,
  isOnceOnly,
} from "../../../src/imap/store/body_sink.ts";

const MIB = 1024 * 1024;

async function readAll(stream: BodyStream): Promise<Uint8Array> {
  const parts = await Array.fromAsync(stream.body.chunks());
  return new Uint8Array(await new Blob(parts.map((p) => p.slice())).bytes());
}

/** Whether a promise has settled by the next turn of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.finally(() => settled = true).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 0));
  return settled;
}

Deno.test("BodyBuffer gives back what was written, as often as it is asked", async () => {
  const sink = new BodyBuffer(5);
  sink.write(Uint8Array.of(1, 2));
  sink.write(Uint8Array.of(3, 4, 5));
  sink.end();
  assert.equal(sink.body.sizeBytes, 5);
  assert.deepEqual(sink.body.bytes, Uint8Array.of(1, 2, 3, 4, 5));
  for (const _ of [1, 2]) {
    const chunks = await Array.fromAsync(sink.body.chunks());
    assert.deepEqual(chunks, [Uint8Array.of(1, 2, 3, 4, 5)]);
  }
  assert.equal(isOnceOnly(sink.body), false);
});

Deno.test("BodyBuffer refuses to end before its size, or to take more", () => {
  const sink = new BodyBuffer(3);
  sink.write(Uint8Array.of(1, 2));
  assert.throws(() => sink.end(), { code: "imap.incomplete" });
  assert.throws(() => sink.write(Uint8Array.of(3, 4)));
});

Deno.test("BodyStream hands on what is written, whoever is faster", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })),
      fc.infiniteStream(fc.boolean()),
      async (chunks, pauses) => {
        const size = chunks.reduce((sum, { length }) => sum + length, 0);
        const stream = new BodyStream(size);
        const reading = readAll(stream);
        for (const chunk of chunks) {
          if (pauses.next().value) await Promise.resolve();
          await stream.write(chunk);
        }
        stream.end();
        assert.deepEqual(
          await reading,
          Uint8Array.from(chunks.flatMap((chunk) => [...chunk])),
        );
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("BodyStream makes the writer wait for a slow reader, and lets it go on", async () => {
  const stream = new BodyStream(3 * MIB);
  assert.equal(stream.write(new Uint8Array(MIB - 1)), undefined);
  const wait = stream.write(new Uint8Array(1));
  assert(wait instanceof Promise);
  assert.equal(await isSettled(wait), false);
  const chunks = stream.body.chunks()[Symbol.asyncIterator]();
  await chunks.next();
  await wait;
  await chunks.return?.();
});

Deno.test("BodyStream drops what comes after its reader has left", async () => {
  const stream = new BodyStream(100 * MIB);
  const wait = stream.write(new Uint8Array(2 * MIB));
  assert(wait instanceof Promise);
  stream.leave();
  await wait;
  for (let at = 0; at < 100; at++) {
    assert.equal(stream.write(new Uint8Array(MIB)), undefined);
  }
  stream.end();
});

Deno.test("BodyStream gives an error to a reader whose message does not come whole", async () => {
  const stream = new BodyStream(10);
  stream.write(Uint8Array.of(1, 2, 3));
  const reading = readAll(stream);
  stream.abort();
  await assert.rejects(reading, {
    code: "imap.incomplete",
    scope: "message",
    retry: "later",
  });
});

Deno.test("BodyStream lets a waiting writer go when the message is aborted", async () => {
  const stream = new BodyStream(10 * MIB);
  const wait = stream.write(new Uint8Array(2 * MIB));
  stream.abort();
  stream.leave();
  await wait;
});

Deno.test("BodyStream can be read once, and says so", () => {
  const stream = new BodyStream(1);
  assert.equal(isOnceOnly(stream.body), true);
  stream.body.chunks();
  assert.throws(() => stream.body.chunks(), /only once/);
});
