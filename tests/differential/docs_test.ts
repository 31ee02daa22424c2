/** `docs/compatibility.md` tells every difference that the scenarios know. */
import assert from "node:assert/strict";
import { SCENARIOS } from "./scenarios/mod.ts";

const DOCS = new URL("../../docs/compatibility.md", import.meta.url);

/** Rows of the table of differences: a reason, and all scenarios that show it. */
function rows(): string[] {
  const shown = new Map<string, string[]>();
  for (const { name, differences = [] } of SCENARIOS) {
    for (const { why } of differences) {
      shown.set(why, [...shown.get(why) ?? [], name]);
    }
  }
  return [...shown].map(([why, names]) => `| ${why} | ${names.join("; ")} |`);
}

/** The rows of the page's tables without what formatting adds. */
function documented(): string[] {
  return Deno.readTextFileSync(DOCS).split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replaceAll(/\s+/g, " ").trim());
}

Deno.test("docs/compatibility.md lists all differences from OfflineIMAP", () => {
  const present = new Set(documented());
  const missing = rows().filter((row) => !present.has(row));
  assert.deepEqual(missing, [], `Add:\n${missing.join("\n")}`);
});

Deno.test("SCENARIOS have names of their own, and differences that show", () => {
  const names = SCENARIOS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, differences = [] } of SCENARIOS) {
    for (const { run, again } of differences) {
      const lines = [run?.theirs, run?.ours, again?.theirs, again?.ours];
      assert.ok(lines.some((shown) => (shown?.length ?? 0) > 0), name);
    }
  }
});
