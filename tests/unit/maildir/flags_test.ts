import assert from "node:assert/strict";
import fc from "fast-check";
import { FlagLetters } from "../../../src/maildir/flags.ts";
import { applyDelta, flagsOf, NO_FLAGS } from "../../../src/sync/flags.ts";

const KEYWORDS = new Map([["a", "$Label1"], ["w", "Work"]]);
const letters = new FlagLetters(KEYWORDS);

Deno.test.each([
  ["", []],
  ["S", ["\\Seen"]],
  ["DFRST", ["\\Draft", "\\Flagged", "\\Answered", "\\Seen", "\\Deleted"]],
  ["TSRFD", ["\\Draft", "\\Flagged", "\\Answered", "\\Seen", "\\Deleted"]],
  ["aw", ["$Label1", "Work"]],
  ["SS", ["\\Seen"]],
  // Passed, letters without a keyword and digits mean nothing on IMAP.
  ["PSbz0_", ["\\Seen"]],
])("FlagLetters reads %j", (text, flags) => {
  assert.equal(letters.flags(text), flagsOf(flags));
});

Deno.test("FlagLetters writes letters sorted, without flags it has none for", () => {
  const flags = flagsOf(["Work", "\\Seen", "\\Answered", "$Label1", "Unknown"]);
  assert.equal(letters.letters(flags), "RSaw");
});

Deno.test("FlagLetters holds system flags and configured keywords only", () => {
  for (const flag of ["\\Seen", "\\Deleted", "$Label1", "Work"]) {
    assert.equal(letters.canHold(flag), true, flag);
  }
  for (const flag of ["\\Recent", "work", "$Label2", "P", ""]) {
    assert.equal(letters.canHold(flag), false, flag);
  }
});

Deno.test.each([
  { from: "", add: ["\\Seen"], remove: [], to: "S" },
  { from: "S", add: [], remove: ["\\Seen"], to: "" },
  { from: "PSz", add: ["\\Flagged"], remove: ["\\Seen"], to: "FPz" },
  { from: "S", add: ["Work"], remove: [], to: "Sw" },
  { from: "Sw", add: [], remove: ["Work"], to: "S" },
  { from: "S", add: ["Unknown"], remove: [], to: "S" },
  // Nothing to do: not even the order is touched.
  { from: "TS", add: ["\\Seen"], remove: ["\\Draft"], to: "TS" },
])("FlagLetters makes $to of $from", ({ from, add, remove, to }) => {
  const delta = { add: flagsOf(add), remove: flagsOf(remove) };
  assert.equal(letters.apply(from, delta), to);
});

Deno.test("FlagLetters removes both letters of a keyword that has two", () => {
  const twice = new FlagLetters(new Map([["a", "Work"], ["b", "Work"]]));
  assert.equal(twice.flags("ab"), "Work");
  assert.equal(
    twice.apply("Sab", { add: NO_FLAGS, remove: flagsOf(["Work"]) }),
    "S",
  );
  assert.equal(
    twice.apply("Sa", { add: flagsOf(["Work"]), remove: NO_FLAGS }),
    "Sa",
  );
});

Deno.test("FlagLetters changes flags as sets do and keeps all other letters", () => {
  const flags = fc.subarray([
    "\\Answered",
    "\\Deleted",
    "\\Draft",
    "\\Flagged",
    "\\Seen",
    "$Label1",
    "Work",
  ]).map(flagsOf);
  const text = fc.string({ unit: fc.constantFrom(..."DFRSTPawxyz019") });
  fc.assert(fc.property(text, flags, flags, (from, add, remove) => {
    const to = letters.apply(from, { add, remove });
    const expected = applyDelta(letters.flags(from), { add, remove });
    assert.equal(letters.flags(to), expected);
    const others = (all: string) =>
      [...new Set(all)].filter((it) => "Pxyz019".includes(it)).sort().join("");
    assert.equal(others(to), others(from));
  }));
});

Deno.test("FlagLetters survives any number of letter combinations", () => {
  const many = new FlagLetters();
  for (let count = 0; count < 10_000; count++) {
    assert.equal(many.flags(`S${count}`), "\\Seen");
  }
});
