import assert from "node:assert/strict";
import { UI_NAMES } from "../../../src/config/ui_name.ts";
import {
  findUi,
  lowestLevel,
  USER_INTERFACES,
} from "../../../src/ui/registry.ts";
import { fakeOptions } from "./support.ts";

Deno.test("USER_INTERFACES are names that the configuration knows", () => {
  const known: readonly string[] = UI_NAMES;
  for (const { name } of USER_INTERFACES) assert.ok(known.includes(name), name);
});

Deno.test("USER_INTERFACES can all be loaded and used", async () => {
  for (const entry of USER_INTERFACES) {
    const options = fakeOptions();
    {
      using ui = (await entry.load())(options);
      ui.emit({ type: "warning", code: "x", text: entry.name });
    }
    const text = options.out.text + options.err.text;
    assert.equal(text, `WARNING: ${entry.name}\n`);
  }
});

Deno.test("findUi() finds by name, else the default", () => {
  assert.equal(findUi("quiet").name, "quiet");
  assert.equal(findUi("anything").name, "ttyui");
});

Deno.test("lowestLevel() is that of the interface, without -d", () => {
  assert.equal(lowestLevel(findUi("quiet"), false), "warning");
  assert.equal(lowestLevel(findUi("basic"), false), "info");
  assert.equal(lowestLevel(findUi("quiet"), true), "debug");
});
