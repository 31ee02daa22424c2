import assert from "node:assert/strict";
import { AlikeErrors, MOST_ALIKE } from "../../../src/ui/alike_errors.ts";

function failure(mailbox: string, code = "disk") {
  const error = { code, scope: "message", text: "No" } as const;
  return { type: "error", account: "Work", mailbox, error } as const;
}

Deno.test("AlikeErrors numbers errors by kind and folder", () => {
  const alike = new AlikeErrors();
  assert.equal(alike.count(failure("a")), 1);
  assert.equal(alike.count(failure("a")), 2);
  assert.equal(alike.count(failure("b")), 1);
  assert.equal(alike.count(failure("a", "net")), 1);
  assert.deepEqual(alike.flush("Work"), [], "all of them were told");
});

Deno.test("AlikeErrors says how many were not told, and begins anew", () => {
  const alike = new AlikeErrors();
  for (let i = 0; i < MOST_ALIKE + 1_000; i++) alike.count(failure("a\x1b"));
  assert.deepEqual(alike.flush("Home"), []);
  assert.deepEqual(alike.flush("Work"), [
    "1,000 more errors of one kind in a\\x1b",
  ]);
  assert.deepEqual(alike.flush("Work"), []);
  assert.equal(alike.count(failure("a")), 1);
});
