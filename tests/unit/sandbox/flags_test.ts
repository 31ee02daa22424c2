import assert from "node:assert/strict";
import { permissionFlags, shellWord } from "../../../src/sandbox/flags.ts";

const NOTHING = {
  net: [],
  read: [],
  write: [],
  env: [],
  sys: [],
} as const;

Deno.test("permissionFlags() grant nothing where nothing is needed", () => {
  assert.deepEqual(permissionFlags(NOTHING), [
    "--no-prompt",
    "--deny-ffi",
    "--deny-import",
  ]);
});

Deno.test("permissionFlags() grant lists", () => {
  assert.deepEqual(
    permissionFlags({
      ...NOTHING,
      net: ["[::1]:993", "imap.example.org:993"],
      read: ["/a b"],
      env: ["HOME"],
    }, {
      read: ["/c"],
      write: ["/d"],
      run: ["/bin/sh"],
      allVariables: false,
    }),
    [
      "--no-prompt",
      "--allow-net=[::1]:993,imap.example.org:993",
      "--allow-read=/a b,/c",
      "--allow-write=/d",
      "--allow-env=HOME",
      "--allow-run=/bin/sh",
      "--deny-ffi",
      "--deny-import",
    ],
  );
});

Deno.test("permissionFlags() refuse a path with a comma: Deno would read two", () => {
  assert.throws(() => permissionFlags({ ...NOTHING, read: ["/a,b"] }), {
    code: "sandbox.comma",
  });
});

Deno.test.each([
  { word: "--allow-net=a:1,b", quoted: "--allow-net=a:1,b" },
  { word: "/a b", quoted: "'/a b'" },
  { word: "it's", quoted: "'it'\\''s'" },
  { word: "", quoted: "''" },
])("shellWord($word) is $quoted", ({ word, quoted }) => {
  assert.equal(shellWord(word), quoted);
});
