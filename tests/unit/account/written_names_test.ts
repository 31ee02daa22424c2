import assert from "node:assert/strict";
import { WrittenNames } from "../../../src/account/written_names.ts";

Deno.test.each([
  { written: "Entwürfe", listed: "Entwürfe", has: true },
  { written: "Entwürfe", listed: "Entw&APw-rfe", has: true },
  { written: "Entw&APw-rfe", listed: "Entwürfe", has: true },
  { written: "A&B", listed: "A&-B", has: true },
  { written: "inbox", listed: "INBOX", has: true },
  { written: "INBOX", listed: "Inbox", has: true },
  { written: "inbox/a", listed: "INBOX/a", has: false },
  { written: "Sent", listed: "sent", has: false },
  { written: "Sent ", listed: "Sent", has: false },
])(
  'WrittenNames of "$written" has "$listed": $has',
  ({ written, listed, has }) => {
    const names = new WrittenNames([written]);
    assert.equal(names.has(listed), has);
    assert.deepEqual(names.missing([listed]), has ? [] : [written]);
  },
);

Deno.test("WrittenNames.missing() names each once, as it was written", () => {
  const names = new WrittenNames(["b", "Ä", "a", "b", "Ä"]);
  assert.deepEqual(names.missing(["a"]), ["b", "Ä"]);
});
