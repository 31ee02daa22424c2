import assert from "node:assert/strict";
import { Flood } from "../../../src/sandbox/flood.ts";

Deno.test("Flood rises with more messages in a second than any account sends", () => {
  let now = 0;
  const flood = new Flood(() => now);
  const send = (count: number) =>
    Array.from({ length: count }, () => flood.rises()).lastIndexOf(true) >= 0;
  for (let second = 0; second < 5; second++) {
    assert.equal(send(20_000), false, `second ${second}`);
    now += 1000;
  }
  assert.equal(send(20_000), false);
  now += 999;
  assert.equal(send(1), true);
});
