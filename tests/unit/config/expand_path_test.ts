import assert from "node:assert/strict";
import { expandPath, expandUser } from "../../../src/config/expand_path.ts";
import { testHost } from "./support.ts";

const POSIX = testHost({ env: { MAIL: "/var/mail", EMPTY: "", "a b": "no" } });
const WINDOWS = testHost({
  platform: "windows",
  home: "C:\\Users\\u",
  cwd: "C:\\work",
  homeOf: (user) => `C:\\Users\\${user}`,
  env: { MAIL: "D:\\mail", "ProgramFiles(x86)": "P:\\86" },
});

const ROWS: [string, string][] = [
  ["/abs", "/abs"],
  ["/abs/../x/", "/abs/../x/"],
  ["~", "/home/u"],
  ["~/Mail", "/home/u/Mail"],
  ["~jane/Mail", "/home/jane/Mail"],
  ["~nobody-here/x", "/work/~nobody-here/x"],
  ["a~/b", "/work/a~/b"],
  ["$MAIL/x", "/var/mail/x"],
  ["${MAIL}x", "/var/mailx"],
  ["/m/$UNSET/${UNSET}", "/m/$UNSET/${UNSET}"],
  ["/m$EMPTY/x", "/m/x"],
  ["/m/$", "/m/$"],
  ["/m/%MAIL%", "/m/%MAIL%"],
  ["relative/x", "/work/relative/x"],
];
for (const [path, expected] of ROWS) {
  Deno.test(`expandPath() makes ${path} ${expected}`, () => {
    assert.equal(expandPath(path, POSIX), expected);
  });
}

const WINDOWS_ROWS: [string, string][] = [
  ["~\\Mail", "C:\\Users\\u\\Mail"],
  ["~/Mail", "C:\\Users\\u\\Mail"],
  ["~jane\\Mail", "C:\\Users\\jane\\Mail"],
  ["%MAIL%\\x", "D:\\mail\\x"],
  ["$MAIL\\x", "D:\\mail\\x"],
  ["%UNSET%", "C:\\work\\%UNSET%"],
  ["x", "C:\\work\\x"],
  ["E:\\x", "E:\\x"],
  ["E:/x/", "E:\\x"],
  ["E:\\", "E:\\"],
  // Without a drive: that of the working directory.
  ["\\Mail", "C:\\Mail"],
  ["/Mail", "C:\\Mail"],
  ["C:Mail", "C:\\work\\Mail"],
  ["\\\\nas\\mail\\me", "\\\\nas\\mail\\me"],
  ["//nas/mail/me", "\\\\nas\\mail\\me"],
  ["\\\\?\\C:\\Mail/x", "C:\\Mail\\x"],
  ["\\\\?\\UNC\\nas\\mail\\x", "\\\\nas\\mail\\x"],
  ["%ProgramFiles(x86)%\\x", "P:\\86\\x"],
];
for (const [path, expected] of WINDOWS_ROWS) {
  Deno.test(`expandPath() makes ${path} ${expected} on Windows`, () => {
    assert.equal(expandPath(path, WINDOWS), expected);
  });
}

Deno.test("expandUser() expands no variables", () => {
  assert.equal(expandUser("~/$MAIL", POSIX), "/home/u/$MAIL");
});

Deno.test("expandUser() leaves ~ alone where no home is known", () => {
  assert.equal(expandUser("~/x", testHost({ home: undefined })), "~/x");
});

Deno.test("expandUser() copes with a home of /", () => {
  const root = testHost({ home: "/" });
  assert.equal(expandUser("~", root), "/");
  assert.equal(expandUser("~/x", root), "/x");
});
