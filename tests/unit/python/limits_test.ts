import assert from "node:assert/strict";
import { PythonError } from "../../../src/python/python_error.ts";
import { engineOf } from "./support.ts";

Deno.test.each([
  "re.match('(a+)+$', 'a' * 40 + 'b')",
  "re.search('(x+x+)+y', 'x' * 50)",
  "re.sub('(.*)*,', '', 'a' * 60)",
  "(lambda f: f(f))(lambda f: f(f))",
  "'a' * 10 ** 9",
  "'ab'.zfill(10 ** 9)",
  "'%1000000000d' % 1",
  "'%.100000000f' % 1.5",
  "'{:>{}}'.format(1, 10 ** 9)",
  "f'{1:>999999999}'",
  "10 ** 10 ** 10",
  "1 << 10 ** 9",
  "[1] * 10 ** 8",
  "[x for x in range(10 ** 9)]",
  "sum(range(10 ** 9))",
  "list(zip(*[range(10 ** 6)] * 10))",
  "(lambda f, n: f(f, n + n))(lambda f, n: f(f, n + n), 'a')",
  "'x'.replace('', 'y' * 10 ** 6) * 100",
  "'a'.join(['b' * 10 ** 6] * 100)",
  "re.sub('a', 'b' * 1000, 'a' * 100000)",
  "(lambda l: [l.append(x) for x in l])([1])",
  "(lambda l: (l.append(l), l == l, repr(l), l < [l]))([])",
  "bytes(10 ** 10)",
  "max(iter(lambda: 1, 2))",
  `${"(".repeat(5000)}1${")".repeat(5000)}`,
  `${"-".repeat(20000)}1`,
  `${"[".repeat(300)}${"]".repeat(300)}`,
  `re.match('${"(".repeat(500)}${")".repeat(500)}', '')`,
])("LocalEngine stops $0 soon, with an error or a value", async (text) => {
  const started = performance.now();
  try {
    await engineOf(text).value();
  } catch (error) {
    assert.ok(error instanceof PythonError, String(error));
  }
  // Generous: the machine may be busy with other tests.
  assert.ok(performance.now() - started < 20_000);
});

Deno.test("LocalEngine counts the steps of each call anew", async () => {
  const engine = engineOf("lambda n: [x for x in n * 100]", {
    limits: { steps: 2000 },
  });
  const callee = await engine.function();
  for (let round = 0; round < 20; round += 1) await callee.call(["a"]);
  await assert.rejects(
    callee.call(["a".repeat(100)]),
    (error) => error instanceof PythonError && error.code === "python.limit",
  );
});

Deno.test("LocalEngine stops at its time limit", async () => {
  const engine = engineOf("[x for x in range(10 ** 9)]", {
    limits: { steps: 1e12, timeoutMs: 20 },
  });
  await assert.rejects(engine.value(), /20 ms/);
});

Deno.test("LocalEngine reads chains of a thousand comparisons", async () => {
  const terms = Array.from({ length: 1000 }, (_, index) => `n == 'f${index}'`);
  const callee = await engineOf(`lambda n: ${terms.join(" or ")}`).function();
  assert.equal(await callee.test(["f999"]), true);
  assert.equal(await callee.test(["other"]), false);
});
