import assert from "node:assert/strict";
import {
  parseBoolean,
  parseFloat,
  parseInteger,
} from "../../../src/config/numbers.ts";
import { BadValue } from "../../../src/config/bad_value.ts";

const INTEGERS: [string, number | undefined][] = [
  ["0", 0],
  ["-0", 0],
  ["007", 7],
  ["+5", 5],
  [" -12\t", -12],
  ["1_000", 1000],
  ["0x10", undefined],
  ["1__0", undefined],
  ["_1", undefined],
  ["1_", undefined],
  ["1.0", undefined],
  ["1e3", undefined],
  ["- 1", undefined],
  ["", undefined],
  ["993 ; ssl", undefined],
  ["9007199254740993", undefined],
];
for (const [text, expected] of INTEGERS) {
  Deno.test(`parseInteger() reads ${JSON.stringify(text)} as ${expected}`, () => {
    if (expected === undefined) {
      assert.throws(() => parseInteger(text), BadValue);
    } else assert.equal(parseInteger(text), expected);
  });
}

const FLOATS: [string, number | undefined][] = [
  ["5", 5],
  ["0.5", 0.5],
  [".5", 0.5],
  ["5.", 5],
  ["-1e-2", -0.01],
  ["1_0.0_1", 10.01],
  [" 2 ", 2],
  [".", undefined],
  ["1e", undefined],
  ["inf", undefined],
  ["nan", undefined],
  ["1e999", undefined],
  ["1,5", undefined],
  ["", undefined],
];
for (const [text, expected] of FLOATS) {
  Deno.test(`parseFloat() reads ${JSON.stringify(text)} as ${expected}`, () => {
    if (expected === undefined) {
      assert.throws(() => parseFloat(text), BadValue);
    } else assert.equal(parseFloat(text), expected);
  });
}

const BOOLEANS: [string, boolean | undefined][] = [
  ["1", true],
  ["YES", true],
  ["True", true],
  ["on", true],
  ["0", false],
  ["no", false],
  ["FALSE", false],
  ["Off", false],
  ["y", undefined],
  ["", undefined],
  ["2", undefined],
  ["yes # c", undefined],
];
for (const [text, expected] of BOOLEANS) {
  Deno.test(`parseBoolean() reads ${JSON.stringify(text)} as ${expected}`, () => {
    if (expected === undefined) {
      assert.throws(() => parseBoolean(text), BadValue);
    } else assert.equal(parseBoolean(text), expected);
  });
}
