import assert from "node:assert/strict";
import { pairMapped } from "../../../../src/state/mod.ts";
import { flags } from "../support.ts";

const ROWS = [1, 2, 3].map((uid) => ({ uid, flags: flags("\\Seen") }));

function paired(map: [local: number, remote: number][]) {
  const { pairs, ambiguous } = pairMapped(
    ROWS,
    map.map(([local, remote]) => ({ local, remote })),
  );
  return { pairs: pairs.map((p) => `${p.remote} ${p.local}`), ambiguous };
}

Deno.test("pairMapped() pairs rows with the messages of the map, in any order", () => {
  assert.deepEqual(paired([[30, 3], [10, 1], [20, 2]]), {
    pairs: ["1 10", "2 20", "3 30"],
    ambiguous: 0,
  });
});

Deno.test("pairMapped() leaves a row without a line unpaired: it is no deletion", () => {
  assert.deepEqual(paired([[10, 1]]).pairs, ["1 10"]);
});

Deno.test("pairMapped() leaves a line without a row out: nothing was agreed", () => {
  assert.deepEqual(paired([[10, 1], [90, 9]]).pairs, ["1 10"]);
});

Deno.test("pairMapped() believes no message that is named twice", () => {
  assert.deepEqual(paired([[10, 1], [10, 2], [30, 3], [31, 3]]), {
    pairs: [],
    ambiguous: 4,
  });
  assert.deepEqual(paired([[0, 1], [20, 2]]), {
    pairs: ["2 20"],
    ambiguous: 1,
  });
});
