import assert from "node:assert/strict";
import { Coalesced } from "../../../src/maildir/coalesce.ts";

Deno.test("Coalesced serves what is asked at once with one run", async () => {
  const runs: string[][] = [];
  const all = new Coalesced<string, number>((keys) => {
    runs.push([...keys]);
    return Promise.resolve(new Map([...keys].map((key) => [key, key.length])));
  });
  const asked = ["a", "bb", "a", "ccc"].map((key) => all.request(key));
  assert.deepEqual(await Promise.all(asked), [1, 2, 1, 3]);
  assert.deepEqual(runs, [["a", "bb", "ccc"]]);
});

Deno.test("Coalesced serves late requests by a run that starts after them", async () => {
  const runs: string[][] = [];
  const gates: (() => void)[] = [];
  const all = new Coalesced<string, true>(async (keys) => {
    runs.push([...keys]);
    await new Promise<void>((open) => gates.push(open));
    return new Map([...keys].map((key) => [key, true]));
  });
  const first = all.request("a");
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(runs, [["a"]]);
  // The run has begun: it may have looked already.
  const second = all.request("a");
  const third = all.request("b");
  await Promise.resolve();
  assert.deepEqual(runs, [["a"]], "one at a time");
  gates.shift()?.();
  assert.equal(await first, true);
  while (gates.length === 0) await Promise.resolve();
  gates.shift()?.();
  assert.deepEqual([await second, await third], [true, true]);
  assert.deepEqual(runs, [["a"], ["a", "b"]]);
});

Deno.test("Coalesced tells a failure to all of that run and goes on", async () => {
  let fail = true;
  const all = new Coalesced<string, true>((keys) =>
    fail
      ? Promise.reject(new Error("no"))
      : Promise.resolve(new Map([...keys].map((key) => [key, true])))
  );
  const [a, b] = await Promise.allSettled([all.request("a"), all.request("b")]);
  assert.deepEqual([a?.status, b?.status], ["rejected", "rejected"]);
  fail = false;
  assert.equal(await all.request("a"), true);
});

Deno.test("Coalesced answers undefined for what the run did not find", async () => {
  const all = new Coalesced<string, true>(() => Promise.resolve(new Map()));
  assert.equal(await all.request("a"), undefined);
});
