import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeText } from "../../src/decode_text.ts";

const TEXT = "[general]\r\nui = basic # \u00e4 \u{1f4e7}\r\n";
const little = Buffer.from(`\ufeff${TEXT}`, "utf16le");

Deno.test.each(
  [
    { name: "UTF-8", bytes: Buffer.from(TEXT) },
    { name: "UTF-8 with a mark", bytes: Buffer.from(`\ufeff${TEXT}`) },
    { name: "UTF-16LE with a mark", bytes: little },
    { name: "UTF-16BE with a mark", bytes: Buffer.from(little).swap16() },
  ],
)("decodeText() reads $name", ({ bytes }) => {
  assert.equal(decodeText(bytes, { fatal: true }), TEXT);
});

Deno.test("decodeText() refuses what is no text, or replaces it", () => {
  for (const bytes of [[0xe4], [0xff, 0xfe, 0x5b], [0xff, 0xfe, 0, 0xdc]]) {
    const odd = Uint8Array.from(bytes);
    assert.throws(() => decodeText(odd, { fatal: true }), TypeError);
    assert.equal(decodeText(odd, { fatal: false }), "\ufffd");
  }
});

Deno.test("decodeText() of nothing is the empty text", () => {
  assert.equal(decodeText(new Uint8Array(), { fatal: true }), "");
});
