import assert from "node:assert/strict";
import fc from "fast-check";
import type { EventSide } from "../../../src/events.ts";
import { type Stage, Stages } from "../../../src/ui/stages.ts";
import { counts } from "./support.ts";

const ORDER: readonly [EventSide, Stage][] = [
  ["local", "copy"],
  ["local", "delete"],
  ["local", "flag"],
  ["remote", "copy"],
  ["remote", "delete"],
  ["remote", "flag"],
];

Deno.test("Stages tells what is in order at once", () => {
  const told: string[] = [];
  const stages = new Stages(
    counts({ toLocal: 2, toRemote: 1 }),
    (to) => told.push(`open ${to}`),
  );
  stages.add("local", "copy", 1, () => told.push("down 1"));
  assert.deepEqual(told, ["open local", "down 1"]);
  stages.add("local", "copy", 1, () => told.push("down 2"));
  assert.deepEqual(told.slice(2), ["down 2", "open remote"]);
  stages.add("remote", "copy", 1, () => told.push("up"));
  assert.equal(told.at(-1), "up");
});

Deno.test("Stages announces both sides when there is nothing to do", () => {
  const told: string[] = [];
  new Stages(counts(), (to) => told.push(to));
  assert.deepEqual(told, ["local", "remote"]);
});

Deno.test("Stages tells everything once and in OfflineIMAP's order, however it happens", () => {
  const happened = fc.array(fc.nat({ max: 5 }));
  fc.assert(fc.property(happened, (indexes) => {
    const number = (index: number) =>
      indexes.filter((other) => other === index).length;
    const told: number[] = [];
    const stages = new Stages(
      counts({
        toLocal: number(0),
        deleteLocal: number(1),
        flagLocal: number(2),
        toRemote: number(3),
        deleteRemote: number(4),
        flagRemote: number(5),
      }),
      () => {},
    );
    for (const index of indexes) {
      const [side, stage] = ORDER[index] ?? ["local", "copy"];
      stages.add(side, stage, 1, () => told.push(index));
    }
    stages.finish();
    assert.deepEqual(told, [...indexes].sort());
  }));
});

Deno.test("Stages tells at the end what a failure left unfinished", () => {
  const told: string[] = [];
  const stages = new Stages(
    counts({ toLocal: 5, flagRemote: 1 }),
    (to) => told.push(to),
  );
  stages.add("remote", "flag", 1, () => told.push("flag"));
  assert.deepEqual(told, ["local"]);
  stages.finish();
  assert.deepEqual(told, ["local", "remote", "flag"]);
});
