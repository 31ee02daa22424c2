import assert from "node:assert/strict";
import { BodyBuffer } from "../../../src/imap/store/body_sink.ts";
import { Consumers } from "../../../src/imap/store/consumers.ts";
import { FetchRowDraft } from "../../../src/imap/wire/fetch_row.ts";
import type { Uid } from "../../../src/imap/wire/types.ts";
import type { Message } from "../../../src/sync/ports.ts";

function row(uid: number): FetchRowDraft {
  const draft = new FetchRowDraft(uid);
  draft.uid = uid as Uid;
  return draft;
}

function body(size = 1) {
  const sink = new BodyBuffer(size);
  sink.write(new Uint8Array(size));
  return sink.body;
}

/** Consumers whose messages are taken when the test says so. */
function held(concurrency: number) {
  const taking = new Map<unknown, PromiseWithResolvers<void>>();
  const consume = ({ ref }: Message) => {
    const settling = Promise.withResolvers<void>();
    taking.set(ref, settling);
    return settling.promise;
  };
  return { taking, consumers: new Consumers(consume, { concurrency }) };
}

Deno.test("Consumers have room until as many are under way as may be", async () => {
  const { taking, consumers } = held(2);
  void consumers.hand(row(1), body());
  assert.equal(consumers.room(), undefined);
  void consumers.hand(row(2), body());
  const room = consumers.room();
  assert(room instanceof Promise);
  taking.get(2)?.resolve();
  await room;
  taking.get(1)?.resolve();
  await consumers.settled();
  assert.deepEqual(consumers.failures(), []);
});

Deno.test("Consumers have no room while too many bytes wait, but for one message always", async () => {
  const { taking, consumers } = held(1_000);
  assert.equal(consumers.room(), undefined);
  void consumers.hand(row(1), body(15 * 1024 * 1024));
  assert.equal(consumers.room(), undefined);
  void consumers.hand(row(2), body(2 * 1024 * 1024));
  const room = consumers.room();
  assert(room instanceof Promise);
  taking.get(1)?.resolve();
  await room;
  taking.get(2)?.resolve();
  await consumers.settled();
});

Deno.test("Consumers note failures, thrown at once too, and forget them when it worked in the end", async () => {
  const outcomes = [new Error("first"), new Error("second"), undefined];
  const consumers = new Consumers(() => {
    const error = outcomes.shift();
    if (error === undefined) return Promise.resolve();
    if (error.message === "first") throw error;
    return Promise.reject(error);
  }, { concurrency: 1 });
  await consumers.hand(row(1), body());
  await consumers.hand(row(2), body());
  assert.deepEqual(
    consumers.failures().map(({ ref, error }) => [ref, error.message]),
    [[1, "first"], [2, "second"]],
  );
  await consumers.hand(row(2), body());
  assert.deepEqual(consumers.failures().map(({ ref }) => ref), [1]);
  consumers.fail(3, "no error object");
  assert(consumers.failures()[1]?.error instanceof Error);
});
