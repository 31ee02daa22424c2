import assert from "node:assert/strict";
import { releaseBill } from "../../../scripts/release_files.ts";
import { billOfMaterials } from "../../../scripts/sbom.ts";

const HASH = { integrity: "sha512-AQID" };

Deno.test("billOfMaterials() lists what the roots need, and nothing else", () => {
  const bill = billOfMaterials({
    name: "x",
    version: "1.0.0",
    roots: ["@s/a@1.0.0"],
    packages: {
      "@s/a@1.0.0": { ...HASH, dependencies: ["b@2.0.0", "c"] },
      "b@1.0.0": HASH,
      "b@2.0.0": { ...HASH, dependencies: ["c"] },
      "c@3.0.0": { ...HASH, dependencies: ["b@2.0.0"] },
      "unused@1.0.0": HASH,
    },
  });
  assert.deepEqual(bill.components.map(({ purl }) => purl), [
    "pkg:npm/%40s/a@1.0.0",
    "pkg:npm/b@2.0.0",
    "pkg:npm/c@3.0.0",
  ]);
  assert.deepEqual(bill.components[0]?.hashes, [
    { alg: "SHA-512", content: "010203" },
  ]);
  assert.deepEqual(bill.dependencies, [
    { ref: "x", dependsOn: ["@s/a@1.0.0"] },
    { ref: "@s/a@1.0.0", dependsOn: ["b@2.0.0", "c@3.0.0"] },
    { ref: "b@2.0.0", dependsOn: ["c@3.0.0"] },
    { ref: "c@3.0.0", dependsOn: ["b@2.0.0"] },
  ]);
});

Deno.test("billOfMaterials() refuses a package that is not locked", () => {
  assert.throws(
    () =>
      billOfMaterials({
        name: "x",
        version: "1",
        roots: ["a@1"],
        packages: {},
      }),
    /a@1 is not in the lock file/,
  );
});

Deno.test("releaseBill() names what the program imports, not what tests do", () => {
  const names = releaseBill().components.map(({ name }) => name);
  for (const name of ["imapflow", "@lezer/python", "socks"]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(!names.includes("fast-check"));
});
