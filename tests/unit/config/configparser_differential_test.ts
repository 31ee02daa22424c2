/** Our reading of generated texts beside that of CPython's own configparser. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { BadValue } from "../../../src/config/bad_value.ts";
import { interpolate } from "../../../src/config/interpolate.ts";
import {
  parseBoolean,
  parseFloat,
  parseInteger,
} from "../../../src/config/numbers.ts";
import { entryOf, parseConfig } from "../../../src/config/parse.ts";

/** Answers one JSON line for each JSON line: a text to parse, or a number. */
const PEER = `
import configparser, io, json, math, sys

def read(text):
    cp = configparser.ConfigParser()
    try:
        raw = io.BytesIO(text.encode("utf-8"))
        cp.read_file(io.TextIOWrapper(raw, encoding="utf-8"))
    except configparser.Error:
        return None
    result = {}
    for section in ["DEFAULT"] + cp.sections():
        options = {}
        for option in cp[section]:
            try:
                value = cp.get(section, option)
            except configparser.InterpolationError:
                value = None
            options[option] = [cp.get(section, option, raw=True), value]
        result[section] = options
    return result

def number(text):
    answer = []
    states = configparser.ConfigParser.BOOLEAN_STATES
    for read in (int, float, lambda t: states[t.lower()]):
        try:
            answer.append(read(text))
            if isinstance(answer[-1], float) and not math.isfinite(answer[-1]):
                answer[-1] = None
        except (ValueError, KeyError):
            answer.append(None)
    return answer

for line in sys.stdin:
    kind, text = json.loads(line)
    print(json.dumps(read(text) if kind == "text" else number(text)), flush=True)
`;

const PYTHON = spawnSync("python3", ["-c", "import configparser"]).status === 0;
const REQUIRED = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";
if (!PYTHON && !REQUIRED) {
  Deno.stderr.writeSync(new TextEncoder().encode(
    "No python3 here: parseConfig() is not compared with CPython's configparser\n",
  ));
}

/** Raw and interpolated value of each option that a section sees. */
type Sections = Record<string, Record<string, [string, string | null]>>;

class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#process = spawn("python3", ["-c", PEER], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdout } = this.#process;
    assert.ok(stdout !== null);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async ask<T>(kind: "text" | "number", text: string): Promise<T> {
    this.#process.stdin?.write(JSON.stringify([kind, text]) + "\n");
    const { value } = await this.#lines.next();
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#process, "close");
    this.#process.stdin?.end();
    await closed;
  }
}

function readOurs(text: string): Sections | null {
  let config;
  try {
    config = parseConfig(text, "rc");
  } catch {
    return null;
  }
  const result: Sections = {};
  for (const section of ["DEFAULT", ...config.sections.keys()]) {
    const names = new Set([
      ...config.sections.get(section)?.options.keys() ?? [],
      ...config.defaults.options.keys(),
    ]);
    const options: Sections[string] = {};
    for (const name of names) {
      const entry = entryOf(config, section, name);
      assert.ok(entry !== undefined);
      let value: string | null;
      try {
        value = interpolate(config, section, entry);
      } catch (error) {
        assert.ok(error instanceof BadValue);
        value = null;
      }
      options[name] = [entry.value, value];
    }
    result[section] = options;
  }
  return result;
}

const blank = fc.constantFrom(
  ...["", "", "", " ", "  ", "\t", "    ", "\u00a0", "\u001c", "\v", "\u0085"],
);
const word = fc.constantFrom(
  ...["x", "y", "X", "long name", "ß", "İ", "z.1", "a-b", "x", "DEFAULT"],
);
const piece = fc.oneof(
  fc.constantFrom(
    ...["1", "=", ":", "#", ";", " ; c", "[", "]", "%%", "%", "%(x)s", "%(Y)s"],
    ...["%(long name)s", "%(", ")s", "'", "\\", "lambda f: f", "é", "\u2028"],
    ...["\ufeff", "\u3000", "😀", "=="],
  ),
  fc.string({ maxLength: 4 }),
);
const value = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(""));
const option = fc.tuple(blank, word, blank, fc.constantFrom("=", ":"), value)
  .map((parts) => parts.join(""));
const header = fc.tuple(
  blank,
  fc.constantFrom("[a]", "[b]", "[DEFAULT]", "[ a ]", "[a] # [b]", "[[]]"),
  blank,
).map((parts) => parts.join(""));
const line = fc.oneof(
  { arbitrary: option, weight: 8 },
  { arbitrary: header, weight: 2 },
  {
    arbitrary: fc.tuple(blank, fc.constantFrom("#", ";"), value)
      .map((parts) => parts.join("")),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(fc.constantFrom(" ", "   ", "\t"), value)
      .map((parts) => parts.join("")),
    weight: 4,
  },
  { arbitrary: blank, weight: 3 },
  { arbitrary: value, weight: 1 },
);
const newline = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r");
const text = fc.tuple(
  fc.constantFrom("", "[a]\n", "[a]\n", "[a]\n"),
  fc.array(fc.tuple(line, newline), { maxLength: 9 }),
).map(([first, lines]) => first + lines.flat().join(""));

Deno.test({
  name: "parseConfig() and interpolate() agree with CPython's configparser",
  ignore: !PYTHON && !REQUIRED,
  fn: async () => {
    assert.ok(PYTHON, "python3 is required here");
    await using peer = new Peer();
    let read = 0;
    await fc.assert(
      fc.asyncProperty(text, async (text) => {
        // The one wanted difference: a mark at the very start is skipped.
        if (text.startsWith("\ufeff")) return;
        const theirs = await peer.ask<Sections | null>("text", text);
        const ours = readOurs(text);
        if (theirs !== null) read++;
        assert.deepEqual(ours, theirs);
      }),
      { numRuns: 3000 },
    );
    assert.ok(read > 500, `only ${read} of the texts were readable`);
  },
});

Deno.test({
  name: "parseInteger(), parseFloat(), parseBoolean() agree with CPython",
  ignore: !PYTHON && !REQUIRED,
  fn: async () => {
    assert.ok(PYTHON, "python3 is required here");
    await using peer = new Peer();
    const letters = fc.constantFrom(
      ...[
        "0",
        "1",
        "9",
        "_",
        ".",
        "e",
        "E",
        "+",
        "-",
        " ",
        "\t",
        "x",
        "\u00a0",
      ],
    );
    const number = fc.oneof(
      fc.string({ unit: letters, maxLength: 7 }),
      fc.constantFrom("yes", "No", "TRUE", "false", "oN", "off", "y", "none"),
    );
    await fc.assert(
      fc.asyncProperty(number, async (text) => {
        const ours = [parseInteger, parseFloat, parseBoolean].map((parse) => {
          try {
            return parse(text);
          } catch (error) {
            assert.ok(error instanceof BadValue);
            return null;
          }
        });
        const theirs = await peer.ask<(number | boolean | null)[]>(
          "number",
          text,
        );
        assert.ok(
          ours.every((value, i) =>
            // -0.0 is 0 here and there.
            value === theirs[i] || (value === 0 && theirs[i] === 0)
          ),
          `${JSON.stringify(ours)} is not ${JSON.stringify(theirs)}`,
        );
      }),
      { numRuns: 3000 },
    );
  },
});
