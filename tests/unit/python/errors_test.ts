import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import { PythonError } from "../../../src/python/python_error.ts";
import type { PythonSource } from "../../../src/python/source.ts";
import { engineOf } from "./support.ts";

/** The error of evaluating `text`, or of calling it with `INBOX`. */
async function errorOf(text: string, option?: string): Promise<PythonError> {
  try {
    const engine = engineOf(text, option === undefined ? {} : { option });
    if (text.includes("lambda")) {
      await (await engine.function()).call(["INBOX"]);
    } else await engine.value();
  } catch (error) {
    assert.ok(error instanceof PythonError, String(error));
    return error;
  }
  assert.fail(`${text} did not fail`);
}

Deno.test("PythonError is a MailError that stops the account", async () => {
  const error = await errorOf("1 +");
  assert.ok(error instanceof MailError);
  assert.equal(error.scope, "account");
  assert.equal(error.retry, "never");
});

Deno.test("PythonError names file, line, section, option, place and construct", async () => {
  const error = await errorOf("lambda f: f.foo()");
  assert.equal(
    error.message,
    "offlineimaprc:7: [Repository remote] nametrans: AttributeError: str has " +
      "no method 'foo' (at \"f.foo\", column 11, called with 'INBOX')",
  );
  assert.equal(error.code, "python.raised");
  assert.equal(error.exception, "AttributeError");
});

Deno.test.each([
  { text: "lambda n: (\n  n +\n 1)", line: 8, column: 3, construct: "n + 1" },
  { text: "'äöü\u{1f600}' + 1", line: 7, column: 1, construct: "'äöü😀' + 1" },
  { text: "['\u{1f600}', x]", line: 7, column: 7, construct: "x" },
  { text: "\n\n  {}[1]", line: 9, column: 3, construct: "{}[1]" },
  { text: "[1, 2", line: 7, column: 6, construct: "" },
  { text: "1 if 2", line: 7, column: 7, construct: "" },
  { text: "a b", line: 7, column: 3, construct: "b" },
  { text: "x = 1", line: 7, column: 1, construct: "x = 1" },
  { text: "1 == not 2", line: 7, column: 6, construct: "not" },
])(
  "PythonError finds the place of the fault in $text",
  async ({ text, line, column, construct }) => {
    const error = await errorOf(text);
    assert.deepEqual(
      [error.line, error.column, error.construct],
      [line, column, construct],
    );
  },
);

Deno.test("PythonError counts the comment lines inside of a value", () => {
  const source: PythonSource = {
    text: "lambda f: (\nf.foo())",
    file: "offlineimaprc",
    line: 7,
    lines: [7, 10],
    section: "Repository remote",
    option: "nametrans",
  };
  const span = { from: 12, to: 17 };
  const error = new PythonError("no", { code: "python.raised", source, span });
  assert.equal(error.line, 10);
  assert.match(error.message, /^offlineimaprc:10: \[Repository remote\]/);
});

Deno.test("PythonError names the flag that has set an option, without a line", () => {
  const error = new PythonError("no", {
    code: "python.raised",
    source: {
      text: "1",
      file: "-k",
      line: 0,
      lines: [0],
      section: "Repository remote",
      option: "remoteporteval",
    },
  });
  assert.match(error.message, /^-k: \[Repository remote\] remoteporteval: no/);
});

Deno.test.each([
  { text: "1 +", code: "python.syntax" },
  { text: "", code: "python.syntax" },
  { text: "import os", code: "python.syntax" },
  { text: "lambda a, a: 1", code: "python.syntax" },
  { text: "len(x for x in [], 1)", code: "python.syntax" },
  { text: "await x", code: "python.unsupported" },
  { text: "eval('1')", code: "python.unsupported" },
  { text: "__import__('subprocess')", code: "python.unsupported" },
  { text: "__import__('os')", code: "python.unsupported" },
  { text: "open('/etc/passwd')", code: "python.unsupported" },
  { text: "''.__class__", code: "python.unsupported" },
  { text: "b'%d' % 1", code: "python.unsupported" },
  { text: "3j", code: "python.unsupported" },
  { text: "'a'.encode('cp1252')", code: "python.unsupported" },
  { text: "[][0]", code: "python.raised" },
  { text: "lambda: 1", code: "python.raised" },
  { text: "'a' * 10 ** 9", code: "python.limit" },
])("PythonError of $text has the code $code", async ({ text, code }) => {
  assert.equal((await errorOf(text)).code, code);
});

Deno.test.each([
  { text: "print n", hint: /print\(x\)/ },
  { text: "lambda n: n <> 'a'", hint: /!=/ },
  { text: "lambda n: `n`", hint: /repr/ },
  { text: "lambda (a, b): a", hint: /tuple/ },
  { text: "ur'a'", hint: /r'/ },
  { text: "10L", hint: /1L/ },
  { text: "0777", hint: /0o/ },
  { text: "lambda n: unicode(n)", hint: /unicode/ },
  { text: "lambda n: {}.has_key(n)", hint: /in dict/ },
  { text: "lambda n: string.replace(n, 'a', 'b')", hint: /text\.replace/ },
  { text: "commands.getoutput('pass')", hint: /subprocess/ },
  { text: "lambda n: n.decode('string-escape')", hint: /leave out/ },
  { text: "b'a'.decode('string-escape')", hint: /escapes/ },
  { text: "{}.iteritems()", hint: /items\(\)/ },
  { text: "lambda n: n == 1\nor n == 2", hint: /several lines/ },
])(
  "PythonError of Python 2's $text says what to write",
  async ({ text, hint }) => {
    assert.match((await errorOf(text)).hint ?? "", hint);
  },
);

Deno.test.each([
  "'hunter2' + 1",
  "int('hunter2')",
  "{'a': 1}['hunter2']",
  "'hunter2'.foo()",
  "'hunter2",
  "['hunter2'",
  "__import__('hunter2')",
  "b'hunter2'.decode('hunter2')",
  "hunter2 'hunter2'",
  "(lambda p: p.foo)('hunter2')",
])("PythonError of a password option does not show $0", async (text) => {
  for (const option of ["remotepasseval", "oauth2_access_token_eval"]) {
    const error = await errorOf(text, option);
    const shown = [
      error.message,
      error.stack,
      error.hint,
      error.construct,
      error.problem,
      String(error.cause),
    ].join();
    assert.ok(!shown.replaceAll("leave", "").includes("hunter2"), shown);
  }
});

Deno.test("LocalEngine.function() refuses what is no function", async () => {
  await assert.rejects(
    engineOf("'INBOX'").function(),
    (error) => error instanceof PythonError && error.code === "python.type",
  );
});
