import assert from "node:assert/strict";
import { FLAG_LIST } from "../../../src/cli/flags.ts";
import { USER_INTERFACES } from "../../../src/ui/registry.ts";

const PAGE = new URL("../../../docs/command-line.md", import.meta.url);

Deno.test("FLAG_LIST and USER_INTERFACES stand in docs/command-line.md", async () => {
  const text = await Deno.readTextFile(PAGE);
  for (const [, { short, long, argument }] of FLAG_LIST) {
    const tail = argument === undefined ? "`" : ` ${argument}\``;
    if (short !== undefined) assert.ok(text.includes(`\`-${short}${tail}`));
    if (long !== undefined) assert.ok(text.includes(`\`--${long}${tail}`));
  }
  for (const { name } of USER_INTERFACES) {
    assert.ok(text.includes(`| \`${name}\``), name);
  }
});
