/** docs/architecture.md says what imports what; the code does so. */
import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** A row of the table: places of the code, and those that they import. */
interface Row {
  readonly places: readonly string[];
  readonly imports: readonly string[];
}

const [, TABLE = ""] = Deno.readTextFileSync(
  new URL("docs/architecture.md", ROOT),
).split("## Where things are");

const ROWS: readonly Row[] = [
  ...TABLE.matchAll(/^\| (`[^|]*)\|[^|]*\|([^|]*)\|$/gm),
].map(([, places = "", imports = ""]) => ({
  places: spansOf(places),
  imports: spansOf(imports),
}));

const [SHARED = [], ...PLACES] = ROWS.map(({ places }) => places);

/** What every file of src/ imports from src/, by its path. */
const FILES: ReadonlyMap<string, readonly string[]> = new Map(
  sourcesBelow(new URL("src/", ROOT))
    .map((url) => [pathOf(url), importsOf(url)]),
);

function spansOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, span]) => `src/${span}`);
}

function sourcesBelow(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourcesBelow(new URL(`${name}/`, folder));
    return name.endsWith(".ts") ? [new URL(name, folder)] : [];
  });
}

function pathOf({ href }: URL): string {
  return href.slice(ROOT.href.length);
}

function importsOf(url: URL): string[] {
  const source = Deno.readTextFileSync(url);
  return [
    ...source.matchAll(
      /^(?:import|export)\b[^;"]*? from "(\.[^"]*)"|\bimport\("(\.[^"]*)"\)/gm,
    ),
  ].map(([, from, later]) => pathOf(new URL(from ?? later ?? "", url)))
    .filter((path) => path.startsWith("src/"));
}

/** The row of a file: that of the longest place that it is in. */
function rowOf(path: string): Row | undefined {
  const place = ROWS.flatMap(({ places }) => places)
    .filter((one) => one === path || one.endsWith("/") && path.startsWith(one))
    .reduce((a, b) => b.length > a.length ? b : a, "");
  return ROWS.find(({ places }) => places.includes(place));
}

Deno.test("docs/architecture.md has a row for every file of src", () => {
  assert.ok(FILES.size > 300);
  const homeless = [...FILES.keys()].filter((path) =>
    rowOf(path) === undefined
  );
  assert.deepEqual(homeless, []);
});

Deno.test("docs/architecture.md lets each row import from rows above it only", () => {
  const above = new Set<string>();
  for (const { places, imports } of ROWS) {
    for (const one of imports) assert.ok(above.has(one), `${places}: ${one}`);
    for (const place of places) above.add(place);
  }
  assert.equal(above.size, SHARED.length + PLACES.flat().length);
});

Deno.test("src imports as docs/architecture.md says", () => {
  const wrong: string[] = [];
  const used = new Set<string>();
  for (const [path, imported] of FILES) {
    const row = rowOf(path);
    for (const other of imported) {
      const { places = [] } = rowOf(other) ?? {};
      if (row === undefined || places === row.places) continue;
      const allowed = places.find((place) => row.imports.includes(place));
      const shared = places === SHARED &&
        !row.imports.some((one) => SHARED.includes(one));
      if (allowed !== undefined) used.add(`${row.places} ${allowed}`);
      else if (!shared) wrong.push(`${path} imports ${other}`);
    }
  }
  assert.deepEqual(wrong, []);
  const unused = ROWS.flatMap(({ places, imports }) =>
    imports.filter((one) =>
      !SHARED.includes(one) && !used.has(`${places} ${one}`)
    ).map((one) => `${places} need not import ${one}`)
  );
  assert.deepEqual(unused, []);
});
