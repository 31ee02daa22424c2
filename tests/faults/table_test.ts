/** docs/faults.md and the tests speak of the same rows. */
import assert from "node:assert/strict";

const HERE = new URL("./", import.meta.url);

Deno.test("docs/faults.md has a test for every row, and a row for every test", () => {
  const text = Deno.readTextFileSync(
    new URL("../../docs/faults.md", import.meta.url),
  );
  const rows = [...text.matchAll(/^\| ([DCSP]\d+) +\|/gm)].map(([, id]) => id);
  const tested = new Set<string | undefined>();
  for (const { name } of Deno.readDirSync(HERE)) {
    if (!name.endsWith("_test.ts")) continue;
    const source = Deno.readTextFileSync(new URL(name, HERE));
    for (
      const [, ids = ""] of source.matchAll(/["'`]((?:[DCSP]\d+(?:, )?)+): /g)
    ) {
      for (const id of ids.split(", ")) tested.add(id);
    }
  }
  assert.ok(rows.length > 40);
  assert.deepEqual([...tested].sort(), [...rows].sort());
});
