import assert from "node:assert/strict";
import { ResponseError } from "../../../src/imap/connection_error.ts";
import { refusal } from "../../../src/imap/store/refusal.ts";

for (
  const [text, expected] of [
    ["No such mailbox.", "No such mailbox"],
    ["Quota exceeded (0.001 + 0.000 secs).", "Quota exceeded"],
    ["Quota exceeded (0.001 + 0.000 + 0.010 secs).", "Quota exceeded"],
    ["Limit (3 messages)", "Limit (3 messages)"],
    ["", "no reason given"],
    ["...", "no reason given"],
    ["bell \x07 and \x1b[2J", "bell ? and ?[2J"],
  ] as const
) {
  Deno.test(`refusal() says ${JSON.stringify(expected)} for ${JSON.stringify(text)}`, () => {
    const error = new ResponseError("SELECT", {
      ...{ kind: "tagged", tag: "A1", status: "NO", code: undefined, text },
    });
    const failure = refusal("Cannot do it", error, { code: "imap.x" });
    assert.equal(failure.message, `Cannot do it: ${expected}`);
    assert.equal(failure.code, "imap.x");
    assert.equal(failure.scope, error.scope);
    assert.equal(failure.cause, error);
  });
}
