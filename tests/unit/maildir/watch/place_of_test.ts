import assert from "node:assert/strict";
import { placeOf } from "../../../../src/maildir/watch/place_of.ts";

for (
  const [path, nested, expected] of [
    ["/m/INBOX/cur/1:2,S", false, "INBOX"],
    ["/m/INBOX/new/1", true, "INBOX"],
    ["/m/cur/1:2,S", true, ""],
    ["/m/Work/2026/cur/1", true, "Work/2026"],
    ["/m/Work/2026/cur/1", false, "other"],
    ["/m/Work.2026/cur/1", false, "Work.2026"],
    ["/m/INBOX/tmp/1", true, "other"],
    ["/m/INBOX/tmp", true, "directory"],
    ["/m/INBOX/cur", true, "directory"],
    ["/m/Neu", true, "directory"],
    ["/m", true, "directory"],
    ["/elsewhere/cur/1", true, "other"],
    ["/m/.notmuch/xapian/postlist.glass", true, "directory"],
  ] as const
) {
  Deno.test(
    `placeOf() takes ${path} for ${expected}, nested ${nested}`,
    () => {
      const separator = nested ? "/" : ".";
      const place = placeOf(path, "/m", { separator, platform: "linux" });
      assert.equal(
        place.kind === "message" ? place.mailbox : place.kind,
        expected,
      );
    },
  );
}

Deno.test(
  "placeOf() composes names on macOS as the store does",
  () => {
    const place = placeOf("/m/Entwu\u0308rfe/cur/1", "/m", {
      separator: "/",
      platform: "darwin",
    });
    assert.deepEqual(place, { kind: "message", mailbox: "Entw\u00fcrfe" });
  },
);

Deno.test.each(
  [
    ["C:\\Mail\\Re%3A a\\cur\\1!2,S", ".", "Re: a"],
    ["C:\\Mail\\a\\%43ON\\new\\1", "/", "a/CON"],
    ["C:\\Mail\\a\\%43ON\\new\\1", ".", "other"],
    ["C:\\Mail\\cur\\1", "/", ""],
    ["D:\\Mail\\a\\cur\\1", "/", "other"],
    ["\\\\nas\\mail\\a\\cur\\1", "/", "other"],
  ] as const,
)(
  "placeOf() on Windows takes %s with %j for %j",
  (path, separator, expected) => {
    const place = placeOf(path, "C:\\Mail", { separator, platform: "windows" });
    assert.equal(
      place.kind === "message" ? place.mailbox : place.kind,
      expected,
    );
  },
);
