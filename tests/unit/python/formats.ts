/** Random formatting, conversions and literals. */
import * as fc from "fast-check";

const numbers = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "-1",
    "True",
    "255",
    "10**4",
    "-12345678",
    "0.0",
    "-0.0",
    "0.5",
    "1.5",
    "2.5",
    "-2.675",
    "1e16",
    "1e15",
    "123456789.0",
    "1e-5",
    "0.0001",
    "float('nan')",
    "float('inf')",
    "-float('inf')",
    "1e300",
    "9.995",
    "99999.5",
  ),
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) =>
    `float('${value}')`
  ),
);
const texts = fc.constantFrom("'abc'", "''", "n", "'ä\u{1f600}'", "'1'");
const values = fc.oneof(
  numbers,
  texts,
  fc.constantFrom("None", "[1, 'a']", "(1,)", "b'x'", "{'k': 2}"),
);

const specs = fc.tuple(
  fc.constantFrom("", "", "<", ">", "^", "=", "*<", "0=", "é^"),
  fc.constantFrom("", "", "+", "-", " "),
  fc.constantFrom("", "", "#"),
  fc.constantFrom("", "", "0"),
  fc.constantFrom("", "", "5", "12"),
  fc.constantFrom("", "", ",", "_"),
  fc.constantFrom("", "", ".0", ".2", ".10"),
  fc.constantFrom(
    "",
    "s",
    "d",
    "f",
    "e",
    "g",
    "x",
    "X",
    "b",
    "o",
    "%",
    "c",
    "E",
    "G",
    "n",
    "q",
  ),
).map((parts) => parts.join(""));

const percents = fc.tuple(
  fc.constantFrom("", "", "-", "0", "+", " ", "#", "-0", "+0"),
  fc.constantFrom("", "", "5", "12", "*"),
  fc.constantFrom("", "", ".0", ".2", ".10", "."),
  fc.constantFrom(
    "s",
    "d",
    "i",
    "f",
    "e",
    "g",
    "x",
    "X",
    "o",
    "c",
    "r",
    "a",
    "%",
    "E",
    "G",
    "u",
    "q",
    "",
  ),
).map((parts) => `%${parts.join("")}`);

const fields = fc.tuple(
  fc.constantFrom("", "0", "1", "x", "0[0]", "x[k]", "0.real", "2", "x[0]"),
  fc.constantFrom("", "", "!r", "!s", "!a", "!z"),
  fc.oneof(
    fc.constant(""),
    specs.map((spec) => `:${spec}`),
    fc.constant(":{1}"),
  ),
).map((parts) => `{${parts.join("")}}`);

const pieces = fc.oneof(
  fields,
  fc.constantFrom("a", "{{", "}}", "{", "}", " ", "ä"),
);

const numerals = fc.string({
  unit: fc.constantFrom(
    "0",
    "1",
    "9",
    "_",
    "x",
    "a",
    "-",
    "+",
    " ",
    ".",
    "e",
    "b",
    "o",
    "\u0663",
  ),
  maxLength: 5,
});

const escapes = fc.string({
  unit: fc.constantFrom(
    "\\n",
    "\\x41",
    "\\x4",
    "\\101",
    "\\u00e4",
    "\\U0001f600",
    "\\.",
    "\\\\",
    "a",
    "ä",
    "{n}",
    "{{",
    "}}",
    "\\'",
    " ",
    "{n!r:>9}",
    "{n=}",
    "{len(n):03d}",
  ),
  maxLength: 4,
});

/** Expressions that format, convert, or are literals. */
export const expressions: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(values, specs).map(([value, spec]) => `format(${value}, '${spec}')`),
  fc.tuple(values, specs).map(([value, spec]) =>
    `f'{${value.replaceAll("'", '"')}:${spec.replace(/^=/, "")}}'`
  ),
  fc.tuple(percents, values).map(([text, value]) => `'${text}' % ${value}`),
  fc.tuple(percents, percents, values, values).map(([a, b, x, y]) =>
    `'${a}|${b}' % (${x}, ${y})`
  ),
  fc.tuple(percents, values, values).map(([a, x, y]) =>
    `'${a}' % (${x}, ${y})`
  ),
  fc.tuple(
    fc.constantFrom("%(k)s", "%(k)5d", "%(z)s", "%(k)s%%", "%(k"),
    values,
  ).map(([text, value]) => `'${text}' % {'k': ${value}}`),
  fc.tuple(fc.array(pieces, { maxLength: 4 }), values, values, values).map((
    [text, a, b, x],
  ) => `'${text.join("")}'.format(${a}, ${b}, x=${x})`),
  numerals.map((text) => `int('${text}')`),
  fc.tuple(numerals, fc.constantFrom("0", "2", "8", "16", "36", "1")).map((
    [text, base],
  ) => `int('${text}', ${base})`),
  numerals.map((text) => `float('${text}')`),
  fc.tuple(numbers, fc.integer({ min: -3, max: 4 })).map(([value, places]) =>
    `round(${value}, ${places})`
  ),
  numbers.map((value) => `(${value}, repr(${value}), int(${value}))`),
  fc.tuple(
    numbers,
    fc.constantFrom("+", "-", "*", "/", "//", "%", "<", "==", ">=", "&"),
    numbers,
  ).map((parts) => `(${parts[0]}) ${parts[1]} (${parts[2]})`),
  fc.tuple(
    fc.constantFrom("", "r", "f", "b", "rb", "fr", "u", "Rb", "bytes"),
    escapes,
  ).map(([prefix, text]) => `${prefix}'${text}'`),
  fc.tuple(
    fc.constantFrom("", "r", "f", "b"),
    escapes,
    fc.constantFrom("", "r", "f", "b"),
    escapes,
  ).map(([a, x, b, y]) => `${a}'${x}' ${b}"${y}"`),
);
