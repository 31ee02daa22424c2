import assert from "node:assert/strict";
import fc from "fast-check";
import { type Decoded, Decoder } from "../../../../src/imap/wire/decoder.ts";
import { WireError } from "../../../../src/imap/wire/wire_error.ts";
import { decodeAll, octets } from "./support.ts";

/** A bit of everything that a server says, literals and broken lines included. */
const STREAM = octets([
  "* OK [CAPABILITY IMAP4rev1 LITERAL+] ready {5}",
  "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (7))",
  "* 2 FETCH (UID 2 BODY[] {23}\r\nSubject: a\r\n\r\n* 3 FETCH FLAGS ())",
  '* LIST (\\HasNoChildren) "/" {4}\r\na{1}',
  "* 4 FETCH (UID x)",
  "* SEARCH 1 2 3",
  "* 5 FETCH (BODY[HEADER.FIELDS ({4}\r\nDate)] {0}\r\n BODY[] {3}\r\n{9} UID 5)",
  "* STATUS {1}\r\nx (MESSAGES 1)",
  "* 6 FETCH (BODY[] {3}\r\nabc nonsense",
  "* 7 FETCH (BINARY[] ~{2}\r\n\r\n UID 7)",
  "+ go ahead",
  "A1 NO [BADCHARSET ({5}\r\nUTF-8)] no",
  "* BYE",
  "",
].join("\r\n"));

/** `bytes` in pieces cut at `cuts`. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...cuts].sort((a, b) => a - b);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    // A copy, as a socket gives: no piece may rely on its neighbour.
    parts.push(bytes.slice(from, place));
    from = place;
  }
  return parts;
}

/** What tells two results apart; errors by their text. */
function comparable(found: readonly Decoded[]): unknown[] {
  return found.map((item) =>
    item.kind === "malformed" ? { ...item, error: item.error.message } : item
  );
}

const WHOLE = comparable(decodeAll([STREAM]));

Deno.test("Decoder finds every response of a stream, broken ones too", () => {
  assert.deepEqual(decodeAll([STREAM]).map((item) => item.kind), [
    "status",
    "fetch",
    "fetch",
    "list",
    "malformed",
    "search",
    "fetch",
    "mailbox-status",
    "malformed",
    "fetch",
    "continuation",
    "tagged",
    "status",
  ]);
});

Deno.test("Decoder gives the same for a stream byte by byte", () => {
  const bytes = Array.from(STREAM, (octet) => Uint8Array.of(octet));
  assert.deepEqual(comparable(decodeAll(bytes)), WHOLE);
});

Deno.test("Decoder gives the same wherever the stream is cut in two", () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    assert.deepEqual(comparable(decodeAll(pieces(STREAM, [cut]))), WHOLE);
  }
});

Deno.test("Decoder gives the same however the stream is cut", () => {
  const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 30 });
  fc.assert(fc.property(cuts, (places) => {
    assert.deepEqual(comparable(decodeAll(pieces(STREAM, places))), WHOLE);
  }));
});

/** Everything decoded, or the limit that was hit. */
function outcome(bytes: Uint8Array, cuts: readonly number[]): unknown {
  const limits = { textBytes: 2000, literalBytes: 2000, heldBytes: 1000 };
  try {
    return comparable(decodeAll(pieces(bytes, cuts), limits));
  } catch (error) {
    assert.ok(error instanceof WireError, String(error));
    return "limit";
  }
}

