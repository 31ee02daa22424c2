/** Random expressions of the kinds that configurations hold. */
import * as fc from "fast-check";

/** A text of an expression. */
export type Text = fc.Arbitrary<string>;

const LETTERS = [
  "a",
  "b",
  "B",
  "x",
  "1",
  "2",
  ".",
  "/",
  " ",
  "-",
  "_",
  "ä",
  "ß",
  "É",
  "\u{1f600}",
  "'",
  '"',
  "\\",
  "\n",
  "%",
  "{",
  "}",
  "&",
];
const WORDS = [
  "INBOX",
  "INBOX.",
  "Sent",
  "Sent Items",
  "[Gmail]/",
  "Archive",
  "archive",
  "2024",
  "Trash",
  "lists",
  ".",
  "/",
  "",
  "a",
  "%s",
  "x=1",
  "Größe",
];

/** A folder name. */
export const folderNames: Text = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map((parts) =>
    parts.join("")
  ),
  fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 }),
);

/** `text` as a literal of Python, in one of the ways to write it. */
function literal(text: string, style: number): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  switch (style % 4) {
    case 0:
      return `"${escaped.replaceAll('"', '\\"')}"`;
    case 1:
      return `'''${escaped.replaceAll("'", "\\'")}'''`;
    case 2:
      return /^[^'\\\n]*$/.test(text) ? `r'${text}'` : literal(text, 3);
  }
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

const texts: Text = fc.tuple(folderNames, fc.nat(3)).map(([text, style]) =>
  literal(text, style)
);
const smallIntegers: Text = fc.integer({ min: -6, max: 12 }).map((integer) =>
  integer < 0 ? `(${integer})` : String(integer)
);

/** Joins texts around the parts of a template. */
function join(parts: TemplateStringsArray, ...values: Text[]): Text {
  return fc.tuple(...values).map((found) =>
    parts.reduce((all, part, index) => all + part + (found[index] ?? ""), "")
  );
}

const patterns: Text = fc.constantFrom(
  "'^INBOX[./]'",
  "r'\\d+'",
  "'(?i)sent'",
  "r'^(\\w+)/(\\w+)$'",
  "'x$'",
  "'[^/]+'",
  "'(a)|(b)'",
  "r'(?P<p>[^/.]*)([/.]|$)'",
  "''",
  "'.'",
  "r'\\s'",
  "'a*'",
  "r'\\b'",
  "'(?<=a).'",
  "'(?!I)'",
  "r'(.)\\1'",
  "'[[]G'",
  "'(?x) a # b'",
);
const templates: Text = fc.constantFrom(
  "''",
  "'.'",
  "r'<\\g<0>>'",
  "'-'",
  "lambda m: m.group(0).upper()",
  "lambda m: str(m.start())",
);
const flags: Text = fc.constantFrom(
  "re.I",
  "re.IGNORECASE | re.M",
  "0",
  "re.U",
);

const comparisons = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");

const tree = fc.letrec<
  Record<"text" | "integer" | "truth" | "list" | "any", string>
>((tie) => {
  const text = tie("text");
  const integer = tie("integer");
  const truth = tie("truth");
  const list = tie("list");
  const any = tie("any");
  const unaryMethods = fc.constantFrom(
    "lower",
    "upper",
    "title",
    "capitalize",
    "strip",
    "lstrip",
    "rstrip",
    "swapcase",
    "casefold",
  );
  const tests = fc.constantFrom(
    "isdigit",
    "isalnum",
    "isalpha",
    "isupper",
    "islower",
    "isspace",
    "istitle",
    "isnumeric",
    "isdecimal",
    "isascii",
    "isidentifier",
    "isprintable",
  );
  return {
    text: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      fc.constant("n"),
      texts,
      join`${text}.${unaryMethods}()`,
      join`${text} + ${text}`,
      join`(${text} or ${text})`,
      join`(${text} if ${truth} else ${text})`,
      join`${text}.replace(${text}, ${text})`,
      join`${text}.replace(${text}, ${text}, ${integer})`,
      join`${text}.strip(${text})`,
      join`${text}.lstrip(${text})`,
      join`${text}.removeprefix(${text}).removesuffix(${text})`,
      join`${text}[${integer}]`,
      join`${text}[${integer}:${integer}]`,
      join`${text}[:${integer}]`,
      join`${text}[::${integer}]`,
      join`${text}[${integer}::${integer}]`,
      join`${text}.join(${list})`,
      join`${text}.join(str(x) for x in ${list})`,
      join`'%s|%r' % (${any}, ${any})`,
      join`'%5s%-6s.%.3s' % (${text}, ${any}, ${any})`,
      join`'%03d' % ${integer}`,
      join`'{}-{!r}'.format(${any}, ${any})`,
      join`'{0:>8}{1:^5}{x}'.format(${text}, ${integer}, x=${any})`,
      join`f'{n!s:<7}|{n[${smallIntegers}:].title()!r:>9}|{len(n):+d}|{n.split()}'`,
      join`re.sub(${patterns}, ${templates}, ${text})`,
      join`re.sub(${patterns}, ${templates}, ${text}, flags=${flags})`,
      join`re.escape(${text})`,
      join`str(${any})`,
      join`repr(${any})`,
      join`${text}.partition(${text})[${integer}]`,
      join`${text}.center(${smallIntegers}, '*')`,
      join`${text}.zfill(${integer})`,
      join`${text}.ljust(${integer})`,
      join`${text}.translate({ord('a'): 'b', ord('/'): None, ord('.'): 95})`,
      join`${text}.encode('utf-8').decode('latin-1')`,
      join`{${text}: ${text}}.get(n, ${text})`,
      join`{${text}: ${text}}[n]`,
      join`(lambda a, b=${text}: a + b)(${text})`,
      join`max(${text}, ${text})`,
      join`min(${list}, key=str)`,
      join`${text} * ${smallIntegers}`,
      join`next((x for x in ${list} if x), ${text})`,
      join`chr(ord(${text}[:1]) + 1)`,
      join`(${text} and ${text})`,
      join`${text}.expandtabs(${integer})`,
    ),
    integer: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      smallIntegers,
      join`len(${text})`,
      join`len(${list})`,
      join`${text}.count(${text})`,
      join`${text}.find(${text})`,
      join`${text}.find(${text}, ${integer}, ${integer})`,
      join`${text}.rfind(${text}, ${integer})`,
      join`${text}.index(${text})`,
      join`(${integer} + ${integer})`,
      join`${integer} - ${integer}`,
      join`${integer} * ${integer}`,
      join`${integer} % ${integer}`,
      join`${integer} // ${integer}`,
      join`-${integer} ** 2`,
      join`${integer} & ${integer} | ${integer} ^ ${integer}`,
      join`~${integer} << 2 >> 1`,
      join`int(${text}[:2])`,
      join`int(${truth})`,
      join`sum(len(x) for x in ${list})`,
      join`(${text} > ${text}) - (${text} < ${text})`,
      join`abs(${integer})`,
      join`divmod(${integer}, ${integer})[0]`,
      join`round(${integer} / ${integer}, 2)`,
    ),
    truth: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      fc.constantFrom("True", "False", "None"),
      join`${text} in ${text}`,
      join`${text} not in ${list}`,
      join`not ${truth}`,
      join`not ${truth} or ${truth}`,
      join`${truth} and not ${truth}`,
      join`${truth} or ${truth} and ${truth}`,
      join`${text} ${comparisons} ${text}`,
      join`${integer} ${comparisons} ${integer} ${comparisons} ${integer}`,
      join`${any} == ${any} != ${any}`,
      join`${truth} is not None`,
      join`${text}.startswith(${text})`,
      join`${text}.endswith((${text}, ${text}))`,
      join`${text}.startswith(${text}, ${integer})`,
      join`${text}.${tests}()`,
      join`bool(${any})`,
      join`${truth} ^ ${truth}`,
      join`any(x in n for x in ${list})`,
      join`all(${truth} for x in ${list})`,
      join`bool(re.search(${patterns}, ${text}))`,
      join`re.match(${patterns}, ${text}) is None`,
      join`re.fullmatch(${patterns}, ${text}, ${flags}) != None`,
      join`isinstance(${any}, (str, int))`,
      join`set(${list}) <= {${text}, ${text}}`,
      join`(${truth})`,
    ),
    list: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      join`[${text}, ${text}]`,
      fc.constant("[]"),
      join`${text}.split(${text})`,
      join`${text}.split()`,
      join`${text}.split(None, ${integer})`,
      join`${text}.rsplit(${text}, ${integer})`,
      join`${text}.rsplit(None, ${integer})`,
      join`${text}.splitlines()`,
      join`${text}.splitlines(True)`,
      join`list(${text})`,
      join`sorted(${list})`,
      join`sorted(${list}, key=len, reverse=${truth})`,
      join`list(reversed(${list}))`,
      join`[x for x in ${list} if ${truth}]`,
      join`[x + y for x in ${list} for y in ${text}]`,
      join`[x.upper() for x in ${list}][:${integer}]`,
      join`${list} + ${list}`,
      join`list(map(str.lower, ${list}))`,
      join`list(filter(None, ${list}))`,
      join`[a for i, a in enumerate(${list}) if i % 2]`,
      join`[a + b for a, b in zip(${list}, ${text})]`,
      join`re.findall(${patterns}, ${text})`,
      join`re.split(${patterns}, ${text})`,
      join`re.split(${patterns}, ${text}, ${integer})`,
      join`[m.span() for m in re.finditer(${patterns}, ${text})]`,
      join`sorted({x for x in ${text}})`,
      join`[*${list}, *${text}]`,
      join`list({x: len(x) for x in ${list}}.items())`,
      join`list(range(${smallIntegers}, ${smallIntegers}))`,
      join`[str(x) for x in range(${smallIntegers})]`,
      join`list(dict.fromkeys(${list}))`,
      join`${list} * 2`,
    ),
    any: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression" },
      text,
      integer,
      truth,
      list,
      join`(${text}, ${integer})`,
      join`(${text},)`,
      join`{${text}: ${integer}}`,
      join`${text}.encode()`,
      join`${integer} / ${integer}`,
      join`re.search(${patterns}, ${text})`,
    ),
  };
});

/** Any expression over the name `n`. */
export const expressions: Text = fc.oneof(
  tree.text,
  tree.integer,
  tree.truth,
  tree.list,
  tree.any,
);
