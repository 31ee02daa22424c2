import assert from "node:assert/strict";
import fc from "fast-check";
import { PairTable } from "../../../src/state/pair_table.ts";
import { TextArena } from "../../../src/state/text_arena.ts";
import { doomNumber } from "../../../src/state/values.ts";
import type { Flags, Ref, Side } from "../../../src/sync/types.ts";

const MD5 = "7e33429f656f1e6e9d79b29c3f82c57e";

const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 })
    .map((text) => `${text},U=1,FMD5=${MD5}`),
  fc.string({ minLength: 14, maxLength: 18 }).map((text) => `a,${text}`),
);

Deno.test("TextArena returns every string and finds it by its hash alone", () => {
  fc.assert(fc.property(fc.uniqueArray(name), name, (names, other) => {
    const arena = new TextArena(0);
    const addresses = names.map((text) => arena.add(text));
    assert.deepEqual(addresses.map((address) => arena.at(address)), names);
    for (const text of [...names, other]) {
      const probe = arena.probe(text);
      const found = addresses.filter((address) =>
        probe?.hash === arena.hashAt(address) && probe.matches(address)
      );
      assert.deepEqual(
        found.map((address) => arena.at(address)),
        names.filter((name) => name === text),
      );
    }
  }));
});

Deno.test("TextArena goes on when there are more endings than it can number", () => {
  const arena = new TextArena(0);
  const names = Array.from(
    { length: 1_000 },
    (_, i) => `x,${String(i % 500).padStart(20, "0")}-${i}`.replace(/-.*/, ""),
  );
  const addresses = names.map((text) => arena.add(text));
  names.forEach((text, i) => {
    assert.equal(arena.at(addresses[i] ?? 0), text);
    assert.equal(arena.probe(text)?.hash, arena.hashAt(addresses[i] ?? 0));
  });
});

Deno.test("TextArena holds names of any length up to 65535 bytes, across its chunks", () => {
  const arena = new TextArena(1 << 20);
  const names = [0, 1, 65_535, 40_000, 65_535, 3]
    .flatMap((length, i) => Array(8).fill(`${i}`.repeat(length)));
  const addresses = names.map((text) => arena.add(text));
  assert.deepEqual(addresses.map((address) => arena.at(address)), names);
  assert.throws(() => arena.add("x".repeat(65_536)), RangeError);
  assert.equal(arena.probe("x".repeat(65_536)), undefined);
});

Deno.test("TextArena keeps a byte order mark", () => {
  const arena = new TextArena(0);
  assert.equal(arena.at(arena.add("\ufeffx")), "\ufeffx");
});

const ref: fc.Arbitrary<Ref> = fc.oneof(
  fc.integer({ min: -3, max: 4294967295 }),
  name,
);

Deno.test("PairTable finds every pair by either ref and lists numbers ascending", () => {
  const rows = fc.uniqueArray(fc.record({ local: ref, remote: ref }), {
    selector: ({ remote }) => `${typeof remote}${remote}`,
  });
  fc.assert(
    fc.property(
      rows,
      fc.array(fc.constantFrom<Side | false>(false, "remote", "local")),
      ref,
      (rows, doom, other) => {
        const unique = rows.filter(({ local }, i) =>
          rows.findIndex((row) => row.local === local) === i
        );
        const table = new PairTable(
          unique.length,
          new Map([[3, "\\Seen" as Flags]]),
        );
        const pairs = unique.map((row, i) => ({
          ...row,
          id: i + 1,
          doomed: doom[i] ?? false,
        }));
        for (const pair of pairs) {
          table.add({ ...pair, flags: 3, doomed: doomNumber(pair.doomed) });
        }
        const base = table.seal();
        for (const side of ["remote", "local"] as const) {
          const expected = pairs.filter(({ doomed }) =>
            doomed === false || doomed === side
          );
          assert.equal(base[side].size, expected.length);
          for (const asked of [...pairs.map((pair) => pair[side]), other]) {
            const pair = expected.find((pair) => pair[side] === asked);
            assert.deepEqual(
              base[side].find(asked),
              pair === undefined ? undefined : { ...pair, flags: "\\Seen" },
            );
            assert.equal(
              base[side].flagsOf(asked),
              pair === undefined ? undefined : "\\Seen",
            );
          }
          const listed = [...base[side].pairs()];
          assert.deepEqual(
            [...base[side].refs()],
            listed.map((pair) => pair[side]),
          );
          const numbers = listed.map((pair) => pair[side])
            .filter((ref) => typeof ref === "number");
          assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b));
          assert.deepEqual(
            listed.map(({ id }) => id).toSorted((a, b) => a - b),
            expected.map(({ id }) => id),
          );
        }
      },
    ),
  );
});
