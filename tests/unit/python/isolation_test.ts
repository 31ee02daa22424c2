import assert from "node:assert/strict";
import type { PythonHost } from "../../../src/python/host.ts";
import { PythonError } from "../../../src/python/python_error.ts";
import { repr } from "../../../src/python/repr.ts";
import { engineOf, evaluated } from "./support.ts";

/** Names that every JavaScript object has. */
const INHERITED = [
  "constructor",
  "__proto__",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "invoke",
  "typeName",
  "source",
];

const VALUES = [
  "''",
  "1",
  "1.5",
  "True",
  "None",
  "[]",
  "()",
  "{}",
  "set()",
  "b''",
  "len",
  "str",
  "re",
  "re.match('', '')",
  "re.compile('')",
  "(x for x in [])",
  "(lambda: 1)",
  "range(1)",
];

Deno.test("attributeOf() finds nothing that JavaScript objects have", async () => {
  for (const value of VALUES) {
    for (const name of INHERITED) {
      for (
        const text of [
          `${value}.${name}`,
          `getattr(${value}, '${name}')`,
          `'{0.${name}}'.format(${value})`,
        ]
      ) {
        await assert.rejects(evaluated(text), PythonError, text);
      }
    }
  }
});

Deno.test("LocalEngine does not take names from JavaScript", async () => {
  for (
    const name of [
      ...INHERITED,
      "globalThis",
      "Deno",
      "this",
      "undefined",
      "process",
      "Object",
    ]
  ) {
    await assert.rejects(evaluated(name), PythonError, name);
    await assert.rejects(evaluated(`{}['${name}']`), PythonError, name);
    await assert.rejects(
      evaluated(`(lambda: 1)(**{'${name}': 1})`),
      PythonError,
      name,
    );
    await assert.rejects(
      evaluated(`'%(${name})s' % {}`),
      PythonError,
      name,
    );
  }
});

Deno.test("LocalEngine keeps evaluations apart", async () => {
  const engine = engineOf("(lambda l: (l.append(1), l))([])");
  await engine.value();
  assert.equal(repr(await engine.value()), "(None, [1])");
});

/** A host that notes what it is asked for. */
function fakeHost(windows = false): PythonHost & { asked: string[] } {
  const asked: string[] = [];
  const variables: Record<string, string> = windows
    ? { USERPROFILE: "C:\\Users\\me" }
    : { HOME: "/home/me", LANG: "C" };
  return {
    asked,
    windows,
    environment(name) {
      asked.push(name);
      if (name === "FORBIDDEN") throw new Deno.errors.NotCapable("no");
      return variables[name];
    },
    allEnvironment: () => variables,
    readFile(path) {
      if (path !== "secret") throw new Deno.errors.NotFound(path);
      return new TextEncoder().encode("first\r\nsecond\n");
    },
    kindOf: (path) => path === "secret" ? "file" : undefined,
  };
}

Deno.test.each([
  ["os.environ['HOME']", "'/home/me'"],
  ["os.environ.get('NOPE', 'x')", "'x'"],
  ["os.getenv('HOME'), os.getenv('NOPE')", "('/home/me', None)"],
  ["'HOME' in os.environ, sorted(os.environ)", "(True, ['HOME', 'LANG'])"],
  [
    "os.path.expanduser('~/x'), os.path.expanduser('~')",
    "('/home/me/x', '/home/me')",
  ],
  ["os.path.expandvars('$HOME/${LANG}/$NOPE')", "'/home/me/C/$NOPE'"],
  [
    "os.path.basename('/a/b'), os.path.basename('a/'), os.path.dirname('/a/b'), os.path.dirname('/a'), os.path.dirname('a')",
    "('b', '', '/a', '/', '')",
  ],
  [
    "os.path.join('a', 'b', '/c', 'd'), os.path.join('a/', 'b'), os.path.join('', 'a')",
    "('/c/d', 'a/b', 'a')",
  ],
  [
    "os.path.split('a/b/c'), os.path.splitext('a/b.tar.gz'), os.path.splitext('.rc')",
    "(('a/b', 'c'), ('a/b.tar', '.gz'), ('.rc', ''))",
  ],
  [
    "os.path.normpath('a//b/../c/.'), os.path.normpath('/../a'), os.path.normpath(''), os.path.normpath('../a')",
    "('a/c', '/a', '.', '../a')",
  ],
  ["os.path.isabs('/a'), os.path.isabs('a'), os.sep", "(True, False, '/')"],
  [
    "os.path.exists('secret'), os.path.isfile('secret'), os.path.isdir('x')",
    "(True, True, False)",
  ],
  [
    "open('secret').read(), open('secret').readline().strip(), [l for l in open('secret')], open('secret').readlines()",
    "('first\\nsecond\\n', 'first', ['first\\n', 'second\\n'], ['first\\n', 'second\\n'])",
  ],
  [
    "__import__('os').environ['HOME'], __import__('os.path').path.sep",
    "('/home/me', '/')",
  ],
])("osModule() evaluates $0", async (text, expected) => {
  const host = fakeHost();
  assert.equal(repr(await engineOf(text, { host }).value()), expected);
});

Deno.test.each([
  [
    "os.path.join('C:\\\\a', 'b'), os.path.basename('C:\\\\a/b'), os.path.dirname('C:\\\\a')",
    "('C:\\\\a\\\\b', 'b', 'C:\\\\')",
  ],
  [
    "os.path.expanduser('~\\\\x'), os.sep, os.path.normpath('C:/a/../b')",
    "('C:\\\\Users\\\\me\\\\x', '\\\\', 'C:\\\\b')",
  ],
])("osModule() evaluates $0 on Windows", async (text, expected) => {
  const host = fakeHost(true);
  assert.equal(repr(await engineOf(text, { host }).value()), expected);
});

Deno.test.each([
  ["os.environ['NOPE']", "KeyError"],
  ["os.environ['FORBIDDEN']", "PermissionError"],
  ["open('other')", "FileNotFoundError"],
])("osModule() raises for $0", async (text, exception) => {
  await assert.rejects(
    engineOf(text, { host: fakeHost() }).value(),
    (error) => error instanceof PythonError && error.exception === exception,
  );
});

Deno.test.each([
  "os.system('true')",
  "open('secret', 'w')",
  "os.environ.update(A='b')",
  "os.environ.pop('HOME')",
])("osModule() refuses $0", async (text) => {
  await assert.rejects(
    engineOf(text, { host: fakeHost() }).value(),
    (error) =>
      error instanceof PythonError && error.code === "python.unsupported",
  );
});

Deno.test("Environment asks the host for the one name only", async () => {
  const host = fakeHost();
  await engineOf("os.environ['LANG']", { host }).value();
  assert.deepEqual(host.asked, ["LANG"]);
});
