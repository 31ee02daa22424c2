import assert from "node:assert/strict";
import { join } from "node:path";
import { replaceFile } from "../../../src/mbnames/replace_file.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "oi-replace-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("replaceFile() leaves the new text and nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "list");
    await replaceFile(path, "one");
    await replaceFile(path, "two");
    assert.equal(await Deno.readTextFile(path), "two");
    assert.deepEqual([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test(
  "replaceFile() keeps the rights of the file, and a link that leads to it",
  ON_UNIX,
  () =>
    inFolder(async (folder) => {
      const target = join(folder, "dotfiles");
      const link = join(folder, "list");
      await Deno.writeTextFile(target, "old", { mode: 0o640 });
      await Deno.symlink(target, link);
      await replaceFile(link, "new");
      assert.equal(await Deno.readTextFile(target), "new");
      assert.ok((await Deno.lstat(link)).isSymlink);
      assert.equal(((await Deno.stat(target)).mode ?? 0) & 0o777, 0o640);
    }),
);

Deno.test(
  "replaceFile() leaves the old text where the new one cannot be written",
  ON_UNIX,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "missing", "list");
      await assert.rejects(replaceFile(path, "x"), Deno.errors.NotFound);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    }),
);
