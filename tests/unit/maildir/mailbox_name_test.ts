import assert from "node:assert/strict";
import fc from "fast-check";
import { MailError } from "../../../src/errors.ts";
import {
  clashWith,
  foldName,
  mailboxName,
  mailboxPath,
} from "../../../src/maildir/mailbox_name.ts";

const flat = { separator: ".", platform: "linux" } as const;
const nested = { separator: "/", platform: "linux" } as const;
const windows = { separator: "/", platform: "windows" } as const;

Deno.test.each(
  [
    ["", flat, []],
    ["INBOX", flat, ["INBOX"]],
    ["a.b", flat, ["a.b"]],
    ["a\\b:c*?", flat, ["a\\b:c*?"]],
    ["..a", flat, ["..a"]],
    ["...", flat, ["..."]],
    [".Sent", flat, [".Sent"]],
    ["", nested, []],
    ["a/b/c", nested, ["a", "b", "c"]],
    ["a.b", nested, ["a.b"]],
    ["a/curd", nested, ["a", "curd"]],
    ["a b/ä", windows, ["a b", "ä"]],
    ["console", windows, ["console"]],
    ["a\\b/c:d", windows, ["a%5Cb", "c%3Ad"]],
    ["x/nul.txt", windows, ["x", "%6Eul.txt"]],
    ["../x", windows, [".%2E", "x"]],
    ["a/New", windows, ["a", "%4Eew"]],
    ["a/b", { separator: ".", platform: "windows" }, ["a%2Fb"]],
  ] as const,
)("mailboxPath() of %j", (name, options, parts) => {
  assert.deepEqual(mailboxPath(name, options), parts);
});

Deno.test.each(
  [
    ["..", flat],
    [".", flat],
    ["a/b", flat],
    ["../x", flat],
    ["/x", flat],
    ["a\0", flat],
    // A lone surrogate: a file name would get another letter in its place.
    ["a\udc26b", flat],
    ["cur", flat],
    ["new", flat],
    ["tmp", flat],
    [".offlineimap-maildir", flat],
    ["/", nested],
    ["/a", nested],
    ["a/", nested],
    ["a//b", nested],
    ["a/../../b", nested],
    ["a/./b", nested],
    ["a/cur", nested],
    ["tmp/a", nested],
    ["a//b", windows],
    ["a\udc26b", windows],
    [".OfflineIMAP-Maildir", windows],
  ] as const,
)("mailboxPath() refuses %j", (name, options) => {
  assert.throws(() => mailboxPath(name, options), (error) => {
    assert.ok(error instanceof MailError);
    assert.equal(error.code, "maildir.name");
    assert.equal(error.scope, "mailbox");
    return true;
  });
});

Deno.test("mailboxPath() never leads out of the root", () => {
  const names = fc.array(fc.constantFrom("..", ".", "/", "a", "\0", "cur", ""))
    .map((parts) => parts.join(""));
  fc.assert(fc.property(names, (name) => {
    try {
      for (const part of mailboxPath(name, nested)) {
        assert.ok(part !== ".." && part !== "." && !part.includes("/"));
      }
    } catch (error) {
      assert.ok(error instanceof MailError);
    }
  }));
});

Deno.test.each(
  [
    [[], flat, ""],
    [["a", "b"], nested, "a/b"],
    [["a%3Ab"], nested, "a%3Ab"],
    [["a%3Ab", "%43ON"], windows, "a:b/CON"],
    [["a%2Fb"], { separator: ".", platform: "windows" }, "a/b"],
    [["a%2Fb"], windows, "a%2Fb"],
    [["u\u0308"], { separator: ".", platform: "darwin" }, "\u00fc"],
    [["u\u0308"], flat, "u\u0308"],
  ] as const,
)("mailboxName() of %j", (path, options, name) => {
  assert.equal(mailboxName(path, options), name);
});

Deno.test("foldName() is one for names that a file system cannot tell apart", () => {
  const names = [
    "Work",
    "work",
    "WORK",
    "a",
    "é",
    "e\u0301",
    "straße",
    "STRASSE",
  ];
  const alike = (letterCase: boolean, normalization: boolean) =>
    [
      ...Map.groupBy(
        names,
        (name) => foldName(name, { letterCase, normalization }),
      ).values(),
    ].filter(({ length }) => length > 1);
  assert.deepEqual(alike(false, false), []);
  assert.deepEqual(alike(true, false), [
    ["Work", "work", "WORK"],
    ["straße", "STRASSE"],
  ]);
  assert.deepEqual(alike(false, true), [["é", "e\u0301"]]);
});

Deno.test("foldName() is the same for whatever it folded", () => {
  const folding = { letterCase: true, normalization: true };
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assert.equal(
      foldName(name.normalize("NFD"), folding),
      foldName(name, folding),
    );
  }));
});

Deno.test.each(
  [
    // The same name, or one that the file system may return in another form.
    ["Work", ["Work", "work"], undefined],
    ["\u00e9", ["e\u0301"], undefined],
    ["Work", ["Play"], undefined],
    ["Work", ["work"], "work"],
    ["\u00c9", ["e\u0301"], "e\u0301"],
  ] as const,
)("clashWith() for %j among %j", (part, entries, clash) => {
  const folding = { letterCase: true, normalization: true };
  assert.equal(clashWith(part, entries, folding), clash);
});

Deno.test("clashWith() finds nothing where names are told apart", () => {
  const folding = { letterCase: false, normalization: false };
  assert.equal(clashWith("Work", ["work"], folding), undefined);
});
