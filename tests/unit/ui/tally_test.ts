import assert from "node:assert/strict";
import { Tally } from "../../../src/ui/tally.ts";

const error = { code: "x", scope: "message", text: "It failed" } as const;

function textOf(tally: Tally): string {
  return tally.lines().map(({ text }) => text).join("\n");
}

Deno.test("Tally has no lines without errors", () => {
  assert.deepEqual(new Tally().lines(), []);
});

Deno.test("Tally names accounts and folders, and repeats no error", () => {
  const tally = new Tally();
  tally.add({ account: "Work", error });
  for (const mailbox of ["INBOX", "a\x1b", "INBOX"]) {
    tally.add({ account: "Home", mailbox, error });
  }
  tally.add({ error });
  assert.equal(
    textOf(tally),
    `Exceptions occurred during the run!
  Account Work: 1 error
  Account Home: 3 errors in INBOX, a\\x1b
  The run itself: 1 error`,
  );
});

Deno.test("Tally counts folders where they are many", () => {
  const tally = new Tally();
  for (let number = 0; number < 1_200; number++) {
    tally.add({ account: "Work", mailbox: `${number}`, error });
  }
  assert.match(textOf(tally), /Account Work: 1,200 errors in 1,200 folders$/);
});
