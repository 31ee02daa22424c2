import assert from "node:assert/strict";
import {
  interpolate,
  isInterpolable,
  referencesOf,
} from "../../../src/config/interpolate.ts";
import { BadValue } from "../../../src/config/bad_value.ts";
import { entryOf, parseConfig } from "../../../src/config/parse.ts";

function read(text: string, secret = false): string {
  const config = parseConfig(text, "rc");
  const entry = entryOf(config, "a", "x");
  assert.ok(entry !== undefined);
  return interpolate(config, "a", entry, { secret });
}

const chain = (length: number) =>
  "[a]\nx = %(v1)s\n" +
  Array.from({ length }, (_, i) => `v${i + 1} = %(v${i + 2})s\n`).join("") +
  `v${length + 1} = end`;

const VALUES: [string, string][] = [
  ["[a]\nx = a%%b", "a%b"],
  ["[a]\nx = %%(b)s", "%(b)s"],
  ["[DEFAULT]\nB=zz\n[a]\nx = %(b)s/%(B)s", "zz/zz"],
  ["[DEFAULT]\nb=1\n[a]\nb=2\nx = %(b)s", "2"],
  ["[a]\nb=%%(c)s\nx = %(b)s", "%(c)s"],
  ["[a]\na b=1\nx = %(A b)s", "1"],
  ["[a]\nx = '%%s' %% n", "'%s' % n"],
  [chain(9), "end"],
];
for (const [text, expected] of VALUES) {
  Deno.test(`interpolate() reads ${JSON.stringify(text)} as ${expected}`, () => {
    assert.equal(read(text), expected);
  });
}

const REFUSALS: [string, RegExp][] = [
  ["[a]\nx = a%b", /"%" is followed by neither/],
  ["[a]\nx = 100%", /"%" is followed by neither/],
  ["[a]\nx = %(b", /does not begin a reference/],
  ["[a]\nx = %()s", /does not begin a reference/],
  ["[a]\nx = %(b)d\nb = 1", /does not begin a reference/],
  ["[a]\nx = %(nope)s", /refers to "nope" that neither \[a\] nor \[DEFAULT\]/],
  ["[a]\nx = %(b)s\nb = 5%", /"%" is followed by neither .* \(in "b"\)/],
  ["[a]\nx = %(x)s", /more than 10 levels deep/],
  [chain(10), /more than 10 levels deep/],
];
for (const [text, expected] of REFUSALS) {
  Deno.test(`interpolate() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => read(text), (error) => {
      assert.ok(error instanceof BadValue);
      assert.match(error.message, expected);
      return true;
    });
  });
}

Deno.test("interpolate() keeps every part of a secret out of its errors", () => {
  for (
    const secret of ["h%unter", "h%(unter)s", "h%(unter", "%(b)s\nb=h%unter"]
  ) {
    assert.throws(() => read(`[a]\nx = ${secret}`, true), (error) => {
      assert.ok(error instanceof BadValue);
      assert.ok(!/unter|"b"/.test(error.message + error.hint));
      return true;
    });
  }
});

Deno.test("isInterpolable() tells what ConfigParser.set() accepts", () => {
  const rows: [string, boolean][] = [
    ["", true],
    ["a%%b", true],
    ["%(x)s", true],
    ["50%", false],
    ["%%%", false],
    ["%(x)d", false],
  ];
  for (const [text, expected] of rows) {
    assert.equal(isInterpolable(text), expected, text);
  }
});

Deno.test("referencesOf() names what a value refers to", () => {
  assert.deepEqual(referencesOf("%(A)s %%(b)s %(c d)s"), ["a", "c d"]);
});
