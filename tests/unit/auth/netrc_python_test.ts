/** Our reading of netrc files beside that of Python's `netrc` module. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { parseNetrc } from "../../../src/auth/netrc.ts";
import { WHY_SKIPPED, WITHOUT_PYTHON } from "../python/support_python.ts";

/** Machines and default as Python gives them; null: it refuses the text. */
type Read = Record<string, [string, string, string]> | null;

const PYTHON = `
import json, netrc, sys
texts = json.load(open(sys.argv[1], encoding="utf-8"))
path = sys.argv[1] + ".netrc"
answers = []
for text in texts:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    try:
        hosts = netrc.netrc(path).hosts
        answers.append({k: [part or "" for part in v] for k, v in hosts.items()})
    except netrc.NetrcParseError:
        answers.append(None)
print(json.dumps(answers))
`;

/** Whole lines and words, as files have them, in any order. */
const WORDS = fc.constantFrom(
  ...["machine ", "default ", "login ", "user ", "account ", "password "],
  ...["a ", "b ", "imap.test ", "\n", "\n\n", "\t", "\r\n", " "],
  ...['"q r" ', '"q\\"r"', "c\\ d ", '\\"', "password #value ", 'e"f '],
  ...["# a comment\n", "macdef m\nbody\n\n", "macdef m\n\n", "\\\\ "],
  ...["machine a login b password c\n", "default login d password e\n"],
  ...["machine a\n  login l\n  password p # why\n", "käse "],
);

Deno.test({
  name: `parseNetrc() reads what Python's netrc reads${WHY_SKIPPED}`,
  ignore: WITHOUT_PYTHON,
  fn: async () => {
    const texts = fc.sample(fc.array(WORDS, { maxLength: 12 }), 1_000)
      .map((words) => words.join(""))
      // Python takes a machine of that name for the entry of all others.
      .filter((text) => !/machine\s+"?default/.test(text));
    const theirs = await readByPython(texts);
    let accepted = 0;
    texts.forEach((text, at) => {
      const ours = read(text);
      // Python alone stumbles over a comment behind an empty line.
      if (theirs[at] === null && text.includes("# a comment")) return;
      if (ours !== null) accepted++;
      assert.deepEqual(ours, theirs[at], JSON.stringify(text));
    });
    assert.ok(accepted > 100, `${accepted}`);
  },
});

function read(text: string): Read {
  try {
    const { machines, default: fallback } = parseNetrc(text);
    const entries = [
      ...machines,
      ...fallback ? [["default", fallback] as const] : [],
    ];
    return Object.fromEntries(
      entries.map(([name, { login, account, password }]) => [
        name,
        [login, account, password],
      ]),
    );
  } catch (error) {
    assert.ok(error instanceof SyntaxError);
    return null;
  }
}

async function readByPython(texts: readonly string[]): Promise<Read[]> {
  const folder = await Deno.makeTempDir({ prefix: "oi-netrc-" });
  try {
    const file = join(folder, "texts.json");
    await Deno.writeTextFile(file, JSON.stringify(texts));
    const { stdout, stderr, success } = await new Deno.Command("python3", {
      args: ["-c", PYTHON, file],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
