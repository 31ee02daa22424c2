import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labelOf } from "../support/contents.ts";
import { MaildirTree } from "../support/maildir_tree.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the README promises. */
const LIMIT_MS = 10_000;

/** What somebody who has only the demo's files has. */
const FILES = ["deno.json", "deno.lock", "scripts", "src", "tests/support"];

interface Shown {
  readonly lines: readonly string[];
  readonly ms: number;
}

async function demo(folder: string): Promise<Shown> {
  const start = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "demo"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const ms = performance.now() - start;
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  return { lines: text.split("\n"), ms };
}

/** The rows `folder  Maildir  server` under the last heading. */
function tableOf(lines: readonly string[]): Map<string, number> {
  const rows = lines.slice(lines.indexOf("=== Both sides now") + 2);
  return new Map(
    rows.slice(0, rows.indexOf("")).map((line) => {
      const [, name = "", here, there] = /^(.*?) +(\d+) +(\d+)$/.exec(line) ??
        [];
      assert.equal(here, there, line);
      return [name, Number(here)];
    }),
  );
}

/** The lines under one heading. */
function partOf(lines: readonly string[], heading: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(`=== ${heading}`));
  assert.notEqual(start, -1, heading);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("==="));
  return rest.slice(0, end === -1 ? rest.length : end);
}

Deno.test("deno task demo shows the main job in ten seconds and leaves it to look at", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oi demo 100% " });
  try {
    await Deno.mkdir(join(folder, "tests"));
    for (const name of FILES) {
      await cp(join(ROOT, name), join(folder, name), { recursive: true });
    }
    let { lines, ms } = await demo(folder);
    // A busy machine gets a second chance, and the demo a folder that is there.
    if (ms > LIMIT_MS) ({ lines, ms } = await demo(folder));
    assert.ok(ms <= LIMIT_MS, `${ms} ms`);
    assert.ok(lines.length < 120, `${lines.length} lines`);

    const table = tableOf(lines);
    const tree = new MaildirTree(join(folder, "demo", "Mail"));
    assert.deepEqual(tree.folders(), [...table.keys()].sort());
    for (const [name, count] of table) {
      assert.equal(tree.files(name).length, count, name);
    }
    assert.ok(table.size > 10, "nested folders");
    const subjects = (name: string) =>
      tree.files(name).map(({ path }) => labelOf(Deno.readFileSync(path)));
    assert.ok(subjects("INBOX").includes("Arrived while you were away"));
    assert.ok(subjects("Drafts").includes("A draft"));

    const second = partOf(lines, "Second sync");
    assert.ok(second.some((line) => /^Copy message .*-> there:/.test(line)));
    assert.ok(second.some((line) => /^Moving 1 messages in there/.test(line)));
    const last = partOf(lines, "Fourth sync");
    for (const name of table.keys()) {
      assert.ok(last.includes(`Skipping ${name} (not changed)`), name);
    }
    assert.ok(last.some((line) => /asked: (?!.*SELECT).*LIST/.test(line)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
