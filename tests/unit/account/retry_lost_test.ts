import assert from "node:assert/strict";
import { retryLost } from "../../../src/account/retry_lost.ts";
import { MailError } from "../../../src/errors.ts";

const lost = () =>
  new MailError("Connection ended", {
    code: "imap.closed",
    scope: "account",
    retry: "now",
  });

/** Fails as the list says, `true` after some progress; then it succeeds. */
async function attempt(
  fails: readonly boolean[],
  { attempts = 2, error = lost(), signal = new AbortController().signal } = {},
) {
  let done = 0;
  let tries = 0;
  const waits: number[] = [];
  const result = await retryLost(() => {
    const progresses = fails[tries++];
    if (progresses === undefined) return Promise.resolve("done");
    if (progresses) done++;
    return Promise.reject(error);
  }, {
    attempts,
    progress: () => done,
    onRetry: () => {},
    signal,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0,
  }).catch((failure: MailError) => failure.code);
  return { result, tries, waits };
}

Deno.test("retryLost() tries again after a pause when a connection was lost", async () => {
  assert.deepEqual(await attempt([false]), {
    result: "done",
    tries: 2,
    waits: [500],
  });
});

Deno.test("retryLost() gives up after as many attempts as it may, later and later", async () => {
  const fails = Array<boolean>(10).fill(false);
  assert.deepEqual(await attempt(fails, { attempts: 4 }), {
    result: "imap.closed",
    tries: 4,
    waits: [500, 1_000, 2_000],
  });
  assert.equal((await attempt(fails, { attempts: 0 })).tries, 1);
});

Deno.test("retryLost() goes on as long as there is progress", async () => {
  const { result, tries } = await attempt(Array<boolean>(20).fill(true));
  assert.deepEqual([result, tries], ["done", 21]);
});

for (
  const code of ["auth.rejected", "connect.refused", "imap.no", "imap.wire"]
) {
  Deno.test(`retryLost() does not try again after ${code}`, async () => {
    const error = new MailError("No", {
      code,
      scope: "account",
      retry: "later",
    });
    assert.equal((await attempt([false], { error })).tries, 1);
  });
}

Deno.test("retryLost() does not go on when the run is to end", async () => {
  const signal = AbortSignal.abort();
  assert.equal((await attempt([false], { signal })).tries, 1);
});
