/** The question before a folder is deleted. */
import assert from "node:assert/strict";
import { deleteFolderOf } from "../../../src/cli/delete_folder.ts";
import { load } from "../config/support.ts";

for (
  const { answer, deleted } of [
    { answer: "yes\n", deleted: true },
    { answer: " Yes\r\n", deleted: true },
    { answer: "y\n", deleted: false },
    { answer: "\n", deleted: false },
    { answer: "", deleted: false },
  ]
) {
  Deno.test(`deleteFolderOf() takes ${JSON.stringify(answer)} on a terminal for ${deleted ? "consent" : "a no"}`, async () => {
    const { asked, shown } = await ask(answer);
    assert.equal(asked, deleted);
    assert.match(shown, /^About to delete folder "Old\\x1b" with 3 messages\./);
  });
}

Deno.test("deleteFolderOf() does not ask where there is no terminal", async () => {
  assert.deepEqual(await ask(undefined), { asked: true, shown: "" });
});

Deno.test("deleteFolderOf() takes an end of the run for a no", async () => {
  assert.equal((await ask("yes\n", AbortSignal.abort())).asked, false);
});

/** @param answer What is typed; undefined: there is no keyboard. */
async function ask(
  answer: string | undefined,
  signal = new AbortController().signal,
): Promise<{ asked: boolean | undefined; shown: string }> {
  let shown = "";
  let asked: boolean | undefined;
  const stream = {
    isTerminal: true,
    color: false,
    live: false,
    columns: () => 80,
    write: (text: string) => void (shown += text),
  };
  await deleteFolderOf({
    config: load({}),
    folder: "Old\x1b",
    accountRun: (account) => ({
      account,
      metadata: "/nowhere",
      pythonFile: undefined,
      socketTimeoutMs: undefined,
      version: "0",
      options: {
        dryRun: false,
        quick: false,
        allowDeletes: false,
        acceptValidity: false,
        restore: false,
        sequential: false,
        fsync: true,
        ignoreReadonly: false,
        debug: [],
      },
    }),
    io: {
      emit: (event) => assert.notEqual(event.type, "error"),
      askPassword: () => Promise.resolve(undefined),
      signal,
      step: () => {},
    },
    deleteFolder: async (_run, _io, { folder, confirm }) => {
      asked = await confirm(`folder "${folder}" with 3 messages`);
    },
    lock: () =>
      Promise.resolve({
        verify: () => Promise.resolve(true),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    terminal: {
      out: stream,
      err: stream,
      keyboard: answer === undefined ? undefined : {
        setRaw: () => {},
        readable: ReadableStream.from(
          answer === "" ? [] : [new TextEncoder().encode(answer)],
        ),
      },
    },
  });
  return { asked, shown };
}
