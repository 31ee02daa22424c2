import assert from "node:assert/strict";
import { failedAccounts } from "../../../src/config/load.ts";
import { load, testHost } from "./support.ts";

function twoAccounts(first: string, second: string): string {
  return `[general]
accounts = A, B
[Account A]
localrepository = LA
remoterepository = R
[Account B]
localrepository = LB
remoterepository = R
[Repository LA]
type = Maildir
localfolders = ${first}
[Repository LB]
type = Maildir
localfolders = ${second}
[Repository R]
type = IMAP
remotehost = h
`;
}

const ROOTS: [string, string, Parameters<typeof testHost>[0], boolean][] = [
  ["/mail", "/mail", {}, true],
  ["/mail/", "/x/..//mail", {}, true],
  ["~/Mail", "$HOME/Mail", { env: { HOME: "/home/u" } }, true],
  ["/mail", "/mail2", {}, false],
  ["/mail", "/mail/b", {}, false],
  ["/Mail", "/mail", {}, false],
  ["/Mail", "/mail", { platform: "darwin" }, true],
  ["C:\\Mail", "c:/mail/", { platform: "windows" }, true],
];
for (const [first, second, changes, shared] of ROOTS) {
  const verb = shared ? "refuses" : "accepts";
  Deno.test(`refuseSharedRoots() ${verb} ${first} and ${second} ${changes?.platform ?? ""}`, () => {
    const config = load(twoAccounts(first, second), {}, testHost(changes));
    const failed = failedAccounts(config);
    assert.deepEqual(failed.map(({ name }) => name), shared ? ["A", "B"] : []);
    for (const { error } of failed) {
      assert.equal(error.code, "config.shared-folders");
    }
  });
}
