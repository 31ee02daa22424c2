import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeLabel,
  encodeMailboxName,
} from "../../../src/imap/mailbox_name.ts";
import { LabelHeader } from "../../../src/maildir/label_header.ts";

const spelling = { encode: encodeMailboxName, decode: decodeLabel };

function header(name = "X-Keywords", ignored: string[] = []): LabelHeader {
  return new LabelHeader({ name, ignored, spelling });
}

function message(text: string): Uint8Array {
  return new TextEncoder().encode(`From: a\n${text}\n\nBody\n`);
}

Deno.test.each([
  {
    name: "X-Keywords",
    labels: ["\\Inbox", "Work"],
    line: "X-Keywords: \\Inbox,Work",
  },
  { name: "X-Keywords", labels: [], line: "X-Keywords:" },
  {
    name: "X-Label",
    labels: ["\\Inbox", "Work"],
    line: "X-Label: \\Inbox Work",
  },
  { name: "Keywords", labels: ["a", "b"], line: "Keywords: a b" },
  { name: "keywords", labels: ["a", "b"], line: "keywords: a,b" },
  {
    name: "X-Keywords",
    labels: ["Muy Importante"],
    line: "X-Keywords: Muy Importante",
  },
  { name: "X-Keywords", labels: ["Ärger"], line: "X-Keywords: Ärger" },
  { name: "X-Keywords", labels: ["a,b"], line: "X-Keywords: a&ACw-b" },
  { name: "X-Label", labels: ["a b"], line: "X-Label: a&ACA-b" },
  { name: "X-Keywords", labels: ["R&D"], line: "X-Keywords: R&D" },
  { name: "X-Keywords", labels: ["R&-D"], line: "X-Keywords: R&--D" },
  { name: "X-Keywords", labels: ['q"x\\(y)'], line: 'X-Keywords: q"x\\(y)' },
])("LabelHeader.format() writes $labels as $line", ({ name, labels, line }) => {
  assert.equal(header(name).format(labels), line);
  assert.deepEqual(header(name).read(message(line)).sort(), [...labels].sort());
});

Deno.test.each([
  { text: "X-Keywords: a, b ,,c", labels: ["a", "b", "c"] },
  { text: "x-keywords: a", labels: ["a"] },
  { text: "X-Keywords: a\nSubject: x\nX-Keywords: b", labels: ["a", "b"] },
  { text: "X-Keywords: a,\n b", labels: ["a", "b"] },
  { text: "X-Keywords: &AMQ-rger", labels: ["Ärger"] },
  {
    text: "X-Keywords: =?utf-8?q?a=2Cb=5Fc?=\n =?utf-8?q?d_e?= f,g",
    labels: ["a", "b_cd e f", "g"],
  },
  {
    text: "X-Keywords: =?UTF-8?B?w4RyZ2Vy?=,=?x?q?y?=",
    labels: ["Ärger", "=?x?q?y?="],
  },
  { text: "Subject: none", labels: [] },
  { text: "Subject: x\n\nX-Keywords: body", labels: [] },
])("LabelHeader.read() finds $labels in $text", ({ text, labels }) => {
  assert.deepEqual(header().read(message(text)), labels);
});

Deno.test("LabelHeader.read() takes what OfflineIMAP wrote for the agreed labels as these", () => {
  const blanks = header("X-Label");
  const written = message("X-Label: Muy Importante Work");
  assert.deepEqual(blanks.read(written, ["Muy Importante", "Work"]), [
    "Muy Importante",
    "Work",
  ]);
  assert.deepEqual(blanks.read(written, []), ["Muy", "Importante", "Work"]);
  const commas = message("X-Keywords: a,b,&AMQ-rger");
  assert.deepEqual(header().read(commas, ["a,b", "Ärger"]), ["a,b", "Ärger"]);
});

Deno.test("LabelHeader.isIgnored() takes a label in both spellings", () => {
  const labels = header("X-Keywords", ["\\Inbox", "&AMQ-rger"]);
  assert.ok(labels.isIgnored("\\Inbox"));
  assert.ok(labels.isIgnored("Ärger"));
  assert.ok(!labels.isIgnored("Work"));
});

for (const name of ["X-Keywords", "X-Label"]) {
  Deno.test(`LabelHeader.read() undoes format() for ${name}`, () => {
    const label = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) =>
      text.isWellFormed()
    );
    fc.assert(fc.property(fc.uniqueArray(label), (labels) => {
      const one = header(name);
      const bytes = message(one.format(labels));
      assert.deepEqual(one.read(bytes).sort(), labels.sort());
    }));
  });
}
