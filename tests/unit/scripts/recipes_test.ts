import assert from "node:assert/strict";
import { fillRecipe, parseChecksums } from "../../../scripts/recipes.ts";
import { outputOf, TARGETS } from "../../../scripts/compile.ts";

const PACKAGING = new URL("../../../packaging/", import.meta.url);

/** What `deno task compile` leaves in dist/. */
const FILES = [
  ...TARGETS.map((target) => outputOf(target).replace("dist/", "")),
  "offlineimap.1",
  "LICENSE",
];

const release = {
  version: "9.8.7",
  homepage: "https://example.org/p",
  url: "https://example.org/p/v9.8.7",
  checksums: new Map(
    FILES.map((name, at) => [name, String(at).padStart(64, "0")]),
  ),
};

Deno.test("parseChecksums() reads what sha256sum writes", () => {
  const [a, b] = ["a".repeat(64), "b".repeat(64)];
  assert.deepEqual(
    parseChecksums(`${a}  one\n${b} *two words\nnonsense\n`),
    new Map([["one", a], ["two words", b]]),
  );
});

for (const { name } of Deno.readDirSync(PACKAGING)) {
  Deno.test(`fillRecipe() leaves nothing open in ${name}`, () => {
    const template = Deno.readTextFileSync(new URL(name, PACKAGING));
    const text = fillRecipe(template, release);
    assert.doesNotMatch(text, /@[A-Z]/);
    assert.match(text, /9\.8\.7/);
    assert.match(text, /0{62}\d\d/);
  });
}

Deno.test("fillRecipe() makes a Scoop manifest that is JSON", () => {
  const template = Deno.readTextFileSync(
    new URL("offlineimap.json", PACKAGING),
  );
  const { architecture } = JSON.parse(fillRecipe(template, release));
  assert.match(architecture["64bit"].url, /\.exe#\/offlineimap\.exe$/);
});

Deno.test("fillRecipe() refuses a file that the release lacks", () => {
  assert.throws(
    () => fillRecipe("@SHA256 offlineimap.zip@", release),
    /There is no offlineimap\.zip/,
  );
});
