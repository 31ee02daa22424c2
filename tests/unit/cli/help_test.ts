import assert from "node:assert/strict";
import { FLAG_LIST } from "../../../src/cli/flags.ts";
import { formatHelp } from "../../../src/cli/help.ts";
import { USER_INTERFACES } from "../../../src/ui/registry.ts";

Deno.test("formatHelp() names every flag, interface and exit code", () => {
  const help = formatHelp(80);
  for (const [, { short, long }] of FLAG_LIST) {
    if (short !== undefined) assert.match(help, RegExp(`^ +-${short}\\b`, "m"));
    if (long !== undefined) assert.match(help, RegExp(` --${long}\\b`));
  }
  for (const { name } of USER_INTERFACES) assert.ok(help.includes(name), name);
  assert.match(help, /^Exit codes:\n {2}0 {2}.*\n {2}1 {2}.*\n {2}2 {2}/m);
});

Deno.test.each([{ columns: 40 }, { columns: 60 }, { columns: 80 }, {
  columns: 200,
}])("formatHelp() keeps to $columns columns", ({ columns }) => {
  const lines = formatHelp(columns).split("\n");
  const longest = Math.max(...lines.map((line) => line.length));
  assert.ok(longest <= Math.min(columns, 100), `${longest}`);
});

Deno.test("formatHelp() gives up the second column where there is no room", () => {
  assert.match(formatHelp(80), /^ {2}-c FILE {18}read this config/m);
  assert.match(formatHelp(40), /^ {2}-c FILE\n {6}read this config/m);
});

Deno.test("FLAG_LIST spells no flag twice", () => {
  const forms = FLAG_LIST.flatMap(([, { short, long }]) => [
    ...(short === undefined ? [] : [`-${short}`]),
    ...(long === undefined ? [] : [`--${long}`]),
  ]);
  assert.equal(new Set(forms).size, forms.length);
});
