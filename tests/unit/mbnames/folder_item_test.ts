import assert from "node:assert/strict";
import fc from "fast-check";
import {
  compareItems,
  formatItems,
  parseItems,
} from "../../../src/mbnames/folder_item.ts";

const item = fc.record({
  accountname: fc.string({ unit: "binary" }),
  foldername: fc.string({ unit: "binary" }),
  localfolders: fc.option(fc.string({ unit: "binary" })),
}, { noNullPrototype: true });

Deno.test("formatItems() writes what Python's json.dump writes", () => {
  assert.equal(formatItems([]), "[]");
  // From CPython 3.11: json.dumps of the same.
  assert.equal(
    formatItems([
      { accountname: "A", foldername: "Entwürfe", localfolders: "/m" },
      { accountname: "A", foldername: '😀"\\\t\x7f', localfolders: null },
    ]),
    '[{"accountname": "A", "foldername": "Entw\\u00fcrfe", ' +
      '"localfolders": "/m"}, {"accountname": "A", "foldername": ' +
      '"\\ud83d\\ude00\\"\\\\\\t\\u007f", "localfolders": null}]',
  );
});

Deno.test("parseItems() reads back what formatItems() writes", () => {
  fc.assert(fc.property(fc.array(item), (items) => {
    assert.deepEqual(parseItems(formatItems(items)), items);
  }));
});

Deno.test.each([
  { text: "" },
  { text: "{}" },
  { text: "[1]" },
  { text: "[null]" },
  { text: '[{"accountname": "A", "foldername": 1, "localfolders": "/"}]' },
  { text: '[{"accountname": "A", "foldername": "f"}]' },
])("parseItems() refuses $text", ({ text }) => {
  assert.throws(() => parseItems(text), SyntaxError);
});

Deno.test("compareItems() sorts by account, then folder, by code points", () => {
  const named = (accountname: string, foldername: string) => ({
    accountname,
    foldername,
    localfolders: "/m",
  });
  const sorted = [
    named("A", "INBOX"),
    named("A", "INBOX.a"),
    named("A", "a"),
    named("A", "\ufffd"),
    named("A", "😀"),
    named("B", ""),
  ];
  assert.deepEqual([...sorted].reverse().sort(compareItems), sorted);
});
