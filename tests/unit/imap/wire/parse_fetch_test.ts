import assert from "node:assert/strict";
import fc from "fast-check";
import { fastFetchRow } from "../../../../src/imap/wire/fast_fetch.ts";
import {
  type FetchRow,
  FetchRowDraft,
} from "../../../../src/imap/wire/fetch_row.ts";
import { FlagTable } from "../../../../src/imap/wire/flag_table.ts";
import { decodeAll, decodeOne, octets } from "./support.ts";

type Fields = { -readonly [K in keyof FetchRow]?: unknown };

function row(seq: number, fields: Fields): FetchRow {
  return Object.assign(new FetchRowDraft(seq), fields);
}

function body(section: string, text: string, form = "literal"): unknown {
  return {
    section,
    origin: undefined,
    form,
    size: text.length,
    bytes: octets(text),
    receiver: undefined,
  };
}

const ROWS: [line: string, value: FetchRow][] = [
  ["* 1 FETCH (UID 1)", row(1, { uid: 1 })],
  [
    "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)",
    row(23, {
      flags: "\\Seen",
      sizeBytes: 44827,
    }),
  ],
  [
    "* 23 FETCH (FLAGS (\\Seen) UID 4827313)",
    row(23, {
      flags: "\\Seen",
      uid: 4827313,
    }),
  ],
  [
    "* 1 FETCH (UID 4 MODSEQ (12121231000))",
    row(1, {
      uid: 4,
      modSeq: 12121231000n,
    }),
  ],
  [
    "* 1 FETCH (UID 4 MODSEQ (9223372036854775807))",
    row(1, {
      uid: 4,
      modSeq: 9223372036854775807n,
    }),
  ],
  [
    "* 2 fetch (flags () uid 9 modseq (5))",
    row(2, {
      flags: "",
      uid: 9,
      modSeq: 5n,
    }),
  ],
  // Sorted, in the RFC's spelling, without \Recent.
  [
    "* 3 FETCH (FLAGS (\\seen \\RECENT Work $Forwarded \\ANSWERED))",
    row(3, {
      flags: "$Forwarded Work \\Answered \\Seen",
    }),
  ],
  ["* 3 FETCH (FLAGS (a]b \\Seen))", row(3, { flags: "\\Seen a]b" })],
  ["* 3 FETCH (UID 1  FLAGS ( \\Seen ) )", row(3, { uid: 1, flags: "\\Seen" })],
  [
    '* 4 FETCH (INTERNALDATE "17-Jul-1996 02:44:25 -0700")',
    row(4, {
      internalDate: {
        epochMs: Date.parse("1996-07-17T09:44:25Z"),
        zoneMinutes: -420,
      },
    }),
  ],
  [
    '* 4 FETCH (INTERNALDATE "yesterday" UID 1)',
    row(4, {
      uid: 1,
      others: ["INTERNALDATE"],
    }),
  ],
  [
    "* 4 FETCH (INTERNALDATE NIL UID 1)",
    row(4, {
      uid: 1,
      others: ["INTERNALDATE"],
    }),
  ],
  // RFC 8474 §5.
  [
    "* 4 FETCH (EMAILID (M6d99ac3275bb4e) THREADID (T64b478a75b7ea9))",
    row(4, {
      emailId: "M6d99ac3275bb4e",
      threadId: "T64b478a75b7ea9",
    }),
  ],
  ["* 4 FETCH (THREADID NIL)", row(4, {})],
  [
    '* 4 FETCH (X-GM-THRID 1278455344230334866 X-GM-MSGID 1278455344230334865 X-GM-LABELS (\\Inbox \\Sent Important "Muy Importante" {3}\r\na"b) UID 7)',
    row(4, {
      uid: 7,
      gmailThreadId: "1278455344230334866",
      gmailMessageId: "1278455344230334865",
      gmailLabels: ["\\Inbox", "\\Sent", "Important", "Muy Importante", 'a"b'],
    }),
  ],
  [
    '* 4 FETCH (X-GM-LABELS ("\\\\Inbox"))',
    row(4, { gmailLabels: ["\\Inbox"] }),
  ],
  ["* 4 FETCH (X-GM-LABELS NIL)", row(4, { gmailLabels: [] })],
  [
    "* 5 FETCH (UID 8 BODY[] {12}\r\nHello\r\n\r\nyou)",
    row(5, {
      uid: 8,
      bodies: [body("BODY[]", "Hello\r\n\r\nyou")],
    }),
  ],
  [
    "* 5 FETCH (BODY[] {3}\r\nabc FLAGS (\\Seen) UID 8)",
    row(5, {
      uid: 8,
      flags: "\\Seen",
      bodies: [body("BODY[]", "abc")],
    }),
  ],
  [
    "* 5 FETCH (BODY[] {0}\r\n UID 8)",
    row(5, {
      uid: 8,
      bodies: [body("BODY[]", "")],
    }),
  ],
  [
    "* 5 FETCH (BINARY[] ~{4}\r\na\x00b\xff UID 8)",
    row(5, {
      uid: 8,
      bodies: [body("BINARY[]", "a\x00b\xff")],
    }),
  ],
  [
    '* 5 FETCH (BODY[] "sh\\"ort\xe9")',
    row(5, {
      bodies: [body("BODY[]", 'sh"ort\xe9', "quoted")],
    }),
  ],
  [
    "* 5 FETCH (BODY[] NIL UID 8)",
    row(5, {
      uid: 8,
      bodies: [{
        section: "BODY[]",
        origin: undefined,
        form: "nil",
        size: 0,
        bytes: undefined,
        receiver: undefined,
      }],
    }),
  ],
  [
    "* 5 FETCH (BODY[1.2.MIME] x)",
    row(5, {
      bodies: [body("BODY[1.2.MIME]", "x", "atom")],
    }),
  ],
  [
    '* 5 FETCH (body[header.fields ("Message-ID" Date)] {2}\r\n\r\n)',
    row(5, {
      bodies: [body("BODY[HEADER.FIELDS (MESSAGE-ID DATE)]", "\r\n")],
    }),
  ],
  [
    "* 5 FETCH (BODY[HEADER.FIELDS ({10}\r\nMessage-ID)] {2}\r\n\r\n)",
    row(5, {
      bodies: [body("BODY[HEADER.FIELDS (MESSAGE-ID)]", "\r\n")],
    }),
  ],
  [
    "* 5 FETCH (BODY[]<10> {1}\r\nx)",
    row(5, {
      bodies: [{ ...Object(body("BODY[]", "x")), origin: 10 }],
    }),
  ],
  [
    "* 5 FETCH (BODY[HEADER] {1}\r\na BODY[TEXT] {1}\r\nb)",
    row(5, {
      bodies: [body("BODY[HEADER]", "a"), body("BODY[TEXT]", "b")],
    }),
  ],
  [
    "* 5 FETCH (RFC822 {1}\r\na RFC822.HEADER {1}\r\nb)",
    row(5, {
      bodies: [body("RFC822", "a"), body("RFC822.HEADER", "b")],
    }),
  ],
  [
    '* 12 FETCH (ENVELOPE ("Wed, 17 Jul 1996" "IMAP4rev2 WG" (("Terry Gray" NIL "gray" "cac.washington.edu")) NIL {5}\r\nhello "<B27397@cac>") UID 3)',
    row(12, { uid: 3, others: ["ENVELOPE"] }),
  ],
  [
    '* 12 FETCH (BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)("TEXT" "HTML" NIL) "MIXED") UID 3)',
    row(12, { uid: 3, others: ["BODYSTRUCTURE"] }),
  ],
  [
    '* 12 FETCH (BINARY.SIZE[1] 44 SAVEDATE NIL PREVIEW "x" UID 3)',
    row(12, {
      uid: 3,
      others: ["BINARY.SIZE[1]", "SAVEDATE", "PREVIEW"],
    }),
  ],
  ["* 12 FETCH ()", row(12, {})],
];

