import assert from "node:assert/strict";
import { BadValue } from "../../../src/config/bad_value.ts";
import { parseUi } from "../../../src/config/ui_name.ts";

const ROWS: [string, string, RegExp | undefined][] = [
  ["ttyui", "ttyui", undefined],
  ["Basic", "basic", undefined],
  ["QUIET", "quiet", undefined],
  ["Noninteractive.Basic", "basic", /old name; write "basic"/],
  ["TTY.TTYUI", "ttyui", /old name/],
  ["Noninteractive.Quiet", "quiet", /old name/],
  [
    "Curses.Blinkenlights, TTY.TTYUI",
    "blinkenlights",
    /a list.*"blinkenlights" is used/,
  ],
  ["Tk.VerboseUI, Noninteractive.Basic", "basic", /a list.*"basic" is used/],
  ["Curses.Blinkenlights", "blinkenlights", /old name/],
  ["Machine.MachineUI", "machineui", /old name/],
  ["blinkenlights", "blinkenlights", undefined],
  ["machineui", "machineui", undefined],
  ["syslog", "syslog", undefined],
];
for (const [text, expected, warning] of ROWS) {
  Deno.test(`parseUi() takes "${text}" for ${expected}`, () => {
    const warnings: string[] = [];
    assert.equal(parseUi(text, (clause) => warnings.push(clause)), expected);
    if (warning === undefined) assert.deepEqual(warnings, []);
    else assert.match(warnings.join("\n"), warning);
  });
}

for (const text of ["", "tty", "Basic.Foo", "__proto__", "toString"]) {
  Deno.test(`parseUi() refuses "${text}"`, () => {
    assert.throws(() => parseUi(text, () => {}), BadValue);
  });
}

Deno.test("parseUi() suggests the nearest name", () => {
  assert.throws(() => parseUi("quite", () => {}), /did you mean "quiet"/);
});
