import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

const workflow = read(".github/workflows/release.yml");

Deno.test("the release workflow takes no action but by its commit", () => {
  const actions = [...workflow.matchAll(/uses: (.*)$/gm)];
  assert.ok(actions.length > 0);
  for (const [, action] of actions) {
    assert.match(
      action ?? "",
      /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
    );
  }
});

Deno.test("the release workflow embeds the Deno that the tests run on", () => {
  const tested = /^deno_version=(\S+)$/m.exec(read(".ci/run"))?.[1];
  const versions = [...workflow.matchAll(/deno-version: (\S+)/g)];
  assert.ok(versions.length > 0);
  for (const [, version] of versions) assert.equal(version, tested);
});

Deno.test("the release workflow runs scripts and tasks that are there", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  for (const [, task = ""] of workflow.matchAll(/deno task (\S+)/g)) {
    assert.ok(task in tasks, task);
  }
  for (const [path] of workflow.matchAll(/scripts\/\w+\.ts/g)) {
    assert.ok(existsSync(fileURLToPath(new URL(path, ROOT))), path);
  }
});

Deno.test("the release workflow tests on three systems before it publishes", () => {
  for (const system of ["ubuntu", "macos", "windows"]) {
    assert.match(workflow, new RegExp(`os: \\[.*\\b${system}-`), system);
  }
  assert.match(workflow, /^ {4}needs: test$/m);
});
