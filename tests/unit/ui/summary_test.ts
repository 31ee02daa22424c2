import assert from "node:assert/strict";
import { Summary } from "../../../src/ui/summary.ts";

function error(code: string, text: string) {
  return { code, scope: "message", text, hint: `About ${code}` } as const;
}

function texts(summary: Summary): string[] {
  return summary.lines().map(({ text }) => text);
}

Deno.test("Summary has no lines without errors", () => {
  assert.deepEqual(texts(new Summary(false)), []);
});

Deno.test("Summary names the place and gives the advice", () => {
  const summary = new Summary(false);
  summary.add({ error: error("run.a", "It failed") });
  summary.add({ account: "Work", error: error("auth.b", "No login") });
  summary.add({
    account: "Work",
    mailbox: "a\x1b",
    error: error("c", "Bad\x07 message"),
  });
  assert.deepEqual(texts(summary), [
    "Exceptions occurred during the run!",
    "It failed\n  About run.a",
    "While syncing account 'Work'\n  No login\n  About auth.b",
    "While syncing a\\x1b [acc: Work]\n  Bad\\x07 message\n  About c",
  ]);
});

Deno.test("Summary tells a few of many alike, and their number", () => {
  const summary = new Summary(false);
  for (let uid = 1; uid <= 1_005; uid++) {
    summary.add({
      account: "Work",
      mailbox: "INBOX",
      error: error("message", `Message ${uid}`),
    });
  }
  assert.deepEqual(texts(summary).slice(1), [
    "While syncing INBOX [acc: Work]\n  Message 1\n  Message 2\n  Message 3\n" +
    "  Message 4\n  Message 5\n  1,000 more of this kind\n  About message",
  ]);
});

Deno.test("Summary tells an error of every round of a loop once", () => {
  const summary = new Summary(false);
  for (let round = 0; round < 3; round++) {
    summary.add({ account: "Work", error: error("net", "Unreachable") });
  }
  assert.deepEqual(texts(summary).slice(1), [
    "While syncing account 'Work'\n  Unreachable\n" +
    "  2 more of this kind\n  About net",
  ]);
});

Deno.test("Summary gives the same advice once, behind the last it is for", () => {
  const summary = new Summary(false);
  for (const mailbox of ["a", "b", "c"]) {
    summary.add({ account: "Work", mailbox, error: error("full", mailbox) });
  }
  assert.deepEqual(texts(summary).slice(1), [
    "While syncing a [acc: Work]\n  a",
    "While syncing b [acc: Work]\n  b",
    "While syncing c [acc: Work]\n  c\n  About full",
  ]);
});

Deno.test("Summary does not grow for ever", () => {
  const summary = new Summary(false);
  for (let number = 0; number < 300; number++) {
    summary.add({ mailbox: `${number}`, error: error("x", "y") });
  }
  assert.equal(texts(summary).length, 202);
  assert.equal(texts(summary).at(-1), "100 more errors are not listed here");
});

Deno.test("Summary tells stacks with -d only", () => {
  const failure = { error: { ...error("x", "y"), stack: "at z" } };
  for (const debug of [true, false]) {
    const summary = new Summary(debug);
    summary.add(failure);
    assert.equal(texts(summary).join().includes("Traceback:\nat z"), debug);
  }
});
