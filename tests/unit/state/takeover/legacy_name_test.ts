import assert from "node:assert/strict";
import { join } from "node:path";
import {
  legacyFileName,
  legacyPath,
  remoteFileName,
  statusFileName,
} from "../../../../src/state/takeover/legacy_name.ts";

const FILES: [folder: string, file: string][] = [
  ["INBOX", "INBOX"],
  ["Work/Projects", "Work.Projects"],
  ["Work.Projects", "Work.Projects"],
  ["", "dot"],
  [".", "dot"],
  ["/", "dot"],
  ["..", ".."],
  ["G&AOQ-ste", "G&AOQ-ste"],
  ["a/b/c", "a.b.c"],
];

for (const [folder, file] of FILES) {
  Deno.test(`legacyFileName() gives "${folder}" the file "${file}"`, () => {
    assert.equal(legacyFileName(folder), file);
  });
}

const STATUS: [visible: string, separator: string, file: string][] = [
  ["work/Projects", "/", "work.Projects"],
  ["work\\Projects", "\\", "work.Projects"],
  ["work.Projects", ".", "work.Projects"],
  ["work/Projects", ".", "work.Projects"],
  [".", "/", "dot"],
  [".", ".", "dot"],
  ["/", "/", "dot"],
  ["", "/", "dot"],
  ["flat", "", "flat"],
];

for (const [visible, separator, file] of STATUS) {
  Deno.test(`statusFileName() gives "${visible}" with "${separator}" the file "${file}"`, () => {
    assert.equal(statusFileName(visible, separator), file);
  });
}

Deno.test("remoteFileName() takes the separator alone for the top", () => {
  assert.equal(remoteFileName(".", "."), "dot");
  assert.equal(remoteFileName("|", "|"), "dot");
  assert.equal(remoteFileName("a|b", "|"), "a|b");
});

Deno.test("legacyPath() stays in its directory", () => {
  const path = legacyPath("/meta", ["Account-A", "LocalStatus"], "INBOX");
  assert.equal(path, join("/meta", "Account-A", "LocalStatus", "INBOX"));
  for (const name of ["..", "a\0b", "a/b", ".", ""]) {
    assert.equal(legacyPath("/meta", ["x"], name), undefined, name);
  }
});
