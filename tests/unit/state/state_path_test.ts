import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { accountFolder, stateFile } from "../../../src/state/mod.ts";

const FOLDERS: [account: string, folder: string][] = [
  ["Work", "Account-Work"],
  ["me@example.org", "Account-me@example.org"],
  ["Büro 2", "Account-Büro 2"],
  ["a/b", "Account-a%2Fb"],
  ["..", "Account-.%2E"],
  ["a\\b:c", "Account-a%5Cb%3Ac"],
  ["100%", "Account-100%25"],
  ["x ", "Account-x%20"],
  ["\u0001", "Account-%01"],
  ["", "Account-"],
];

for (const [account, folder] of FOLDERS) {
  Deno.test(`accountFolder() calls the folder of ${JSON.stringify(account)} "${folder}"`, () => {
    assert.equal(accountFolder("/meta", account), join("/meta", folder));
    assert.equal(
      stateFile("/meta", account),
      join("/meta", folder, "state.sqlite"),
    );
  });
}

Deno.test("accountFolder() keeps different accounts apart, right below the metadata", () => {
  const account = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("a", "/", "%", "2", "F", ".", " ") }),
  );
  fc.assert(fc.property(account, account, (a, b) => {
    const folder = accountFolder("/meta", a);
    assert.equal(dirname(folder), "/meta");
    assert.ok(!/[\\/:*?"<>|]/.test(basename(folder)));
    assert.equal(folder === accountFolder("/meta", b), a === b);
  }));
});
