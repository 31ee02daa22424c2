import assert from "node:assert/strict";
import {
  asFilter,
  asFolderSort,
  asHook,
  asNameTransform,
  asRecordSort,
  asString,
  asStringList,
  asUidList,
  compile,
  PythonError,
  PythonModule,
} from "../../../../src/python/mod.ts";
import { sourceOf } from "../support.ts";
import { WHY_SKIPPED, WITHOUT_PYTHON } from "../support_python.ts";

const PYTHONFILE = String.raw`
import os, re, subprocess, sys
print("loaded")
sys.stdout.flush()
table = {'Sent Items': 'Sent', 'Entwürfe': 'Drafts'}
calls = []

def local_nametrans(name):
    print("asked for", name)
    subprocess.call([sys.executable, '-c', 'print("child")'])
    calls.append(name)
    return table.get(name, name)

def cmp(a, b):
    return (a < b) - (a > b)

def password():
    return subprocess.check_output([sys.executable, '-c', 'print("s3cr3t")']).strip()

def broken(name):
    return table[name]

def show_password(name):
    return subprocess.check_output("echo %s; exit 3" % name, shell=True)

def no_program():
    return subprocess.check_output(["no-such-program", "show", "mail"])

def forever(name):
    while True:
        pass

def leave(name):
    os._exit(3)

def count():
    return len(calls)

def echo(value):
    return value
`;

