import assert from "node:assert/strict";
import { Decoder } from "../../../../src/imap/wire/decoder.ts";
import { WireError } from "../../../../src/imap/wire/wire_error.ts";
import { decodeAll, octets } from "./support.ts";

Deno.test("Decoder stops at a line that does not end", () => {
  const chunk = octets("x".repeat(1000));
  const endless = function* () {
    yield octets("* OK ");
    for (;;) yield chunk;
  };
  assert.throws(
    () => decodeAll(endless(), { textBytes: 100_000 }),
    (error) => error instanceof WireError && /too long/.test(error.message),
  );
});

Deno.test("Decoder stops at a whole line that is too long", () => {
  const limits = { textBytes: 20 };
  assert.equal(decodeAll(["* OK 456789012345678\r\n"], limits).length, 1);
  assert.throws(
    () => decodeAll(["* OK 45678901234567890123\r\n"], limits),
    WireError,
  );
});

Deno.test("Decoder counts the text between literals to one response", () => {
  const response = "* 1 FETCH (X {1}\r\na Y {1}\r\nb Z 1)\r\n";
  assert.equal(decodeAll([response + response], { textBytes: 40 }).length, 2);
  assert.throws(() => decodeAll([response], { textBytes: 25 }), WireError);
});

Deno.test("Decoder stops at a literal above the limit before its bytes come", () => {
  assert.throws(
    () => decodeAll(["* 1 FETCH (BODY[] {101}\r\n"], { literalBytes: 100 }),
    (error) => error instanceof WireError && /101 bytes/.test(error.message),
  );
  assert.throws(
    () => decodeAll(["* 1 FETCH (BODY[] {99999999999999999999999}\r\n"]),
    WireError,
  );
});

Deno.test("Decoder takes a gibibyte for a body and not a byte more", () => {
  const gib = 1024 ** 3;
  const decoder = new Decoder();
  decoder.push(octets(`* 1 FETCH (BODY[] {${gib}}\r\n`));
  assert.equal(decoder.next()?.kind, "body-start");
  assert.throws(
    () => decodeAll([`* 1 FETCH (BODY[] {${gib + 1}}\r\n`]),
    WireError,
  );
});

Deno.test("Decoder does not keep more of a response than allowed, but reads on", () => {
  const limits = { heldBytes: 10 };
  const found = decodeAll([
    "* LIST () NIL {11}\r\n12345678901\r\n",
    "* LIST () NIL {10}\r\n1234567890\r\n",
    "* 1 FETCH (X {6}\r\n123456 Y {6}\r\n123456)\r\n",
    "* 1 FETCH (BODY[] {11}\r\n12345678901)\r\n",
    "* 2 EXISTS\r\n",
  ], limits);
  assert.deepEqual(
    found.map((item) => item.kind),
    ["malformed", "list", "malformed", "malformed", "exists"],
  );
});

Deno.test("Decoder stops at a response with literals without end", () => {
  const endless = function* () {
    yield octets("* 1 FETCH (X (");
    for (;;) yield octets("{0}\r\n ");
  };
  assert.throws(
    () => decodeAll(endless(), { literals: 50 }),
    (error) => error instanceof WireError && /literals/.test(error.message),
  );
});

Deno.test("Decoder takes parentheses as deep as allowed and no deeper", () => {
  const nested = (depth: number) =>
    `* 1 FETCH (X ${"(".repeat(depth)}${")".repeat(depth)})\r\n`;
  const [ok] = decodeAll([nested(9)], { depth: 10 });
  assert.equal(ok?.kind, "fetch");
  const [deep] = decodeAll([nested(10)], { depth: 10 });
  assert.ok(deep?.kind === "malformed");
  assert.match(deep.error.message, /nested too deep/);
});

Deno.test("Decoder survives a million parentheses", () => {
  const [found] = decodeAll([`* 1 FETCH (X ${"(".repeat(1_000_000)}\r\n`]);
  assert.equal(found?.kind, "malformed");
});
