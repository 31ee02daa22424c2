import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeMailboxName,
  displayMailboxName,
  encodeMailboxName,
  isInbox,
  isSameMailbox,
  readableMailboxName,
} from "../../../src/imap/mailbox_name.ts";
import { decodeText, encodeText } from "../../../src/imap/wire/bytes.ts";

/** Names on the wire and as people read them; each way is the other's undoing. */
for (
  const [wire, name] of [
    ["INBOX", "INBOX"],
    ['a b/c.d\\e"f', 'a b/c.d\\e"f'],
    // RFC 3501 §5.1.3.
    ["~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"],
    ["&Jjo-!", "☺!"],
    ["&U,BTF2XlZyyKng-", "台北日本語"],
    ["Entw&APw-rfe", "Entwürfe"],
    ["Q&-A", "Q&A"],
    ["&-", "&"],
    ["&-&-", "&&"],
    ["&-&AOk-&-", "&é&"],
    ["&2D3eAA-", "😀"],
    ["&AAk-", "\t"],
    ["&AH8-", "\x7f"],
    ["&BB8EQAQ4BDIENQRC-", "Привет"],
    ["", ""],
  ] as const
) {
  Deno.test(`decodeMailboxName() reads ${JSON.stringify(wire)}`, () => {
    assert.equal(decodeMailboxName(wire), name);
  });
  Deno.test(`encodeMailboxName() writes ${JSON.stringify(name)}`, () => {
    assert.equal(encodeMailboxName(name), wire);
  });
}

/** No modified UTF-7, or not in the one right form: must survive unchanged. */
for (
  const [wire, shown] of [
    ["A & B", "A & B"],
    ["&", "&"],
    ["a&", "a&"],
    ["&Jjo", "&Jjo"],
    ["&Jjo!", "&Jjo!"],
    // A shift out and in again: RFC 3501 §5.1.3 calls it superfluous.
    ["&U,BTFw-&ZeVnLIqe-", "&U,BTFw-&ZeVnLIqe-"],
    // ASCII in base64.
    ["&AGE-", "&AGE-"],
    // Bits left over that are not zero.
    ["&AOl-", "&AOl-"],
    // A lone surrogate.
    ["&2D0-", "&2D0-"],
    ["&,,,,-", "&,,,,-"],
    ["&A/4-", "&A/4-"],
    // Raw UTF-8 and raw Latin-1 without UTF8=ACCEPT.
    ["Entwürfe", "Entwürfe"],
    ["Entw\udcfcrfe", "Entw\ufffdrfe"],
    ["Entwürfe & Entw&APw-rfe", "Entwürfe & Entw&APw-rfe"],
    ["tab\there", "tab\there"],
  ] as const
) {
  Deno.test(`decodeMailboxName() keeps ${JSON.stringify(wire)} raw`, () => {
    const name = decodeMailboxName(wire);
    assert.equal(encodeMailboxName(name), wire);
    assert.equal(displayMailboxName(name), shown);
  });
}

Deno.test("decodeMailboxName() gives different names different texts", () => {
  const wires = ["A&-B", "A&B", "&AOk-", "é", "\udce9", "a", "&AGE-"];
  const names = new Set(wires.map((wire) => decodeMailboxName(wire)));
  assert.equal(names.size, wires.length);
});

Deno.test("encodeMailboxName() undoes decodeMailboxName() for all wire names", () => {
  const near = fc.constantFrom(..."&-+,/AJjo!".split("")).map((char) =>
    char.charCodeAt(0)
  );
  const octets = fc.array(fc.oneof(near, fc.integer({ min: 1, max: 255 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(octets, (list) => {
      const wire = decodeText(Uint8Array.from(list));
      assert.equal(encodeMailboxName(decodeMailboxName(wire)), wire);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("decodeMailboxName() undoes encodeMailboxName() for all names", () => {
  const name = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(fc.property(name, (text) => {
    const wire = encodeMailboxName(text);
    assert.match(wire, /^[\x20-\x7e]*$/);
    assert.equal(decodeMailboxName(wire), text);
  }));
});

Deno.test("encodeMailboxName() of a raw name sends the server's own bytes", () => {
  const bytes = Uint8Array.of(0x41, 0xe9, 0x26, 0xc3, 0xa9, 0x42);
  const name = decodeMailboxName(decodeText(bytes));
  assert.deepEqual(encodeText(encodeMailboxName(name)), bytes);
});

Deno.test("decodeMailboxName() changes nothing under UTF8=ACCEPT", () => {
  for (const name of ["Entwürfe", "Q&A", "&AGE-", "\udcfc"]) {
    assert.equal(decodeMailboxName(name, { utf8: true }), name);
    assert.equal(encodeMailboxName(name, { utf8: true }), name);
  }
});

Deno.test("displayMailboxName() leaves ordinary names alone", () => {
  assert.equal(displayMailboxName("Entwürfe 😀 & co"), "Entwürfe 😀 & co");
});

Deno.test("isInbox() knows INBOX in any case and nothing else", () => {
  for (const name of ["INBOX", "inbox", "InBox"]) assert.ok(isInbox(name));
  for (const name of ["INBOX/a", "INBO", "inbox ", "İnbox", ""]) {
    assert.ok(!isInbox(name));
  }
});

Deno.test("isSameMailbox() tells case apart but for INBOX", () => {
  assert.ok(isSameMailbox("inbox", "INBOX"));
  assert.ok(isSameMailbox("a", "a"));
  assert.ok(!isSameMailbox("a", "A"));
  assert.ok(!isSameMailbox("INBOX", "x"));
});

Deno.test.each([
  { wire: "Entw&APw-rfe", name: "Entwürfe" },
  { wire: "R&-D", name: "R&D" },
  { wire: "INBOX", name: "INBOX" },
  // None of modified UTF-7: another name would lead back to it.
  { wire: "A&B", name: "A&B" },
  { wire: "&AGE-", name: "&AGE-" },
  { wire: "raw\udce4", name: "raw\udce4" },
])("readableMailboxName() reads $wire as $name", ({ wire, name }) => {
  assert.equal(readableMailboxName(wire), name);
});