/** Runs `body` with a pythonfile; the helper's process is gone afterwards. */
function withModule(
  name: string,
  body: (module: PythonModule, output: string[]) => Promise<void>,
  options: { text?: string; timeoutMs?: number } = {},
): void {
  Deno.test({
    name: name + WHY_SKIPPED,
    ignore: WITHOUT_PYTHON,
    sanitizeOps: true,
    sanitizeResources: true,
    async fn() {
      const directory = await Deno.makeTempDir();
      try {
        const file = `${directory}/offlineimap.pythonfile`;
        await Deno.writeTextFile(file, options.text ?? PYTHONFILE);
        const output: string[] = [];
        await using module = new PythonModule({
          file,
          timeoutMs: options.timeoutMs ?? 60_000,
          onOutput: (line) => output.push(line),
        });
        await body(module, output);
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}

function open(module: PythonModule, text: string, option = "nametrans") {
  return compile(sourceOf(text, option), {
    re: option === "nametrans",
    module,
  });
}

withModule(
  "PythonModule runs functions of the pythonfile, whatever they print",
  async (module, output) => {
    const transform = await asNameTransform(
      await open(module, "local_nametrans"),
    );
    assert.equal(await transform("Entwürfe"), "Drafts");
    assert.equal(await transform("a\ud83d\ude00\"'\n"), "a\ud83d\ude00\"'\n");
    const count = await open(module, "count()");
    assert.equal(await count.value(), 2n);
    assert.ok(output.includes("loaded"));
    assert.ok(output.includes("asked for Entwürfe"));
    assert.equal(output.filter((line) => line === "child").length, 2);
  },
);

withModule(
  "PythonModule is not started for expressions that do not need it",
  async (module) => {
    const filter = await asFilter(
      await open(module, "lambda n: re.search('^a', n) and len(n) > 1"),
    );
    assert.equal(await filter("ab"), true);
    assert.equal(module.wasStarted, false);
  },
);

withModule(
  "PythonModule sees the pythonfile's names before the builtins",
  async (module) => {
    const sort = await asFolderSort(
      await open(module, "lambda a, b: cmp(a, b)"),
    );
    const names = ["a", "c", "b"];
    assert.deepEqual(await sort(names, (name) => name), ["c", "b", "a"]);
  },
);

withModule(
  "PythonModule takes over what the evaluator refuses while it runs",
  async (module) => {
    const value = await open(module, "__import__('json').loads('[1, 2]')");
    assert.deepEqual(await value.value(), [1n, 2n]);
    const transform = await asNameTransform(
      await open(module, "lambda n: __import__('json').dumps(n)"),
    );
    assert.equal(await transform("x"), '"x"');
    assert.equal(await transform("y"), '"y"');
  },
);

withModule("PythonModule passes values of every kind", async (module) => {
  const texts = [
    "[None, True, 1, 2.5, 'é', b'\\xff', (1,), {'a': [2]}]",
    "float('inf')",
    "10 ** 30",
    "'\\U0001f600'",
  ];
  for (const text of texts) {
    const here = await compile(sourceOf(text), { re: false });
    const there = await open(module, `echo(${text})`);
    assert.deepEqual(await there.value(), await here.value(), text);
  }
});

withModule("PythonModule serves every adapter", async (module) => {
  const password = await open(module, "password()", "remotepasseval");
  assert.equal(await asString(password), "s3cr3t");
  const list = await open(module, "[echo(x) for x in ('a', 'b')]");
  assert.deepEqual(await asStringList(list), ["a", "b"]);
  const uids = await asUidList(
    await open(module, "lambda f: (echo(u) for u in [4, 5])"),
  );
  assert.deepEqual(await uids("f"), [4, 5]);
  const none = await asUidList(await open(module, "lambda f: echo(None)"));
  assert.deepEqual(await none("f"), []);
  const filter = await asFilter(
    await open(module, "lambda n: re.match('a', echo(n))"),
  );
  assert.deepEqual([await filter("a"), await filter("b")], [true, false]);
  const hook = await asHook(await open(module, "lambda: echo(object())"));
  await hook();
  const sort = await asRecordSort(
    await open(module, "lambda d: echo(d['foldername'])"),
  );
  const records = [{ foldername: "b" }, { foldername: "a" }];
  assert.deepEqual(await sort(records, (record) => record), [
    { foldername: "a" },
    { foldername: "b" },
  ]);
});

withModule(
  "PythonModule tells where an exception was raised",
  async (module) => {
    const transform = await asNameTransform(await open(module, "broken"));
    await assert.rejects(transform("Inbox"), (error) => {
      assert.ok(error instanceof PythonError);
      assert.equal(error.code, "python.raised");
      assert.equal(error.exception, "KeyError");
      assert.match(error.message, /KeyError: 'Inbox' \(in .*pythonfile:\d+\)/);
      assert.match(error.message, /called with 'Inbox'/);
      return true;
    });
  },
);

withModule(
  "PythonModule hides the values of an option that is secret",
  async (module) => {
    const value = await open(
      module,
      "broken('hunter2')",
      "remotepasseval",
    );
    await assert.rejects(value.value(), (error) => {
      assert.ok(error instanceof PythonError);
      assert.ok(!error.message.includes("hunter2"), error.message);
      assert.match(error.message, /KeyError/);
      return true;
    });
  },
);

withModule(
  "PythonModule says what failed in a secret's function, at the user's own line",
  async (module) => {
    for (
      const [text, pattern] of [
        [
          "show_password('hunter2')",
          /CalledProcessError: a program ended with status 3 \(in .*pythonfile:24\)/,
        ],
        [
          "no_program()",
          /FileNotFoundError: No such file or directory: no-such-program \(in .*pythonfile:27\)/,
        ],
        // A password that lacks its quotes.
        ["hunter2", /remotepasseval: NameError \(at "…"/],
      ] as const
    ) {
      const value = await open(module, text, "remotepasseval");
      await assert.rejects(value.value(), (error) => {
        assert.ok(error instanceof PythonError);
        assert.match(error.message, pattern);
        assert.ok(!error.message.includes("hunter2"), error.message);
        return true;
      });
    }
  },
);

withModule(
  "PythonModule says how an expression of several lines is written",
  async (module) => {
    const source = sourceOf("\nlambda n: echo(n) if n else\nn");
    const opened = await compile({ ...source, lines: [7, 8, 11] }, {
      re: true,
      module,
    });
    await assert.rejects(opened.function(), (error) => {
      assert.ok(error instanceof PythonError);
      assert.equal(error.code, "python.syntax");
      assert.equal(error.line, 8);
      assert.match(error.hint ?? "", /needs brackets/);
      return true;
    });
  },
);

withModule(
  "PythonModule stops what takes too long and starts again for the next",
  async (module) => {
    const slow = await asNameTransform(await open(module, "forever"));
    const quick = await asNameTransform(
      await open(module, "lambda n: echo(n)"),
    );
    assert.equal(await quick("a"), "a");
    await assert.rejects(
      slow("x"),
      (error) => error instanceof PythonError && error.code === "python.limit",
    );
    assert.equal(await quick("b"), "b");
  },
  { timeoutMs: 1500 },
);

withModule(
  "PythonModule survives a function that ends the process",
  async (module) => {
    const bad = await asNameTransform(await open(module, "leave"));
    const good = await asNameTransform(await open(module, "lambda n: echo(n)"));
    await assert.rejects(
      bad("x"),
      (error) => error instanceof PythonError && error.code === "python.helper",
    );
    assert.equal(await good("b"), "b");
  },
);

withModule(
  "PythonModule ends though a child of the user's code goes on",
  async (module) => {
    const text = "subprocess.Popen([sys.executable, '-c', " +
      "'import time; time.sleep(3)']) and 'started'";
    assert.equal(await asString(await open(module, text)), "started");
  },
);

withModule(
  "PythonModule ignores Ctrl-C, which the run itself sees to",
  async (module) => {
    const text = "os.kill(os.getpid(), 2) or 'alive'";
    if (Deno.build.os === "windows") return;
    assert.equal(await asString(await open(module, text)), "alive");
  },
);

withModule(
  "PythonModule reports a pythonfile that does not load",
  async (module) => {
    const value = await open(module, "name");
    for (let round = 0; round < 2; round += 1) {
      await assert.rejects(value.value(), (error) => {
        assert.ok(error instanceof PythonError);
        assert.equal(error.exception, "ZeroDivisionError");
        assert.match(error.message, /pythonfile:2/);
        return true;
      });
    }
  },
  { text: "name = 1\nother = 1 / 0\n" },
);

withModule(
  "PythonModule answers calls that were made at once one by one",
  async (module) => {
    const echo = await asNameTransform(await open(module, "lambda n: echo(n)"));
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    assert.deepEqual(await Promise.all(names.map(echo)), names);
  },
);

Deno.test("PythonModule names the option that needs a python3 that is not there", async () => {
  const module = new PythonModule({
    commands: [["no-such-python-anywhere"]],
  });
  const value = await compile(
    sourceOf("__import__('subprocess').check_output('pass')", "remotepasseval"),
    { re: false, module },
  );
  await assert.rejects(value.value(), (error) => {
    assert.ok(error instanceof PythonError);
    assert.equal(error.code, "python.helper");
    assert.match(error.message, /remotepasseval: needs Python.*no python3/);
    return true;
  });
});

Deno.test("PythonModule says which pythonfile cannot be read", async () => {
  const module = new PythonModule({ file: "/no/such/pythonfile" });
  await assert.rejects(
    compile(sourceOf("f"), { re: false, module }),
    /pythonfile "\/no\/such\/pythonfile"/,
  );
});
