import assert from "node:assert/strict";
import { choose } from "../../../src/account/look.ts";

const FOCUS = { remote: ["INBOX"], local: [] };
const PAIRS = ["INBOX", "Archive"].map((name) => ({
  remote: name,
  local: name,
}));

/** What is chosen, when Archive was, and is, like this. */
function chosen(
  then: { readonly local?: string; readonly remote?: string } | undefined,
  now: string | undefined,
) {
  const found = choose(PAIRS, FOCUS, {
    local: [{ name: "Archive", ...(now === undefined ? {} : { token: now }) }],
    statuses: then === undefined ? [] : [{
      remote: "Archive",
      local: "Archive",
      remoteToken: then.remote,
      localToken: then.local,
    }],
  });
  return found.chosen.map(({ local }) => local);
}

Deno.test.each([
  { was: { local: "1", remote: "r" }, is: "1", also: false, what: "the same" },
  { was: { local: "1" }, is: "1", also: false, what: "the same here alone" },
  { was: { local: "1", remote: "r" }, is: "2", also: true, what: "another" },
  {
    was: { local: "1", remote: "r" },
    is: undefined,
    also: true,
    what: "young",
  },
  { was: { remote: "r" }, is: "1", also: true, what: "not known to be so" },
  { was: undefined, is: "1", also: true, what: "new" },
])(
  "choose() takes a mailbox whose Maildir is $what: $also",
  ({ was, is, also }) => {
    assert.deepEqual(chosen(was, is), also ? ["INBOX", "Archive"] : ["INBOX"]);
  },
);
