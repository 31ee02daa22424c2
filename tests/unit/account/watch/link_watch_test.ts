import assert from "node:assert/strict";
import { LinkWatch } from "../../../../src/account/watch/link_watch.ts";
import { FakeClock } from "../fake_clock.ts";

function open() {
  const clock = new FakeClock();
  const told: string[] = [];
  const link = { addresses: "eth0 10.0.0.2" };
  const watch = new LinkWatch({
    clock,
    addresses: () => link.addresses,
    onWake: (ms) => told.push(`wake ${ms}`),
    onNetwork: () => told.push("network"),
  });
  return { clock, told, link, watch };
}

Deno.test("LinkWatch is silent for an hour in which nothing happens", async () => {
  const { clock, told, watch } = open();
  await clock.advance(3_600_000);
  assert.deepEqual(told, []);
  assert.equal(clock.waiting, 1);
  watch[Symbol.dispose]();
  assert.equal(clock.waiting, 0);
});

Deno.test("LinkWatch takes a jump of the clock on the wall for a suspend", async () => {
  const { clock, told, watch } = open();
  await clock.advance(7_000);
  clock.jump(3_600_000);
  await clock.advance(10_000);
  assert.deepEqual(told, ["wake 3600000"]);
  watch[Symbol.dispose]();
});

Deno.test("LinkWatch takes a timer that comes late for SIGSTOP", () => {
  const timers: (() => void)[] = [];
  let now = 0;
  const told: number[] = [];
  const watch = new LinkWatch({
    clock: {
      now: () => now,
      wall: () => 1_000 + now,
      after: (_ms, action) => {
        timers.push(action);
        return () => {};
      },
    },
    addresses: () => "",
    onWake: (ms) => told.push(ms),
    onNetwork: () => assert.fail("the network is the same"),
  });
  now = 65_000;
  timers.shift()?.();
  now = 70_000;
  timers.shift()?.();
  assert.deepEqual(told, [60_000]);
  watch[Symbol.dispose]();
});

Deno.test("LinkWatch puts up with a clock that is corrected and a machine that is busy", async () => {
  const { clock, told, watch } = open();
  clock.jump(-2_000);
  await clock.advance(60_000);
  clock.jump(10_000);
  await clock.advance(60_000);
  assert.deepEqual(told, []);
  watch[Symbol.dispose]();
});

Deno.test("LinkWatch tells once that the addresses are others", async () => {
  const { clock, told, link, watch } = open();
  link.addresses = "wlan0 192.168.0.7";
  await clock.advance(60_000);
  assert.deepEqual(told, ["network"]);
  watch[Symbol.dispose]();
});
