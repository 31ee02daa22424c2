import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  headerEnd,
  headerField,
  headerKey,
  headerText,
} from "../../../src/sync/message_header.ts";

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

Deno.test.each([
  ["a: b\n\nbody", 6],
  ["a: b\r\n\r\nbody", 8],
  ["a: b\n\r\nbody", 7],
  ["\nbody", 1],
  ["\r\nbody", 2],
  ["a: b\n", -1],
  ["a: b\n\r", -1],
  ["", -1],
])("headerEnd() of %j is %i", (text, end) => {
  assert.equal(headerEnd(bytes(text as string)), end);
});

Deno.test("headerText() is the header alone, with LF, whatever the line ends", () => {
  for (const text of ["a: b\nc: d\n\nx: y\n", "a: b\r\nc: d\r\n\r\nx: y\r\n"]) {
    assert.equal(headerText(bytes(text)), "a: b\nc: d");
  }
  assert.equal(headerText(bytes("a: \xe9")), "a: \xe9");
  assert.equal(headerText(bytes("\n\nbody")), "");
});

Deno.test.each([
  ["Subject: x\nMessage-ID: <a@b>\nTo: y", "<a@b>"],
  ["message-id:<a@b>", "<a@b>"],
  ["MESSAGE-ID :\t<a@b> \t", "<a@b>"],
  ["Message-ID:\n <a@b>\nTo: y", "<a@b>"],
  ["Message-ID: <a\n @b>", "<a @b>"],
  ["X-Message-ID: <no>\nMessage-ID: <a@b>", "<a@b>"],
  ["Subject: x\n Message-ID: <folded>\nMessage-ID: <a@b>", "<a@b>"],
  ["Message-ID: <first>\nMessage-ID: <second>", "<first>"],
  ["Message-ID:", ""],
  ["Subject: x", undefined],
  ["", undefined],
])("headerField() finds Message-ID in %j", (text, value) => {
  assert.equal(headerField(text ?? "", "Message-ID"), value);
});

Deno.test("headerKey() is the Message-ID, else a digest of the header", () => {
  assert.equal(headerKey("Message-ID:\n\t<a@b> "), "<a@b>");
  const digest = (text: string) =>
    `sha256:${createHash("sha256").update(text, "latin1").digest("hex")}`;
  assert.equal(headerKey("a: \xe9\nb: c"), digest("a: \xe9\r\nb: c"));
  assert.equal(headerKey("Message-ID: \nb: c"), digest("Message-ID: \r\nb: c"));
  assert.equal(headerKey(""), digest(""));
});
