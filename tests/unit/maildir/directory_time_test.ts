import assert from "node:assert/strict";
import {
  directoryTime,
  isTrusted,
  mailboxTimes,
  tokenOf,
} from "../../../src/maildir/directory_time.ts";
import { TestTree } from "./support.ts";

Deno.test.each([
  // Finer than two seconds: a second's distance is enough.
  [100_001, 101_001, true],
  [100_001, 101_000, false],
  [100_001, 100_001, false],
  // In the future: the clock was set back.
  [100_001, 50_000, false],
  // A multiple of two seconds may be a FAT time, cut to that.
  [100_000, 101_999, false],
  [100_000, 102_000, true],
  [Infinity, 1e15, false],
])("isTrusted() of time %d at %d", (time, now, trusted) => {
  assert.equal(isTrusted(time as number, now as number), trusted);
});

Deno.test("tokenOf() holds both times and needs both to be old enough", () => {
  assert.equal(tokenOf({ new: 1, cur: 3 }, 10_000), "maildir1:1:3");
  assert.equal(tokenOf({ new: 1, cur: 9_999 }, 10_000), undefined);
  assert.equal(tokenOf({ new: 9_999, cur: 1 }, 10_000), undefined);
});

Deno.test("mailboxTimes() is undefined unless both directories are there", async () => {
  await using tree = new TestTree();
  assert.ok(mailboxTimes(tree.inbox) !== undefined);
  assert.equal(directoryTime(`${tree.inbox}/cur/x`), undefined);
  tree.put("cur/x");
  assert.equal(directoryTime(`${tree.inbox}/cur/x`), undefined, "a file");
  assert.equal(
    directoryTime(`${tree.inbox}/cur/x/y`),
    undefined,
    "below a file",
  );
  await Deno.remove(`${tree.inbox}/new`);
  assert.equal(mailboxTimes(tree.inbox), undefined);
});
