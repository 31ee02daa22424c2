import assert from "node:assert/strict";
import { whileBusy } from "../../../src/maildir/busy.ts";
import { fileError } from "../../../src/maildir/file_error.ts";

/** An operation that fails so often with this error of the system. */
function failing(times: number, code: string) {
  let calls = 0;
  const work = () => {
    if (calls++ >= times) return "done";
    throw Object.assign(new Error("The process cannot access the file"), {
      code,
    });
  };
  return { work, calls: () => calls };
}

Deno.test.each([{ code: "EBUSY" }, { code: "EACCES" }, { code: "EPERM" }])(
  "whileBusy() waits on Windows for a file that is held, $code",
  ({ code }) => {
    const pauses: number[] = [];
    const { work } = failing(3, code);
    assert.equal(
      whileBusy(work, "windows", (ms) => void pauses.push(ms)),
      "done",
    );
    assert.deepEqual(pauses, [5, 10, 20]);
  },
);

Deno.test("whileBusy() gives up after about a second", () => {
  let waited = 0;
  const { work, calls } = failing(Infinity, "EBUSY");
  assert.throws(
    () => whileBusy(work, "windows", (ms) => void (waited += ms)),
    { code: "EBUSY" },
  );
  assert.equal(calls(), 9);
  assert.ok(waited > 1_000 && waited < 2_000, `${waited}`);
});

Deno.test("whileBusy() repeats nothing for other errors, and nothing elsewhere", () => {
  for (const [platform, code] of [["windows", "ENOENT"], ["linux", "EBUSY"]]) {
    const { work, calls } = failing(1, code ?? "");
    assert.throws(
      () =>
        whileBusy(work, platform === "linux" ? "linux" : "windows", () => {
          throw new Error("waited");
        }),
      { code },
    );
    assert.equal(calls(), 1);
  }
});

Deno.test("whileBusy() really waits", () => {
  const { work } = failing(1, "EBUSY");
  const start = performance.now();
  whileBusy(work, "windows");
  assert.ok(performance.now() - start >= 4);
});

Deno.test("fileError() says who holds a file", () => {
  const cause = Object.assign(new Error("busy"), { code: "EBUSY" });
  const error = fileError("Cannot rename message 7", cause, "message");
  assert.ok(error instanceof Error && "hint" in error);
  assert.match(String(error.hint), /^Another program has it open/);
});
