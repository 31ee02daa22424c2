import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import {
  countBareLf,
  CrlfToLf,
  crlfToLf,
  lfToCrlf,
} from "../../../src/maildir/line_ends.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function text(array: Uint8Array): string {
  return Buffer.from(array).toString("latin1");
}

function toLf(input: string): string {
  const from = bytes(input);
  const into = new Uint8Array(from.length);
  return text(into.subarray(0, crlfToLf(from, into)));
}

const mail = fc.string({
  unit: fc.constantFrom("\r", "\n", "\r\n", "a", "\xff", "\0"),
});

Deno.test.each([
  ["", ""],
  ["a", "a"],
  ["a\r\nb\r\n", "a\nb\n"],
  ["\r\n", "\n"],
  ["\r", "\r"],
  ["\r\r\n", "\r\n"],
  ["a\rb\nc\r\n", "a\rb\nc\n"],
  ["\n\r", "\n\r"],
  ["\r\n\r\n\r", "\n\n\r"],
])("crlfToLf() makes only pairs to LF: %j", (from, to) => {
  assert.equal(toLf(from), to);
});

Deno.test.each([
  ["", ""],
  ["a\nb\n", "a\r\nb\r\n"],
  ["a\r\nb\n", "a\r\nb\r\n"],
  ["\n", "\r\n"],
  ["\r", "\r"],
  ["\n\n", "\r\n\r\n"],
  ["a\rb\n", "a\rb\r\n"],
])("lfToCrlf() gives each LF a CR: %j", (from, to) => {
  assert.equal(text(lfToCrlf(bytes(from))), to);
});

Deno.test("crlfToLf() agrees with replacing text", () => {
  fc.assert(fc.property(mail, (input) => {
    assert.equal(toLf(input), input.replaceAll("\r\n", "\n"));
  }));
});

Deno.test("lfToCrlf() agrees with replacing text and countBareLf() with its growth", () => {
  fc.assert(fc.property(mail, (input) => {
    const output = text(lfToCrlf(bytes(input)));
    assert.equal(output, input.replaceAll(/(?<!\r)\n/g, "\r\n"));
    assert.equal(countBareLf(bytes(input)), output.length - input.length);
  }));
});

Deno.test("CrlfToLf finds pairs across the borders of chunks", () => {
  fc.assert(fc.property(fc.array(mail), (chunks) => {
    const converter = new CrlfToLf();
    const parts = chunks.map((chunk) => text(converter.push(bytes(chunk))));
    parts.push(text(converter.end()));
    assert.equal(parts.join(""), toLf(chunks.join("")));
  }));
});

Deno.test("lfToCrlf() knows the byte before its chunk", () => {
  fc.assert(fc.property(fc.array(mail), (chunks) => {
    let previous = 0;
    let output = "";
    for (const chunk of chunks) {
      output += text(lfToCrlf(bytes(chunk), previous));
      previous = bytes(chunk).at(-1) ?? previous;
    }
    assert.equal(output, text(lfToCrlf(bytes(chunks.join("")))));
  }));
});

Deno.test("what the wire sends as lines comes back byte for byte", () => {
  const lines = fc.array(
    fc.string({ unit: fc.constantFrom("a", "\xe9", "\0", " ", "\r.") }),
  ).map((all) => all.map((line) => `${line}\r\n`).join(""));
  fc.assert(fc.property(lines, (input) => {
    assert.equal(text(lfToCrlf(bytes(toLf(input)))), input);
  }));
});
