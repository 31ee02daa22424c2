import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeText,
  encodeText,
  escapeBytes,
} from "../../../../src/imap/wire/bytes.ts";
import { octets } from "./support.ts";

Deno.test("decodeText() reads UTF-8", () => {
  const bytes = new TextEncoder().encode("Entwürfe 日本 😀");
  assert.equal(decodeText(bytes), "Entwürfe 日本 😀");
});

Deno.test("decodeText() keeps each octet that is no UTF-8 as a lone surrogate", () => {
  assert.equal(decodeText(octets("a\xe9b")), "a\udce9b");
  // The surrogate U+D800 in UTF-8, which is not allowed there.
  assert.equal(decodeText(octets("\xed\xa0\x80")), "\udced\udca0\udc80");
  assert.equal(decodeText(octets("\xc3")), "\udcc3");
});

Deno.test("decodeText() keeps a byte order mark", () => {
  assert.equal(decodeText(octets("\xef\xbb\xbfx")), "\ufeffx");
});

Deno.test("decodeText() reads only its range", () => {
  assert.equal(decodeText(octets("\xffab\xff"), 1, 3), "ab");
});

Deno.test("encodeText() undoes decodeText() for all bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    assert.deepEqual(encodeText(decodeText(bytes)), bytes);
  }));
});

Deno.test("decodeText() undoes encodeText() for all well-formed texts", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(decodeText(encodeText(text)), text);
  }));
});

Deno.test("decodeText() reads long texts as short ones", () => {
  for (const size of [0, 1, 12, 13, 100, 30_000]) {
    const text = "x".repeat(size);
    assert.equal(decodeText(octets(`<${text}>`), 1, size + 1), text);
  }
});

Deno.test("escapeBytes() shows printable ASCII and escapes the rest", () => {
  assert.equal(
    escapeBytes(octets("a \\ \r\n\x1b[2J\xff")),
    "a \\\\ \\r\\n\\x1b[2J\\xff",
  );
});

Deno.test("escapeBytes() is bounded and says how much there was", () => {
  assert.equal(
    escapeBytes(octets("x".repeat(500)), 0, 500, 5),
    "xxxxx... (500 bytes)",
  );
});
