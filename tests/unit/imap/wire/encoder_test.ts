import assert from "node:assert/strict";
import fc from "fast-check";
import { CommandEncoder, isFlag } from "../../../../src/imap/wire/encoder.ts";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { decodeOne, octets } from "./support.ts";

function encoder(
  capabilities: string[] = [],
  enabled: string[] = [],
): CommandEncoder {
  return new CommandEncoder({
    capabilities: new Set(capabilities),
    enabled: new Set(enabled),
  });
}

/** What goes over the wire, as octets in a string. */
function written(to: CommandEncoder): string {
  return to.finish().map((part) => {
    if (part instanceof Uint8Array) return String.fromCharCode(...part);
    assert.ok(part.data instanceof Uint8Array);
    const head = `${part.binary ? "~" : ""}{${part.size}${
      part.sync ? "" : "+"
    }}`;
    return `${head}\r\n${String.fromCharCode(...part.data)}`;
  }).join("");
}

for (
  const [value, expected] of [
    ["INBOX", "INBOX"],
    ["a]b", "a]b"],
    ["", '""'],
    ["NIL", '"NIL"'],
    ["nil", '"nil"'],
    ["a b", '"a b"'],
    ['x\\"q', '"x\\\\\\"q"'],
    ["100%", '"100%"'],
    ["a*", '"a*"'],
    ["(x)", '"(x)"'],
    ["a{1}", '"a{1}"'],
    ["a\tb", '"a\tb"'],
    ["a\r\nA2 DELETE INBOX", "{18}\r\na\r\nA2 DELETE INBOX"],
    ["Entwürfe", "{9}\r\nEntw\xc3\xbcrfe"],
    ["Entw\udcfcrfe", "{8}\r\nEntw\xfcrfe"],
    ["\x7f", "{1}\r\n\x7f"],
  ] as const
) {
  Deno.test(`astring() writes ${JSON.stringify(value)} safely`, () => {
    assert.equal(written(encoder().astring(value)), expected);
  });
}

Deno.test("astring() quotes UTF-8 once it is enabled", () => {
  const to = encoder([], ["UTF8=ACCEPT"]).astring("Entwürfe");
  assert.equal(written(to), '"Entw\xc3\xbcrfe"');
});

Deno.test("astring() never quotes bytes that are no UTF-8", () => {
  const to = encoder([], ["UTF8=ACCEPT"]).astring("Entw\udcfcrfe");
  assert.equal(written(to), "{8}\r\nEntw\xfcrfe");
});

Deno.test("astring() writes long strings as literals", () => {
  const long = "x".repeat(1001);
  assert.equal(written(encoder().string(long)), `{1001}\r\n${long}`);
});

Deno.test("astring() refuses NUL", () => {
  assert.throws(() => encoder().astring("a\0b"), RangeError);
});

Deno.test("astring() is read back as it was, whatever the text", () => {
  const text = fc.string({ unit: "binary", maxLength: 30 })
    .filter((value) => !value.includes("\0"));
  const settings = fc.constantFrom(
    encoder,
    () => encoder(["LITERAL+"]),
    () => encoder([], ["UTF8=ACCEPT"]),
  );
  fc.assert(fc.property(text, settings, (value, make) => {
    const line = `* LIST () NIL ${written(make().astring(value))}`;
    const response = decodeOne(line);
    assert.ok(response.kind === "list");
    assert.equal(response.name, value);
  }));
});

Deno.test("text() refuses what could start another command", () => {
  for (const bad of ["a\r\nb", "a\nb", "a\0", "ä", "\x7f"]) {
    assert.throws(() => encoder().text(bad), RangeError);
  }
});

Deno.test("flags() writes flags and keywords", () => {
  const to = encoder().flags(["\\Seen", "$Forwarded", "NonJunk"]);
  assert.equal(written(to), "(\\Seen $Forwarded NonJunk)");
});

for (
  const bad of [
    "",
    "\\",
    "a b",
    "a(b",
    "a)b",
    'a"b',
    "a\\b",
    "a]b",
    "ä",
    "\\*",
    "a\r\nb",
  ]
) {
  Deno.test(`flags() refuses ${JSON.stringify(bad)}`, () => {
    assert.equal(isFlag(bad), false);
    assert.throws(() => encoder().flags([bad]), RangeError);
  });
}

for (
  const [value, ok] of [
    [0, true],
    [4294967295, true],
    [9223372036854775807n, true],
    [-1, false],
    [1.5, false],
    [NaN, false],
    [-1n, false],
  ] as const
) {
  Deno.test(`number() ${ok ? "writes" : "refuses"} ${value}`, () => {
    if (ok) assert.equal(written(encoder().number(value)), String(value));
    else assert.throws(() => encoder().number(value), RangeError);
  });
}

Deno.test("uids() refuses an empty set and one that is too long", () => {
  assert.throws(() => encoder().uids(UidSet.EMPTY), RangeError);
  const odd = Array.from({ length: 5000 }, (_, at) => 2 * at + 1);
  assert.throws(() => encoder().uids(UidSet.from(odd)), RangeError);
});

for (
  const [capabilities, size, sync] of [
    [[], 1, true],
    [["LITERAL+"], 5_000_000, false],
    [["LITERAL-"], 4096, false],
    [["LITERAL-"], 4097, true],
    [["IMAP4REV2"], 4096, false],
    [["IMAP4REV2"], 4097, true],
    [["LITERAL-", "LITERAL+"], 4097, false],
  ] as const
) {
  Deno.test(`literal() of ${size} bytes with [${capabilities}] ${sync ? "waits" : "does not wait"}`, () => {
    const to = encoder([...capabilities]).literal(new Uint8Array(size));
    const [part] = to.finish();
    assert.ok(part !== undefined && !(part instanceof Uint8Array));
    assert.equal(part.sync, sync);
    assert.equal(part.size, size);
  });
}

Deno.test("literal() refuses a size that is none", () => {
  const chunks = (async function* () {})();
  for (const size of [-1, 1.5, NaN]) {
    assert.throws(() => encoder().literal({ size, chunks }), RangeError);
  }
});

Deno.test("finish() gives text and literals in order", () => {
  const to = encoder(["LITERAL+"]).text("APPEND ").mailbox("a b").text(" ")
    .literal(octets("\0"), { binary: true });
  assert.equal(written(to), 'APPEND "a b" ~{1+}\r\n\0');
});