for (const [line, value] of ROWS) {
  Deno.test(`msgAtt() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(decodeOne(line), value);
  });
}

for (
  const line of [
    "* 0 FETCH (UID 1)",
    "* 1 FETCH",
    "* 1 FETCH ",
    "* 1 FETCH UID 1",
    "* 1 FETCH (UID 1",
    "* 1 FETCH (UID 1))",
    "* 1 FETCH (UID 1) x",
    "* 1 FETCH (UID 0)",
    "* 1 FETCH (UID 4294967296)",
    "* 1 FETCH (UID 99999999999999999999)",
    "* 1 FETCH (UID x)",
    "* 1 FETCH (UID)",
    "* 1 FETCH (UID 1FLAGS ())",
    "* 1 FETCH (FLAGS \\Seen)",
    "* 1 FETCH (FLAGS (\\Seen)",
    "* 1 FETCH (FLAGS (\\Seen (a)))",
    "* 1 FETCH (FLAGS (a\x01b))",
    "* 1 FETCH (MODSEQ 5)",
    "* 1 FETCH (MODSEQ ())",
    "* 1 FETCH (MODSEQ (x))",
    "* 1 FETCH (MODSEQ (12345678901234567890))",
    "* 1 FETCH (RFC822.SIZE big)",
    "* 1 FETCH (EMAILID M1)",
    '* 1 FETCH (BODY[] "abc)',
    "* 1 FETCH (BODY[ {1}\r\nx)",
    "* 1 FETCH (BODY[]<x> {1}\r\nx)",
    "* 1 FETCH (BODY[]{1}\r\nx)",
    "* 1 FETCH (BODY[] {1}\r\nxy)",
    "* 1 FETCH (BODY[] {1} x)",
    "* 1 FETCH (BODY[] (1))",
    "* 1 FETCH (BODYSTRUCTURE (a)",
    '* 1 FETCH ("UID" 1)',
  ]
) {
  Deno.test(`msgAtt() refuses ${JSON.stringify(line)}`, () => {
    // A wrong literal may make two lines of one; none of them must be a row.
    for (const response of decodeAll([`${line}\r\n`])) {
      assert.equal(response.kind, "malformed");
    }
  });
}

Deno.test("msgAtt() gives equal flag lists as the same value", () => {
  const rows = decodeAll([
    "* 1 FETCH (UID 1 FLAGS (\\Seen a))\r\n",
    "* 2 FETCH (UID 2 FLAGS (a \\seen \\Recent))\r\n",
  ]) as FetchRow[];
  assert.equal(rows[0]?.flags, rows[1]?.flags);
});

const flag = fc.constantFrom("\\Seen", "\\Deleted", "$Junk", "NonJunk", "a]b");
const item = fc.oneof(
  fc.integer({ min: 1, max: 0xffffffff }).map((uid) => `UID ${uid}`),
  fc.array(flag, { maxLength: 4 }).map((flags) => `FLAGS (${flags.join(" ")})`),
  fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((n) => `MODSEQ (${n})`),
);
const line = fc.tuple(
  fc.integer({ min: 1, max: 0xffffffff }),
  fc.array(item, { minLength: 1, maxLength: 4 }),
).map(([seq, items]) => `* ${seq} FETCH (${items.join(" ")})`);

Deno.test("fastFetchRow() reads what the parser proper reads", () => {
  fc.assert(fc.property(line, (text) => {
    const bytes = octets(text);
    const fast = fastFetchRow(bytes, 0, bytes.length, new FlagTable());
    // A blank at the end keeps the fast path from it.
    const slow = decodeOne(`${text} `);
    assert.notEqual(slow.kind, "malformed");
    if (fast !== undefined) assert.deepEqual(fast, slow);
  }));
});

Deno.test("fastFetchRow() never takes what the parser proper refuses", () => {
  const place = fc.nat();
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(line, place, octet, (text, at, changed) => {
      const bytes = octets(text);
      bytes[at % bytes.length] = changed;
      if (changed === 10 || changed === 13) return;
      const fast = fastFetchRow(bytes, 0, bytes.length, new FlagTable());
      if (fast === undefined) return;
      const slow = decodeOne(String.fromCharCode(...bytes) + " ");
      assert.deepEqual(fast, slow);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("fastFetchRow() takes the usual rows of a listing", () => {
  for (
    const text of [
      "* 1 FETCH (UID 1 FLAGS (\\Seen $a))",
      "* 1 FETCH (FLAGS () UID 4294967295 MODSEQ (123456789012345))",
    ]
  ) {
    const bytes = octets(text);
    assert.ok(fastFetchRow(bytes, 0, bytes.length, new FlagTable()));
  }
});

Deno.test("FlagTable forgets rather than grow without end", () => {
  const table = new FlagTable();
  for (let n = 0; n < 10_000; n++) {
    const bytes = octets(`k${n}`);
    assert.equal(table.get(bytes, 0, bytes.length, n), `k${n}`);
  }
  const long = octets(`${"x".repeat(5000)} \\Seen`);
  assert.equal(table.get(long, 0, long.length, 1).split(" ").length, 2);
});
