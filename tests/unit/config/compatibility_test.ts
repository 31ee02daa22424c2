/** The table of every option and flag in docs/compatibility.md. */
import assert from "node:assert/strict";
import {
  cell,
  COMPATIBILITY_FILE,
  compatibilityRows,
  NONE,
  renderRows,
  renderTest,
  withTable,
} from "../../../scripts/compatibility.ts";
import {
  FLAG_NOTES,
  OPTION_NOTES,
} from "../../../scripts/compatibility_notes.ts";
import { allTests, testsIn } from "../../../scripts/tests_in_source.ts";

const ROOT = new URL("../../../", import.meta.url);
const TESTS = await allTests(ROOT);
const ROWS = compatibilityRows(TESTS);

/** What the page says of an option: the cells of its row, by the first one. */
async function documented(): Promise<Map<string, string[]>> {
  const page = await Deno.readTextFile(new URL(COMPATIBILITY_FILE, ROOT));
  const [, table = ""] = page.split("<!-- deno-fmt-ignore-start -->");
  const rows = table.split(/\r?\n/).filter((line) => line.startsWith("| `"));
  return new Map(rows.map((line) => {
    const cells = line.slice(2, -2).split(/(?<!\\) \| /);
    return [cells[0] ?? "", cells];
  }));
}

Deno.test("docs/compatibility.md has a row for every option and every flag", async () => {
  const present = await documented();
  for (const { shown, theirs, ours } of ROWS) {
    const [, ...cells] = present.get(cell(shown)) ?? [];
    const wanted = [cell(theirs), cell(ours)];
    assert.deepEqual(
      cells.slice(0, 2),
      wanted,
      `${shown}: deno task reference`,
    );
  }
  assert.equal(
    present.size,
    ROWS.length,
    "a row too many: deno task reference",
  );
});

Deno.test("docs/compatibility.md names tests that exist", async () => {
  const known = new Set(TESTS.map((test) => cell(renderTest(test))));
  for (const [shown, cells] of await documented()) {
    const named = cells[3]?.trim() ?? "";
    if (named === NONE) continue;
    assert.ok(
      known.has(named),
      `${shown}: no test "${named}": deno task reference`,
    );
  }
});

Deno.test("docs/compatibility.md shows by tests that exist what nobody is to notice", async () => {
  const page = await Deno.readTextFile(new URL(COMPATIBILITY_FILE, ROOT));
  const [, section = ""] = page.split("## What nobody is to notice");
  const [rows = ""] = section.split("\n## ");
  const named = [...rows.matchAll(/\| (`tests\/.*?) *\|\r?$/gm)]
    .map(([, name = ""]) => name);
  assert.ok(named.length > 15);
  const known = new Set(TESTS.map((test) => cell(renderTest(test))));
  assert.deepEqual(named.filter((name) => !known.has(name)), []);
});

Deno.test("docs/compatibility.md names a test for every option and flag that works", async () => {
  const present = await documented();
  const missing = ROWS.filter(({ works, shown, test }) =>
    works &&
    (test === undefined ||
      (present.get(cell(shown))?.[3] ?? NONE).trim() === NONE)
  );
  assert.deepEqual(
    missing.map(({ key }) => key),
    [],
    "name the option in a test's name, or tag one: // shows: KEY",
  );
});

Deno.test("docs/compatibility.md says of every option what OfflineIMAP does", () => {
  const missing = ROWS.filter(({ theirs }) => theirs === "");
  assert.deepEqual(missing.map(({ key }) => key), []);
});

Deno.test("compatibility notes are about options and flags that there are", () => {
  const keys = new Set(ROWS.map(({ key }) => key));
  const notes = [...Object.keys(OPTION_NOTES), ...Object.keys(FLAG_NOTES)];
  assert.deepEqual(notes.filter((key) => !keys.has(key)), []);
});

Deno.test("tests name only options and flags that there are in their tags", () => {
  const keys = new Set(ROWS.map(({ key }) => key));
  const unknown = TESTS.flatMap(({ file, shows }) =>
    shows.filter((key) => !keys.has(key)).map((key) => `${file}: ${key}`)
  );
  assert.deepEqual(unknown, []);
});

Deno.test("testsIn() finds tests of all forms, with their tags", () => {
  const source = `
Deno.test("one: it's", () => {});
// shows: account.quick, -q
dovecotTest(
  \`two \${x}, with "quotes"\`,
  async () => {},
);
Deno.test({
  name: 'three',
});
`;
  assert.deepEqual(
    testsIn("tests/a_test.ts", source).map(({ name, shows }) => [name, shows]),
    [
      ["one: it's", []],
      ['two …, with "quotes"', ["account.quick", "-q"]],
      ["three", []],
    ],
  );
});

Deno.test("withTable() replaces the table and nothing else", () => {
  const table = renderRows(ROWS.slice(0, 2));
  const once = withTable("# Title\n\nText.\n", table);
  assert.equal(withTable(once, table), once);
  assert.ok(once.startsWith("# Title\n\nText.\n"));
  assert.ok(once.includes(table));
});
