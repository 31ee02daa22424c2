import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import type { ListingCache } from "../../../src/maildir/listing_cache.ts";
import { makeMaildir, TestTree } from "./support.ts";

class Cache implements ListingCache {
  text: string | undefined;
  writes = 0;

  get(): string | undefined {
    return this.text;
  }

  set(text: string): void {
    this.text = text;
    this.writes++;
  }
}

async function list(
  tree: TestTree,
  separator = ".",
  cache?: ListingCache,
): Promise<string[]> {
  const store = tree.store({
    separator,
    ...(cache === undefined ? {} : { cache }),
  });
  return (await store.list()).map(({ name }) => name);
}

/** Runs `work` and returns how many directories were read meanwhile. */
async function countReads(work: () => Promise<unknown>): Promise<number> {
  const { readDir } = Deno;
  let reads = 0;
  Deno.readDir = (path) => {
    reads++;
    return readDir(path);
  };
  try {
    await work();
  } finally {
    Deno.readDir = readDir;
  }
  return reads;
}

Deno.test("list() with sep . takes direct children with cur, new and tmp", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/Work.Projects`);
  makeMaildir(`${tree.root}/.hidden`);
  makeMaildir(`${tree.root}/Deep/er`);
  Deno.mkdirSync(`${tree.root}/Half/cur`, { recursive: true });
  Deno.writeTextFileSync(`${tree.root}/file`, "");
  assert.deepEqual(await list(tree), [".hidden", "INBOX", "Work.Projects"]);
});

Deno.test("list() with sep / looks below every directory", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.inbox}/Sub/Deep`);
  makeMaildir(`${tree.root}/Plain/Box`);
  // Directories of these names are never folders.
  makeMaildir(`${tree.inbox}/cur/no`);
  makeMaildir(`${tree.root}/tmp`);
  assert.deepEqual(await list(tree, "/"), [
    "INBOX",
    "INBOX/Sub/Deep",
    "Plain/Box",
  ]);
});

Deno.test("list() takes a root that is a mailbox for the one without a name", async () => {
  await using tree = new TestTree();
  makeMaildir(tree.root);
  assert.deepEqual(await list(tree), ["", "INBOX"]);
  assert.deepEqual(await list(tree, "/"), ["", "INBOX"]);
  await using box = await tree.open({}, "");
  assert.equal(box.name, "");
});

Deno.test("list() follows symbolic links and ends where they lead back", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.path}/elsewhere`);
  makeMaildir(`${tree.root}/A`);
  await Deno.symlink(`${tree.path}/elsewhere`, `${tree.root}/Link`);
  await Deno.symlink(tree.root, `${tree.root}/A/up`);
  await Deno.symlink(".", `${tree.root}/A/self`);
  await Deno.symlink("nowhere", `${tree.root}/Dangling`);
  assert.deepEqual(await list(tree, "/"), ["A", "INBOX", "Link"]);
});

Deno.test("list() reads no directory again while nothing changed", async () => {
  await using tree = new TestTree();
  for (let count = 0; count < 50; count++) {
    makeMaildir(`${tree.root}/box${count}`);
  }
  makeMaildir(`${tree.root}/a/b/c`);
  for (const separator of [".", "/"]) {
    const cache = new Cache();
    tree.ahead = 10_000;
    // The first run writes the marker file: only then the root is left alone.
    await list(tree, separator, cache);
    const first = await list(tree, separator, cache);
    const reads = await countReads(async () => {
      assert.deepEqual(await list(tree, separator, cache), first);
    });
    assert.equal(reads, 0, separator);
    const { writes } = cache;
    await list(tree, separator, cache);
    assert.equal(cache.writes, writes, "an unchanged text is not written");
  }
});

Deno.test("list() sees what came and went since the text was written", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/a/b`);
  makeMaildir(`${tree.root}/gone`);
  const cache = new Cache();
  tree.age();
  await list(tree, "/", cache);
  assert.deepEqual(await list(tree, "/", cache), ["INBOX", "a/b", "gone"]);
  makeMaildir(`${tree.root}/a/b/c/d`);
  makeMaildir(`${tree.root}/a`);
  await Deno.remove(`${tree.root}/gone`, { recursive: true });
  assert.deepEqual(await list(tree, "/", cache), [
    "INBOX",
    "a",
    "a/b",
    "a/b/c/d",
  ]);
  tree.age();
  await Deno.remove(`${tree.inbox}/tmp`);
  assert.deepEqual(await list(tree, "/", cache), ["a", "a/b", "a/b/c/d"]);
});

Deno.test("list() does not trust a directory that changed just now", async () => {
  await using tree = new TestTree();
  const cache = new Cache();
  await list(tree, ".", cache);
  // A change in the same tick of the file system's clock leaves the time alone.
  const { mtime } = await Deno.stat(tree.root);
  makeMaildir(`${tree.root}/Late`);
  await Deno.utime(tree.root, mtime ?? 0, mtime ?? 0);
  assert.deepEqual(await list(tree, ".", cache), ["INBOX", "Late"]);
});

Deno.test("list() survives a damaged text", async () => {
  await using tree = new TestTree();
  const cache = new Cache();
  cache.text = '{"version":1,"directories":';
  assert.deepEqual(await list(tree, ".", cache), ["INBOX"]);
});

Deno.test("list() gives composed names on macOS", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/Entwu\u0308rfe`);
  const [name] = await tree.store({ platform: "darwin" }).list();
  assert.equal(name?.name, "Entw\u00fcrfe");
});

Deno.test("create() makes all levels with mode 0700", async () => {
  await using tree = new TestTree();
  await tree.store({ separator: "/" }).create("a/b");
  for (const path of ["a", "a/b", "a/b/cur", "a/b/new", "a/b/tmp"]) {
    const { mode } = await Deno.stat(`${tree.root}/${path}`);
    if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o700);
  }
  assert.equal(tree.steps.filter((step) => step === "mkdir").length, 5);
});

Deno.test("create() completes a mailbox that lacks a directory", async () => {
  await using tree = new TestTree();
  await Deno.remove(`${tree.inbox}/new`);
  await tree.store().create("INBOX");
  assert.ok((await Deno.stat(`${tree.inbox}/new`)).isDirectory);
});

Deno.test("create() says what is in its way", async () => {
  await using tree = new TestTree();
  await Deno.writeTextFile(`${tree.root}/file`, "");
  await assert.rejects(() => tree.store().create("file"), (error) => {
    assert.ok(error instanceof MailError);
    assert.equal(error.scope, "mailbox");
    assert.match(error.message, /Cannot create folder "file"/);
    return true;
  });
});
