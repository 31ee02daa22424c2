import * as fc from "fast-check";
import assert from "node:assert/strict";
import { decodeBase64, encodeBase64 } from "../../../src/python/base64.ts";
import { decode, encode } from "../../../src/python/codecs.ts";

const bytesOf = (text: string) =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));
const texts = fc.string({ unit: "grapheme" });

Deno.test.each([
  ["utf-8"],
  ["utf-8-sig"],
  ["utf-7"],
  ["imap4-utf-7"],
])("decode() is the inverse of encode() for $0", (codec) => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(
        decode(encode(text, codec, "strict"), codec, "strict"),
        text,
      );
    }),
  );
});

// RFC 3501, section 5.1.3, and what servers send.
Deno.test.each([
  ["~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"],
  ["Entw&APw-rfe", "Entwürfe"],
  ["A&-B", "A&B"],
  ["&2D3eAA-", "\u{1f600}"],
  ["INBOX", "INBOX"],
  ["G&AOQ", "Gä"],
])("decode() reads $0 as imap4-utf-7", (coded, text) => {
  assert.equal(decode(bytesOf(coded), "imap4_utf_7", "strict"), text);
});

Deno.test.each([
  ["\x80", "strict", "UnicodeDecodeError"],
  ["\xc3", "strict", "unexpected end"],
  ["\xc3(", "strict", "invalid continuation"],
  ["\xed\xa0\x80", "strict", "invalid continuation"],
  ["\xf5", "strict", "invalid start"],
])("decode() refuses $0 as UTF-8", (coded, errors, text) => {
  assert.throws(
    () => decode(bytesOf(coded), "utf-8", errors),
    new RegExp(text),
  );
});

Deno.test("decode() replaces as TextDecoder does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const theirs = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        bytes,
      );
      assert.equal(decode(bytes, "utf-8", "replace"), theirs);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeBase64() is the inverse of encodeBase64()", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
    }),
  );
  assert.equal(encodeBase64(bytesOf("hunter2")), "aHVudGVyMg==");
});
