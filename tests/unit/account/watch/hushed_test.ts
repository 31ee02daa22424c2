import assert from "node:assert/strict";
import { hushed } from "../../../../src/account/watch/hushed.ts";
import { NO_COUNTS, type SyncEvent } from "../../../../src/events.ts";

const about = { account: "A", mailbox: "INBOX" };
const started: SyncEvent = { type: "account.started", account: "A" };
const planned = (toLocal: number): SyncEvent => ({
  type: "mailbox.planned",
  ...about,
  counts: { ...NO_COUNTS, toLocal },
  dryRun: false,
});

Deno.test("hushed() tells nothing of a sync that finds nothing to do", () => {
  const told: SyncEvent[] = [];
  const emit = hushed((event) => told.push(event));
  emit(started);
  emit(planned(0));
  emit({ type: "mailbox.finished", ...about, ms: 1 });
  assert.deepEqual(told, []);
});

for (
  const event of [
    planned(1),
    { type: "warning", code: "x", text: "Odd" },
    {
      type: "error",
      error: { code: "x", scope: "account", text: "It failed" },
    },
  ] satisfies SyncEvent[]
) {
  Deno.test(`hushed() tells all, in order, once there is a ${event.type}`, () => {
    const told: SyncEvent[] = [];
    const emit = hushed((one) => told.push(one));
    emit(started);
    emit(event);
    emit(planned(0));
    assert.deepEqual(told, [started, event, planned(0)]);
  });
}
