import assert from "node:assert/strict";
import { LineEditor, readPassword } from "../../../src/ui/password_prompt.ts";
import { FakeKeyboard } from "./support.ts";

Deno.test.each([
  { keys: "secret\r", state: "entered", text: "secret" },
  { keys: "secret\n", state: "entered", text: "secret" },
  { keys: "secret", state: "typing", text: "secret" },
  { keys: "one\rtwo\r", state: "entered", text: "one" },
  { keys: "sex\x7fcret\r", state: "entered", text: "secret" },
  { keys: "sex\bcret\r", state: "entered", text: "secret" },
  { keys: "\x7f\x7fa\r", state: "entered", text: "a" },
  { keys: "wrong\x15right\r", state: "entered", text: "right" },
  { keys: "pässé\x7fe 😀\r", state: "entered", text: "pässe 😀" },
  { keys: "😀\x7fa\r", state: "entered", text: "a" },
  { keys: "a\x1b[Db\x1b[3~c\x1bOPd\r", state: "entered", text: "abcd" },
  { keys: "a\x1bbc\r", state: "entered", text: "ac" },
  { keys: "a\tb\x01\r", state: "entered", text: "ab" },
  { keys: "sec\x03ret\r", state: "interrupted", text: "sec" },
  { keys: "\x04", state: "declined", text: "" },
  { keys: "a\x04b\r", state: "entered", text: "ab" },
])("LineEditor takes $keys as $text ($state)", ({ keys, state, text }) => {
  const whole = new LineEditor();
  whole.type(keys);
  const parts = new LineEditor();
  for (const key of keys) parts.type(key);
  for (const line of [whole, parts]) {
    assert.equal(line.state, state);
    assert.equal(line.text, text);
  }
});

function prompt() {
  const keyboard = new FakeKeyboard();
  const controller = new AbortController();
  const interrupts: number[] = [];
  const answer = readPassword(keyboard, {
    interrupt: () => interrupts.push(1),
    signal: controller.signal,
  });
  return { keyboard, controller, interrupts, answer };
}

Deno.test("readPassword() puts a letter together that comes in pieces", async () => {
  const { keyboard, answer } = prompt();
  const [first, second] = new TextEncoder().encode("ä");
  keyboard.press(Uint8Array.of(first ?? 0));
  keyboard.press(Uint8Array.of(second ?? 0));
  keyboard.press("\r");
  assert.equal(await answer, "ä");
});

Deno.test.each([
  { name: "an empty line", keys: "\r", interrupts: 0 },
  { name: "Ctrl-D", keys: "\x04", interrupts: 0 },
  { name: "Ctrl-C", keys: "abc\x03", interrupts: 1 },
])("readPassword() has no password after $name", async (row) => {
  const { keyboard, answer, interrupts } = prompt();
  keyboard.press(row.keys);
  assert.equal(await answer, undefined);
  assert.equal(interrupts.length, row.interrupts);
  assert.deepEqual(keyboard.modes, [true, false]);
});

Deno.test("readPassword() ends when the run does", async () => {
  const { keyboard, answer, controller } = prompt();
  keyboard.press("abc");
  controller.abort();
  assert.equal(await answer, undefined);
  assert.deepEqual(keyboard.modes, [true, false]);
});

Deno.test("readPassword() ends when the terminal is gone", async () => {
  const { keyboard, answer } = prompt();
  keyboard.close();
  assert.equal(await answer, undefined);
  assert.deepEqual(keyboard.modes, [true, false]);
});

Deno.test("readPassword() does not begin after the run was ended", async () => {
  const keyboard = new FakeKeyboard();
  const interrupt = () => {};
  const signal = AbortSignal.abort();
  assert.equal(await readPassword(keyboard, { interrupt, signal }), undefined);
  assert.deepEqual(keyboard.modes, []);
});

Deno.test("readPassword() leaves the keyboard to the next question", async () => {
  const { keyboard, answer } = prompt();
  keyboard.press("one\r");
  await answer;
  const again = readPassword(keyboard, {
    interrupt: () => {},
    signal: new AbortController().signal,
  });
  keyboard.press("two\r");
  assert.equal(await again, "two");
});
