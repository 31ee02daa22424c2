import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import {
  entryOf,
  parseConfig,
  type ParsedConfig,
} from "../../../src/config/parse.ts";

const FILE = "/home/u/.offlineimaprc";

function sectionA(text: string): Record<string, string> {
  const options = parseConfig(`[a]\n${text}\n`, FILE).sections.get("a")
    ?.options ?? new Map();
  return Object.fromEntries(
    [...options].map(([name, entry]) => [name, entry.value]),
  );
}

function refusal(text: string): string {
  try {
    parseConfig(text, FILE);
  } catch (error) {
    assert.ok(error instanceof MailError);
    assert.equal(error.code, "config.syntax");
    assert.equal(error.scope, "run");
    assert.ok(error.message.includes(FILE));
    return error.message;
  }
  assert.fail("nothing was thrown");
}

const VALUES: [string, Record<string, string>][] = [
  ["x = 1 ; c", { x: "1 ; c" }],
  ['x: re.sub("a=b")', { x: 're.sub("a=b")' }],
  ["y = c:d", { y: "c:d" }],
  ["x = l(\n  # c\n  1,\n\n  2)", { x: "l(\n1,\n\n2)" }],
  ["x = l(\n# c\n  1)", { x: "l(\n1)" }],
  ["  x = 1\n    y = 2", { x: "1\ny = 2" }],
  ["    x = 1\n  y = 2", { x: "1", y: "2" }],
  ["x = 1\n\n  2\n\ny=3", { x: "1\n\n2", y: "3" }],
  ["x = a\n\tb", { x: "a\nb" }],
  ["x = lambda f: \\\n   f", { x: "lambda f: \\\nf" }],
  ["x = a%b", { x: "a%b" }],
  ['x = "q"', { x: '"q"' }],
  ["x =", { x: "" }],
  ["x =\n  1", { x: "\n1" }],
  ["long name = 1", { "long name": "1" }],
  ["X-Y\t:\tz\t", { "x-y": "z" }],
  ["x = 1\r\ny = 2\r\n", { x: "1", y: "2" }],
  ["x = 1\ry = 2", { x: "1", y: "2" }],
  ["; c = 1\n   # d = 2\nx = 1", { x: "1" }],
  ["x = 1 # c", { x: "1 # c" }],
  ["x = 1\n  [b]\n  c = 3", { x: "1\n[b]\nc = 3" }],
  ["[] = 1", { "[]": "1" }],
  ["x\u00a0=\u00851\u001c", { x: "1" }],
  ["x = a\u2028b", { x: "a\u2028b" }],
  ["x = \ufeffa", { x: "\ufeffa" }],
  [
    "__proto__ = 1\nconstructor = 2",
    Object.fromEntries([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]),
  ],
];
for (const [text, expected] of VALUES) {
  Deno.test(`parseConfig() reads ${JSON.stringify(text)} as ConfigParser does`, () => {
    assert.deepEqual(sectionA(text), expected);
  });
}

const HEADERS: [string, string][] = [
  ["[a]", "a"],
  ["[ a ]", " a "],
  ["[a] # [b]", "a] # [b"],
  ["[a] x = 1", "a"],
  ["   [a]  ", "a"],
  ["[]]", "]"],
  ["[Account Ä]", "Account Ä"],
];
for (const [line, name] of HEADERS) {
  Deno.test(`parseConfig() takes ${line} for the section ${JSON.stringify(name)}`, () => {
    assert.deepEqual([...parseConfig(line, FILE).sections.keys()], [name]);
  });
}

const REFUSALS: [string, RegExp][] = [
  ["x = 1", /line 1: nothing but comments may stand before the first/],
  ["[a]\nx", /line 2: this is no "name = value"/],
  ["[a]\nx=1\ny", /line 3: .*to continue "x" of line 2, indent it more/],
  ["[a]\n = 1", /line 2: a name is missing before "="/],
  ["[a]\n[]", /line 2: a section header has the form "\[name\]"/],
  ["[a]\n[b", /line 2: a section header has the form "\[name\]"/],
  ["[a]\nx=1\nX:2", /line 3: option "x" of \[a\] was already set in line 2/],
  ["[a]\n[a]", /line 2: section \[a\] was already opened in line 1/],
  [
    "[DEFAULT]\nx=1\n[a]\n[DEFAULT]\nx=2",
    /line 5: option "x" of \[DEFAULT\] was already set in line 2/,
  ],
];
for (const [text, expected] of REFUSALS) {
  Deno.test(`parseConfig() refuses ${JSON.stringify(text)}`, () => {
    assert.match(refusal(text), expected);
  });
}

Deno.test("parseConfig() reports all mistakes of a text together", () => {
  const message = refusal("early\nstray\n[a]\nx\ny=1\ny=2\n  3\n[a]\nz=1\nz=1");
  assert.deepEqual(
    message.split("\n").slice(1).map((line) => line.trim().split(":")[0]),
    [
      "line 1",
      "line 4",
      "line 6",
      "line 8",
      "line 10",
    ],
  );
  assert.match(message, /5 mistakes/);
});

Deno.test("parseConfig() never shows a value, which may be a password", () => {
  const message = refusal(
    "[a]\nremotepass hunter2\nx = hunter2\nhunter2\nx = hunter2\n= hunter2",
  );
  assert.ok(!message.includes("hunter2"));
});

Deno.test("parseConfig() lists twenty mistakes and counts the rest", () => {
  const message = refusal("[a]\n" + "x\n".repeat(25));
  assert.match(message, /25 mistakes/);
  assert.match(message, /and 5 more$/);
});

Deno.test("parseConfig() accepts a byte-order mark", () => {
  const config = parseConfig("\ufeff[a]\nx=1", FILE);
  assert.equal(entryOf(config, "a", "x")?.value, "1");
});

Deno.test("parseConfig() accepts a repeated [DEFAULT]", () => {
  const config = parseConfig("[DEFAULT]\nx=1\n[a]\n[DEFAULT]\ny=2", FILE);
  assert.equal(entryOf(config, "a", "x")?.value, "1");
  assert.equal(entryOf(config, "a", "y")?.value, "2");
  assert.equal(config.defaults.line, 1);
});

Deno.test("parseConfig() keeps the lines of sections, options and their parts", () => {
  const config = parseConfig(
    "# c\n\n[a]\nx = 1\n\n  # c\n  2\n\n\ny = 3\n",
    FILE,
  );
  assert.equal(config.sections.get("a")?.line, 3);
  const x = entryOf(config, "a", "x");
  assert.deepEqual([x?.line, x?.lines, x?.source], [4, [4, 5, 7], FILE]);
  assert.equal(entryOf(config, "a", "y")?.line, 10);
});

const LOOKUPS: [string, string, string | undefined][] = [
  ["a", "x", "own"],
  ["a", "d", "default"],
  ["DEFAULT", "d", "default"],
  ["DEFAULT", "x", "hidden"],
  ["missing", "d", undefined],
];
const SAMPLE: ParsedConfig = parseConfig(
  "[DEFAULT]\nd = default\nx = hidden\n[a]\nx = own",
  FILE,
);
for (const [section, option, expected] of LOOKUPS) {
  Deno.test(`entryOf() gives ${expected} for ${option} of [${section}]`, () => {
    assert.equal(entryOf(SAMPLE, section, option)?.value, expected);
  });
}
