import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeLines, escapeText } from "../../../src/ui/escape.ts";
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatMinutes,
  formatUidSet,
} from "../../../src/ui/format.ts";
import { displayWidth, fitEnd } from "../../../src/ui/width.ts";

Deno.test.each([
  { text: "INBOX/Entwürfe 受信 😀", shown: "INBOX/Entwürfe 受信 😀" },
  { text: "a\x1b]0;title\x07", shown: "a\\x1b]0;title\\x07" },
  { text: "\x00\t\r\n\x7f", shown: "\\x00\\x09\\x0d\\x0a\\x7f" },
  { text: "\x85\x9b31m", shown: "\\x85\\x9b31m" },
  { text: "txt\u202egpj.exe", shown: "txt\\u202egpj.exe" },
  { text: "a\u2028b\u2066c\ufeff", shown: "a\\u2028b\\u2066c\\ufeff" },
  { text: "half \ud83d.", shown: "half \\ud83d." },
  { text: "👨‍👩‍👧", shown: "👨‍👩‍👧" },
])("escapeText() shows $shown", ({ text, shown }) => {
  assert.equal(escapeText(text), shown);
});

Deno.test("escapeText() never leaves a control character", () => {
  const texts = fc.array(fc.nat(0xffff)).map((units) =>
    String.fromCharCode(...units)
  );
  fc.assert(fc.property(texts, (text) => {
    assert.doesNotMatch(escapeText(text), /\p{Cc}|\p{Bidi_Control}/u);
  }));
});

Deno.test("escapeLines() keeps line ends and tabs", () => {
  assert.equal(escapeLines("a\tb\r\nc\rd\x1b"), "a\tb\nc\\x0dd\\x1b");
});

Deno.test.each([
  { count: 0, text: "0" },
  { count: 999, text: "999" },
  { count: 1000, text: "1,000" },
  { count: 1234567, text: "1,234,567" },
])("formatCount() writes $text", ({ count, text }) => {
  assert.equal(formatCount(count), text);
});

Deno.test("countOf() counts one and many", () => {
  assert.equal(countOf(1, "message"), "1 message");
  assert.equal(countOf(0, "message"), "0 messages");
  assert.equal(countOf(2000, "message"), "2,000 messages");
});

Deno.test.each([
  { bytes: 0, text: "0 B" },
  { bytes: 999, text: "999 B" },
  { bytes: 999.6, text: "1.0 kB" },
  { bytes: 1000, text: "1.0 kB" },
  { bytes: 99_940, text: "99.9 kB" },
  { bytes: 99_960, text: "100 kB" },
  { bytes: 999_600, text: "1.0 MB" },
  { bytes: 8_200_000, text: "8.2 MB" },
  { bytes: 3e15, text: "3000 TB" },
])("formatBytes() writes $text", ({ bytes, text }) => {
  assert.equal(formatBytes(bytes), text);
});

Deno.test.each([
  { ms: -5, text: "0:00" },
  { ms: 7_400, text: "0:07" },
  { ms: 754_000, text: "12:34" },
  { ms: 3_599_600, text: "1:00:00" },
  { ms: 3_723_000, text: "1:02:03" },
])("formatDuration() writes $text", ({ ms, text }) => {
  assert.equal(formatDuration(ms), text);
});

Deno.test("formatMinutes() counts minutes beyond the hour, as OfflineIMAP", () => {
  assert.equal(formatMinutes(59_999), "0:59");
  assert.equal(formatMinutes(4_503_000), "75:03");
});

Deno.test.each([
  { uids: [], set: "" },
  { uids: [5], set: "5" },
  { uids: [3, 1, 2, 7, 2], set: "1:3,7" },
  { uids: [10, 9, 1], set: "1,9:10" },
])("formatUidSet() writes $set", ({ uids, set }) => {
  assert.equal(formatUidSet(uids), set);
});

Deno.test.each([
  { text: "INBOX", width: 5 },
  { text: "Entwürfe", width: 8 },
  { text: "Entwu\u0308rfe", width: 8 },
  { text: "受信", width: 4 },
  { text: "한글", width: 4 },
  { text: "ｱｲｳ", width: 3 },
  { text: "😀!", width: 3 },
  { text: "👨‍👩‍👧", width: 2 },
  { text: "", width: 0 },
])("displayWidth() of $text is $width", ({ text, width }) => {
  assert.equal(displayWidth(text), width);
});

Deno.test.each([
  { text: "Archive/2026", columns: 12, cut: "Archive/2026" },
  { text: "Archive/2026", columns: 11, cut: "…chive/2026" },
  { text: "Archive/2026", columns: 1, cut: "…" },
  { text: "Archive/2026", columns: 0, cut: "" },
  { text: "受信トレイ", columns: 6, cut: "…レイ" },
  { text: "受信トレイ", columns: 5, cut: "…レイ" },
  { text: "受信トレイ", columns: 4, cut: "…イ" },
])("fitEnd() cuts $text to $columns columns", ({ text, columns, cut }) => {
  assert.equal(fitEnd(text, columns), cut);
});

Deno.test("fitEnd() never takes more columns than it has", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme" }).map(escapeText),
    fc.nat(40),
    (text, columns) => {
      assert.ok(displayWidth(fitEnd(text, columns)) <= columns);
    },
  ));
});