Deno.test("Decoder takes any bytes: responses, errors, but never a crash", () => {
  const near = fc.constantFrom(
    ..."* 1 FETCH (UID 2 FLAGS (\\Seen) BODY[] {3}\r\nabc)\r\n".split(""),
  ).map((char) => char.charCodeAt(0));
  const octet = fc.oneof(near, fc.integer({ min: 0, max: 255 }));
  const stream = fc.array(octet, { maxLength: 200 });
  fc.assert(
    fc.property(stream, fc.array(fc.nat(200)), (list, places) => {
      const bytes = Uint8Array.from(list);
      const cuts = places.filter((place) => place <= bytes.length);
      const found = outcome(bytes, cuts);
      if (found !== "limit") assert.deepEqual(found, outcome(bytes, []));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("Decoder takes a damaged stream: nothing but responses and errors", () => {
  const damage = fc.record({
    at: fc.nat(STREAM.length - 1),
    octet: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom("change", "insert", "remove"),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (list) => {
      const bytes = [...STREAM];
      for (const { at, octet, how } of list) {
        bytes.splice(
          at,
          how === "insert" ? 0 : 1,
          ...how === "remove" ? [] : [octet],
        );
      }
      outcome(Uint8Array.from(bytes), [50]);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("Decoder routes a body out in chunks that are not copied", () => {
  const decoder = new Decoder();
  const receiver = { name: "sink" };
  const first = octets("* 1 FETCH (UID 7 FLAGS (a) BODY[] {10}\r\n01234");
  decoder.push(first);
  const start = decoder.next();
  assert.ok(start?.kind === "body-start");
  assert.equal(start.size, 10);
  assert.equal(start.section, "BODY[]");
  assert.equal(start.row.uid, 7);
  assert.equal(start.row.flags, "a");
  decoder.route({ receiver });
  const chunk = decoder.next();
  assert.ok(chunk?.kind === "body-chunk");
  assert.equal(chunk.bytes.buffer, first.buffer);
  assert.equal(decoder.next(), undefined);
  decoder.push(octets("56789 RFC822.SIZE 10)\r\n"));
  const rest = decoder.next();
  assert.ok(rest?.kind === "body-chunk");
  assert.deepEqual([...chunk.bytes, ...rest.bytes], [...octets("0123456789")]);
  assert.equal(decoder.next()?.kind, "body-end");
  const row = decoder.next();
  assert.ok(row?.kind === "fetch");
  assert.equal(row.bodies[0]?.receiver, receiver);
  assert.equal(row.bodies[0]?.bytes, undefined);
  assert.equal(row.sizeBytes, 10);
});

Deno.test("Decoder throws a body away that nobody routes", () => {
  const decoder = new Decoder();
  decoder.push(octets("* 1 FETCH (BODY[] {3}\r\nabc UID 7)\r\n"));
  assert.equal(decoder.next()?.kind, "body-start");
  const row = decoder.next();
  assert.ok(row?.kind === "fetch");
  assert.deepEqual(row.bodies, [{
    section: "BODY[]",
    origin: undefined,
    form: "literal",
    size: 3,
    bytes: undefined,
    receiver: undefined,
  }]);
});

Deno.test("Decoder tells the end of an empty body too", () => {
  const decoder = new Decoder();
  decoder.push(octets("* 1 FETCH (BODY[] {0}\r\n)\r\n"));
  assert.equal(decoder.next()?.kind, "body-start");
  decoder.route({ receiver: 1 });
  assert.equal(decoder.next()?.kind, "body-end");
  assert.equal(decoder.next()?.kind, "fetch");
});

Deno.test("Decoder reads over the literals of a response that is broken before", () => {
  const found = decodeAll([
    "* 1 FETCH (UID x BODY[] {9}\r\n* 2 FETCH )\r\n* 3 EXPUNGE\r\n",
  ]);
  assert.deepEqual(found.map((item) => item.kind), ["malformed", "expunge"]);
});

Deno.test("Decoder never takes a message's text for responses", () => {
  const found = decodeAll([
    "* 1 FETCH (BODY[]{13}\r\n* 3 EXPUNGE\r\n)\r\n* 2 EXISTS\r\n",
  ]);
  assert.deepEqual(found.map((item) => item.kind), ["malformed", "exists"]);
});

Deno.test("Decoder takes a bare name that ends as a literal would", () => {
  const found = decodeAll(['* LIST () "/" a{5}\r\n* 2 EXISTS\r\n']);
  assert.deepEqual(found.map((item) => item.kind), ["list", "exists"]);
});

Deno.test("Decoder gives the bytes of what it cannot read, escaped", () => {
  const [found] = decodeAll(["* 9 FETCH (UID \x1b[2J)\r\n"]);
  assert.ok(found?.kind === "malformed");
  assert.equal(
    found.error.message,
    "Expected a number at byte 15: * 9 FETCH (UID \\x1b[2J)",
  );
});

Deno.test("Decoder shows a long broken line around the place", () => {
  const [found] = decodeAll([`* SEARCH ${"1 ".repeat(10_000)}x\r\n`]);
  assert.ok(found?.kind === "malformed");
  assert.ok(found.error.message.length < 300);
  assert.ok(found.error.message.endsWith("1 x"));
});

Deno.test("Decoder.push() refuses to lose what was not read", () => {
  const decoder = new Decoder();
  decoder.push(octets("* 1 EXISTS\r\n* 2 EXISTS\r\n"));
  decoder.next();
  assert.throws(() => decoder.push(octets("x")), /not read/);
});

Deno.test("Decoder.isIdle tells whether the stream may end here", () => {
  const decoder = new Decoder();
  assert.equal(decoder.isIdle, true);
  const steps: [string, boolean][] = [
    ["* 1 EX", false],
    ["ISTS\r\n", true],
    ["* 1 FETCH (BODY[] {3}\r\n", false],
    ["abc", false],
    [")\r\n", true],
  ];
  for (const [text, idle] of steps) {
    decoder.push(octets(text));
    while (decoder.next() !== undefined);
    assert.equal(decoder.isIdle, idle, text);
  }
});
