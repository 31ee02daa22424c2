import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { PERMISSIONS } from "../../src/permissions.ts";

Deno.test("PERMISSIONS name what is granted, and never everything", () => {
  assert.ok(PERMISSIONS.includes("--no-prompt"));
  assert.ok(PERMISSIONS.includes("--deny-ffi"));
  assert.ok(PERMISSIONS.includes("--deny-import"));
  for (const flag of PERMISSIONS) {
    assert.doesNotMatch(flag, /^(-A|--allow-(all|ffi|import|scripts))/);
    assert.notEqual(flag, "--allow-sys", "all of it");
  }
});

for (
  const [task, entry] of [
    ["start", "src/main.ts"],
    ["demo", "scripts/demo.ts"],
  ] as const
) {
  Deno.test(`deno task ${task} runs with exactly PERMISSIONS`, () => {
    assert.equal(
      manifest.tasks[task].command,
      ["deno run", ...PERMISSIONS, entry].join(" "),
    );
  });
}

Deno.test("deno task compile cannot reach a network", () => {
  const { command } = manifest.tasks.compile;
  const granted = command.split(" ").filter((word) => word.startsWith("--"));
  assert.deepEqual(granted, [
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
  ]);
});
