import assert from "node:assert/strict";
import {
  asFilter,
  asFolderSort,
  asHook,
  asInt,
  asNameTransform,
  asOptionalString,
  asRecordSort,
  asString,
  asStringList,
  asUidList,
  compile,
  formatFields,
  PythonError,
  type PythonErrorCode,
} from "../../../src/python/mod.ts";
import { sourceOf } from "./support.ts";

const open = (text: string) => compile(sourceOf(text), { re: true });

/** Expects a rejection with `code` and a text that matches. */
function refused(
  promise: Promise<unknown>,
  code: PythonErrorCode,
  text: RegExp,
): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof PythonError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    return true;
  });
}

Deno.test("asNameTransform() gives a str or says for which folder it does not", async () => {
  const transform = await asNameTransform(
    await open("lambda n: None if n == 'bad' else n.upper()"),
  );
  assert.equal(await transform("a"), "A");
  await refused(
    transform("bad"),
    "python.type",
    /must give a str, not NoneType .*called with 'bad'/,
  );
});

Deno.test("asNameTransform() refuses at once what is no function", async () => {
  await refused(asNameTransform(await open("'a'")), "python.type", /not str/);
});

Deno.test("asFilter() goes by truth", async () => {
  const filter = await asFilter(await open("lambda n: re.findall('a', n)"));
  assert.deepEqual([await filter("a"), await filter("b")], [true, false]);
  const two = await asFilter(
    await open("lambda account, folder: account == folder"),
  );
  assert.deepEqual([await two("a", "a"), await two("a", "b")], [true, false]);
  const generator = await asFilter(await open("lambda n: (x for x in [])"));
  assert.equal(await generator("a"), true);
});

Deno.test("asFolderSort() sorts things by name and keeps equal ones in order", async () => {
  const sort = await asFolderSort(await open("lambda a, b: len(a) - len(b)"));
  const things = [{ name: "bb" }, { name: "c" }, { name: "aa" }, { name: "b" }];
  assert.deepEqual(
    (await sort(things, ({ name }) => name)).map(({ name }) => name),
    ["c", "b", "bb", "aa"],
  );
  const bad = await asFolderSort(await open("lambda a, b: 'x'"));
  await refused(bad(["a", "b"], String), "python.raised", /TypeError/);
});

Deno.test("asRecordSort() sorts by the key of a dict", async () => {
  const sort = await asRecordSort(
    await open("lambda d: (d['accountname'] != 'Main', d['foldername'])"),
  );
  const records = [
    { accountname: "A", foldername: "a" },
    { accountname: "Main", foldername: "b" },
    { accountname: "Main", foldername: "a" },
  ];
  const sorted = await sort(records, (record) => record);
  assert.deepEqual(
    sorted.map((record) => record.accountname + record.foldername),
    [
      "Maina",
      "Mainb",
      "Aa",
    ],
  );
});

Deno.test("asStringList() takes every iterable of str", async () => {
  for (
    const text of [
      "['a', 'b']",
      "('a', 'b')",
      "(x for x in 'ab')",
      "{'a': 1, 'b': 2}",
    ]
  ) {
    assert.deepEqual(await asStringList(await open(text)), ["a", "b"]);
  }
  assert.deepEqual(await asStringList(await open("'INBOX'")), ["INBOX"]);
  assert.deepEqual(await asStringList(await open("None")), []);
  await refused(asStringList(await open("[1]")), "python.type", /int/);
  await refused(asStringList(await open("1")), "python.raised", /iterable/);
});

Deno.test("asString() takes str and UTF-8", async () => {
  assert.equal(await asString(await open("b'caf\\xc3\\xa9'")), "café");
  assert.equal(await asString(await open("'tok\\n'")), "tok\n");
  await refused(asString(await open("b'\\xff'")), "python.type", /UTF-8/);
  await refused(asString(await open("1")), "python.type", /a str, not int/);
  await refused(asString(await open("None")), "python.type", /NoneType/);
  assert.equal(await asOptionalString(await open("None")), undefined);
});

Deno.test("asInt() takes an int", async () => {
  assert.equal(await asInt(await open("100 + 43")), 143);
  await refused(asInt(await open("'143'")), "python.type", /an int, not str/);
  await refused(asInt(await open("10 ** 30")), "python.type", /smaller/);
});

Deno.test("asUidList() takes iterables of int, and None for none", async () => {
  const list = await asUidList(
    await open("lambda n: {'a': [1, 2], 'b': (3,), 'd': ['x']}.get(n)"),
  );
  assert.deepEqual([await list("a"), await list("b"), await list("c")], [
    [1, 2],
    [3],
    [],
  ]);
  await refused(
    list("d"),
    "python.type",
    /list of int, not str.*called with 'd'/,
  );
});

Deno.test("asHook() ignores the result", async () => {
  const hook = await asHook(await open("lambda: 1"));
  assert.equal(await hook(), undefined);
});

Deno.test("compile() lets a function keep its state between calls", async () => {
  const filter = await asFilter(
    await open("lambda n, seen=set(): not (n in seen or seen.add(n))"),
  );
  assert.deepEqual(
    [await filter("a"), await filter("a"), await filter("b")],
    [true, false, true],
  );
});

Deno.test("compile() fails for what is no expression", async () => {
  await refused(open("lambda"), "python.syntax", /nametrans/);
});

Deno.test("formatFields() fills the template of mbnames", async () => {
  const fields = { accountname: "A", foldername: "INBOX/%s" };
  assert.equal(
    await formatFields(
      sourceOf('"+%(accountname)s/%(foldername)s" 100%%'),
      fields,
    ),
    '"+A/INBOX/%s" 100%',
  );
  await refused(
    formatFields(sourceOf("%(nope)s"), fields),
    "python.raised",
    /KeyError: 'nope'/,
  );
});
