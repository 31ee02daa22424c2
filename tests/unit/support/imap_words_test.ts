/** The scripted server's own small languages: names, sets, dates, patterns. */
import assert from "node:assert/strict";
import { applyFlags, normalizeFlags } from "../../support/imap_server/flags.ts";
import {
  formatInternalDate,
  parseInternalDate,
} from "../../support/imap_server/internal_date.ts";
import { listPattern } from "../../support/imap_server/list_pattern.ts";
import {
  formatNumberList,
  formatNumberSet,
  parseNumberSet,
} from "../../support/imap_server/numset.ts";
import { sampleMailboxes } from "../../support/imap_server/samples.ts";
import {
  decodeMailboxName,
  encodeMailboxName,
} from "../../support/imap_server/utf7.ts";
import { parseVice } from "../../support/imap_server/vice_text.ts";

for (
  const [name, wire] of [
    ["INBOX", "INBOX"],
    ["R&D", "R&-D"],
    ["T\u00e4st", "T&AOQ-st"],
    ["\u65e5\u672c\u8a9e", "&ZeVnLIqe-"],
    [
      "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e",
      "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
    ],
    ["\u{1f600}", "&2D3eAA-"],
    ["tab\there", "tab&AAk-here"],
  ] as const
) {
  Deno.test(`encodeMailboxName() writes ${JSON.stringify(name)}`, () => {
    assert.equal(encodeMailboxName(name), wire);
    assert.equal(decodeMailboxName(wire), name);
  });
}

for (const wire of ["&", "a&b", "&AOQ", "&AAA=-", "&AGE-", "\u00e4", "&A-"]) {
  Deno.test(`decodeMailboxName() refuses ${JSON.stringify(wire)}`, () => {
    assert.equal(decodeMailboxName(wire), undefined);
  });
}

for (
  const [text, largest, ranges] of [
    ["1", 9, [[1, 1]]],
    ["1:3,2:5,7", 9, [[1, 5], [7, 7]]],
    ["*", 9, [[9, 9]]],
    ["12:*", 9, [[9, 12]]],
    ["5,4,6", 9, [[4, 6]]],
    ["*", 0, []],
    ["1:*", 0, [[0, 1]]],
    ["0", 9, undefined],
    ["1:", 9, undefined],
    ["", 9, undefined],
    ["4294967296", 9, undefined],
  ] as const
) {
  Deno.test(`parseNumberSet() reads "${text}" of ${largest}`, () => {
    assert.deepEqual(parseNumberSet(text, largest), ranges);
  });
}

Deno.test("formatNumberSet() sorts, formatNumberList() does not", () => {
  assert.equal(formatNumberSet([5, 1, 2, 3, 9]), "1:3,5,9");
  assert.equal(formatNumberList([5, 1, 2, 3, 9]), "5,1:3,9");
});

for (
  const text of [
    " 7-Feb-1994 21:52:25 -0800",
    "31-Dec-2026 23:59:59 +0530",
    "29-Feb-2024 00:00:00 +0000",
  ]
) {
  Deno.test(`parseInternalDate() keeps the zone of "${text}"`, () => {
    const date = parseInternalDate(text);
    assert.ok(date !== undefined);
    assert.equal(formatInternalDate(date), text);
  });
}

Deno.test("parseInternalDate() refuses other forms", () => {
  for (const text of ["", "7-Foo-1994 21:52:25 -0800", "1994-02-07"]) {
    assert.equal(parseInternalDate(text), undefined);
  }
});

for (
  const [pattern, matching, others] of [
    ["*", ["INBOX", "a/b"], []],
    ["%", ["INBOX", "a"], ["a/b"]],
    ["a/%", ["a/b"], ["a", "a/b/c"]],
    ["a*", ["a", "a/b", "ab"], ["b"]],
    ["inbox", ["INBOX"], ["Inbox2"]],
    ["a.b[c", ["a.b[c"], ["axb[c"]],
  ] as const
) {
  Deno.test(`listPattern() ${pattern} is neither too wide nor too narrow`, () => {
    const matches = listPattern(pattern, "/");
    for (const name of matching) assert.ok(matches(name), name);
    for (const name of others) assert.ok(!matches(name), name);
  });
}

Deno.test("normalizeFlags() knows system flags in any case and drops twins", () => {
  assert.deepEqual(
    normalizeFlags(["foo", "\\SEEN", "\\Recent", "FOO", "\\answered"]),
    ["\\Answered", "\\Seen", "foo"],
  );
  assert.deepEqual(applyFlags(["\\Seen", "Foo"], "remove", ["foo"]), [
    "\\Seen",
  ]);
});

Deno.test("parseVice() reads JSON and the short form", () => {
  assert.deepEqual(parseVice('{"kind":"cutBefore","when":{"nth":3}}'), {
    kind: "cutBefore",
    when: { nth: 3 },
  });
  assert.deepEqual(
    parseVice("refuse,reply=NO,when.command=/FETCH$/,when.times=1"),
    { kind: "refuse", reply: "NO", when: { command: /FETCH$/, times: 1 } },
  );
  assert.deepEqual(parseVice("dropRows,uids=3+5"), {
    kind: "dropRows",
    uids: [3, 5],
  });
  assert.throws(() => parseVice("nonsense"), SyntaxError);
});

Deno.test("sampleMailboxes() gives the same mail for the same seed", () => {
  const samples = sampleMailboxes({ messages: 250, newest: new Date(1e12) });
  const again = sampleMailboxes({ messages: 250, newest: new Date(1e12) });
  assert.deepEqual(samples, again);
  const count = samples.reduce((n, box) => n + (box.messages?.length ?? 0), 0);
  assert.equal(count, 250);
  assert.ok(samples.some(({ name }) => name.split("/").length === 3));
});
