import assert from "node:assert/strict";
import { MaildirStore } from "../../../src/maildir/store.ts";
import { flagsOf } from "../../../src/sync/flags.ts";
import { knownOf } from "../../contract/store_contract_support.ts";
import { COLONS, testsThatAssume } from "../../support/assumes.ts";
import { TempDir, TestTree } from "./support.ts";

const test = testsThatAssume(COLONS);

const NOTHING = knownOf([]);
const DAY_MS = 86_400_000;

/** What `observe()` syncs, in order, of a tree that was prepared. */
async function synced(
  tree: TestTree,
  known = NOTHING,
  options: { fsync?: boolean; dryRun?: boolean } = {},
): Promise<string[]> {
  await using box = await tree.open({ fsync: true, ...options });
  tree.steps.length = 0;
  await box.observe(known, undefined);
  return tree.steps.filter((step) => step.includes("sync"));
}

const KNOWN = knownOf(["1.h"], flagsOf(["\\Seen"]));

test("observe() brings new messages to the disk, bytes before names", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  tree.put("cur/2.h:2,S");
  assert.deepEqual(await synced(tree), [
    "fdatasync",
    "fdatasync",
    // new, cur, the mailbox and the root: nothing of it was known.
    ...Array<string>(4).fill("fsync directory"),
  ]);
});

test("observe() does not sync again what the system wrote long ago", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  tree.ahead = DAY_MS;
  assert.deepEqual(
    await synced(tree),
    Array<string>(4).fill("fsync directory"),
  );
});

test("observe() brings deletions and flags to the disk", async () => {
  await using tree = new TestTree();
  const both = ["fsync directory", "fsync directory"];
  assert.deepEqual(await synced(tree, KNOWN), both);
  tree.put("cur/1.h:2,F");
  assert.deepEqual(await synced(tree, KNOWN), both);
});

test("observe() syncs nothing where nothing changed, and without fsync", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  assert.deepEqual(await synced(tree, KNOWN), []);
  tree.put("new/2.h");
  assert.deepEqual(await synced(tree, NOTHING, { fsync: false }), []);
  assert.deepEqual(await synced(tree, NOTHING, { dryRun: true }), []);
});

test("observe() lets a file vanish while it is synced", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  tree.put("new/2.h");
  await using box = await tree.open({ fsync: true });
  tree.onStep = (name) => {
    if (name !== "fdatasync") return;
    tree.onStep = () => {};
    for (const file of tree.files()) Deno.removeSync(`${tree.inbox}/${file}`);
  };
  const { arrived } = await box.observe(NOTHING, undefined);
  assert.equal(arrived.length, 2);
});

test("a new root is durable with its marker and all above it", async () => {
  await using place = new TempDir();
  const steps: string[] = [];
  const store = new MaildirStore({
    root: `${place.path}/deep/mail`,
    step: (_kind, name) => void steps.push(name),
  });
  await store.list();
  assert.deepEqual(steps, [
    "mkdir",
    "fsync directory",
    "fsync directory",
    "create",
    "fsync directory",
  ]);
});
