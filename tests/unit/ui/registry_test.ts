import assert from "node:assert/strict";
import { UI_NAMES } from "../../../src/config/ui_name.ts";
import {
  findUi,
  lowestLevel,
  USER_INTERFACES,
} from "../../../src/ui/registry.ts";
import { fakeOptions } from "./support.ts";

Deno.test("USER_INTERFACES are the names that the configuration knows", () => {
  const names = USER_INTERFACES.map(({ name }) => name);
  assert.deepEqual(names.sort(), [...UI_NAMES].sort());
});

Deno.test("USER_INTERFACES can all be loaded and used", async () => {
  // That of the system's log needs a program; the end-to-end tests have one.
  for (const entry of USER_INTERFACES.filter(({ name }) => name !== "syslog")) {
    const options = fakeOptions();
    {
      using ui = (await entry.load())(options);
      ui.emit({ type: "warning", code: "x", text: entry.name });
    }
    const text = options.out.text + options.err.text;
    assert.equal(
      text,
      entry.name === "machineui"
        ? "warn::MainThread:machineui\n"
        : `WARNING: ${entry.name}\n`,
    );
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
