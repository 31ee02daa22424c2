import assert from "node:assert/strict";
import fc from "fast-check";
import { WireLog } from "../../../src/imap/wire_log.ts";

/** What is logged of a talk: lines that begin with `C` are the client's. */
function logOf(talk: readonly string[], size = 7): string[] {
  const lines: string[] = [];
  const log = new WireLog((line) => lines.push(line));
  for (const text of talk) {
    const bytes = new TextEncoder().encode(text.slice(2));
    // In small pieces, as a network may have it.
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      if (text.startsWith("C")) log.sent(piece);
      else log.received(piece);
    }
  }
  return lines;
}

Deno.test("WireLog tells commands with what belongs to them, and replies", () => {
  assert.deepEqual(
    logOf([
      "C A1 UID FETCH 1:* (FLAGS)\r\nA2 NOOP\r\n",
      "S * 1 FETCH (UID 1 FLAGS (\\Seen))\r\nA1 OK done\r\n",
    ]),
    [
      "> A1 UID FETCH 1:* (FLAGS)",
      "> A2 NOOP",
      "< * 1 FETCH (UID 1 FLAGS (\\Seen))",
      "< A1 OK done",
    ],
  );
});

Deno.test("WireLog tells literals by their size", () => {
  assert.deepEqual(
    logOf([
      "C A1 APPEND INBOX {7+}\r\nsecret!\r\n",
      "S * 1 FETCH (BODY[] {12}\r\nmy\r\nsecret! UID 3)\r\nA1 OK\r\n",
      "C A2 APPEND INBOX () ~{3}\r\n{9} (x)\r\n",
    ]),
    [
      "> A1 APPEND INBOX {7+}",
      "> [7 bytes]",
      "< * 1 FETCH (BODY[] {12}",
      "< [12 bytes]UID 3)",
      "< A1 OK",
      "> A2 APPEND INBOX () ~{3}",
      "> [3 bytes] (x)",
    ],
  );
});

Deno.test.each([
  {
    name: "LOGIN",
    talk: ['C S1 LOGIN "ann" "hunter2"\r\n', "S S1 OK hello\r\n"],
    told: ["> S1 LOGIN ****", "< S1 OK hello"],
  },
  {
    name: "LOGIN with literals",
    talk: [
      "C S1 login {3}\r\n",
      "S + go on\r\n",
      "C ann {7}\r\n",
      "C hunter2\r\n",
      "S S1 NO never\r\n",
    ],
    told: [
      "> S1 login ****",
      "< + ****",
      "> ****",
      "> ****",
      "< S1 NO never",
    ],
  },
  {
    name: "AUTHENTICATE PLAIN with an initial response",
    talk: ["C S1 AUTHENTICATE PLAIN aHVudGVyMg==\r\n", "S S1 OK\r\n"],
    told: ["> S1 AUTHENTICATE PLAIN ****", "< S1 OK"],
  },
  {
    name: "AUTHENTICATE XOAUTH2 that is refused with a challenge",
    talk: [
      "C S1 AUTHENTICATE XOAUTH2\r\n",
      "S + \r\n",
      "C dG9rZW4=\r\n",
      "S + aHVudGVyMg==\r\n",
      "C \r\n",
      "S S1 NO no\r\n",
    ],
    told: [
      "> S1 AUTHENTICATE XOAUTH2",
      "< + ",
      "> ****",
      "< + ****",
      "> ****",
      "< S1 NO no",
    ],
  },
])(
  "WireLog hides what $name carries, and goes on afterwards",
  ({ talk, told }) => {
    const after = ["C A1 NOOP\r\n", "S + idling\r\n", "S A1 OK\r\n"];
    assert.deepEqual(
      logOf([...talk, ...after]),
      [...told, "> A1 NOOP", "< + idling", "< A1 OK"],
    );
  },
);

Deno.test("WireLog cuts what is too long for a log", () => {
  const [line = ""] = logOf(
    [`C A1 UID FETCH ${"1,".repeat(5_000)}2 X\r\n`],
    999,
  );
  assert.equal(line.length, 4_000 + "… (6018 more)".length + 3);
  assert.match(line, /… \(\d+ more\)$/);
});

Deno.test("WireLog says the same whatever the pieces are", () => {
  const talk = [
    "C S1 LOGIN {3+}\r\nann {7+}\r\nhunter2\r\nA1 LIST x *\r\n",
    "S * LIST () {5}\r\nEntw\u00fc\r\nS1 OK\r\n",
  ];
  const whole = logOf(talk, 1_000);
  assert.ok(!whole.join().includes("hunter2"));
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
    assert.deepEqual(logOf(talk, size), whole);
  }));
});
