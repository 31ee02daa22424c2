import assert from "node:assert/strict";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { decodeOne } from "./support.ts";

/** Each response code as the RFCs show it, and its value. */
const CODES: [code: string, value: unknown][] = [
  ["ALERT", { name: "ALERT", text: "" }],
  ["alert", { name: "ALERT", text: "" }],
  ["READ-WRITE", { name: "READ-WRITE", text: "" }],
  ["READ-ONLY", { name: "READ-ONLY", text: "" }],
  ["TRYCREATE", { name: "TRYCREATE", text: "" }],
  ["NOMODSEQ", { name: "NOMODSEQ", text: "" }],
  ["CLOSED", { name: "CLOSED", text: "" }],
  ["ALREADYEXISTS", { name: "ALREADYEXISTS", text: "" }],
  ["NONEXISTENT", { name: "NONEXISTENT", text: "" }],
  ["OVERQUOTA", { name: "OVERQUOTA", text: "" }],
  ["LIMIT", { name: "LIMIT", text: "" }],
  ["THROTTLED", { name: "THROTTLED", text: "" }],
  ["THROTTLED 30", { name: "THROTTLED", text: "30" }],
  ["INUSE", { name: "INUSE", text: "" }],
  ["UNAVAILABLE", { name: "UNAVAILABLE", text: "" }],
  ["AUTHENTICATIONFAILED", { name: "AUTHENTICATIONFAILED", text: "" }],
  ["EXPUNGEISSUED", { name: "EXPUNGEISSUED", text: "" }],
  ["TOOBIG", { name: "TOOBIG", text: "" }],
  ["UIDVALIDITY 3857529045", {
    name: "UIDVALIDITY",
    uidValidity: 3857529045,
  }],
  ["UIDNEXT 4392", { name: "UIDNEXT", uidNext: 4392 }],
  ["UNSEEN 17", { name: "UNSEEN", seq: 17 }],
  ["HIGHESTMODSEQ 715194045007", {
    name: "HIGHESTMODSEQ",
    modSeq: 715194045007n,
  }],
  ["HIGHESTMODSEQ 9223372036854775807", {
    name: "HIGHESTMODSEQ",
    modSeq: 9223372036854775807n,
  }],
  ["PERMANENTFLAGS (\\Deleted \\Seen \\*)", {
    name: "PERMANENTFLAGS",
    flags: ["\\Deleted", "\\Seen", "\\*"],
  }],
  ["PERMANENTFLAGS ()", { name: "PERMANENTFLAGS", flags: [] }],
  ["APPENDUID 38505 3955", {
    name: "APPENDUID",
    uidValidity: 38505,
    uids: UidSet.of(3955),
  }],
  ["APPENDUID 38505 3955:3957", {
    name: "APPENDUID",
    uidValidity: 38505,
    uids: UidSet.range(3955, 3957),
  }],
  ["COPYUID 38505 304,319:320 3956:3958", {
    name: "COPYUID",
    uidValidity: 38505,
    source: [304, 304, 319, 320],
    destination: [3956, 3958],
  }],
  ["MODIFIED 7,9", { name: "MODIFIED", uids: UidSet.of(7, 9) }],
  ["CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN", {
    name: "CAPABILITY",
    capabilities: ["IMAP4REV1", "LITERAL+", "AUTH=PLAIN"],
  }],
  ['BADCHARSET (UTF-8 "ISO-8859-1")', {
    name: "BADCHARSET",
    charsets: ["UTF-8", "ISO-8859-1"],
  }],
  ["BADCHARSET", { name: "BADCHARSET", charsets: [] }],
  ["MAILBOXID (F2212ea87-6097-4256-9d51-71338625)", {
    name: "MAILBOXID",
    mailboxId: "F2212ea87-6097-4256-9d51-71338625",
  }],
  ['X-FOO some (thing) "else"', {
    name: "OTHER",
    atom: "X-FOO",
    text: 'some (thing) "else"',
  }],
  ["", { name: "OTHER", atom: "", text: "" }],
];

for (const [code, value] of CODES) {
  Deno.test(`respText() reads [${code}]`, () => {
    assert.deepEqual(decodeOne(`A1 OK [${code}] Some text`), {
      kind: "tagged",
      tag: "A1",
      status: "OK",
      code: value,
      text: "Some text",
    });
  });
}

/** Known codes whose arguments are nonsense: the status must still count. */
for (
  const code of [
    "UIDVALIDITY 0",
    "UIDVALIDITY 4294967296",
    "UIDVALIDITY x",
    "UIDVALIDITY",
    "UIDNEXT -1",
    "HIGHESTMODSEQ 99999999999999999999",
    "COPYUID 38505 1:3 5:6",
    "COPYUID 38505 1:*",
    "COPYUID 38505  ",
    "APPENDUID 1",
    "APPENDUID 1 *",
    "MODIFIED",
    "PERMANENTFLAGS \\Seen",
    "MAILBOXID NIL",
  ]
) {
  Deno.test(`respText() keeps [${code}] as text`, () => {
    const response = decodeOne(`A1 NO [${code}] Some text`);
    assert.ok(response.kind === "tagged");
    assert.equal(response.status, "NO");
    assert.equal(response.code?.name, "OTHER");
    assert.equal(response.text, "Some text");
  });
}

Deno.test("respText() takes a bracket that does not close as text", () => {
  assert.deepEqual(decodeOne("* NO [oops no end"), {
    kind: "status",
    status: "NO",
    code: undefined,
    text: "[oops no end",
  });
});

Deno.test("respText() takes what looks like a literal as text", () => {
  assert.deepEqual(decodeOne("* OK still here {12}"), {
    kind: "status",
    status: "OK",
    code: undefined,
    text: "still here {12}",
  });
  const tagged = decodeOne("A1 NO [LIMIT] too many (5 of {12}");
  assert.ok(tagged.kind === "tagged" && tagged.text.endsWith("{12}"));
});

Deno.test("respText() reads a literal inside a code", () => {
  assert.deepEqual(decodeOne("A1 NO [BADCHARSET ({5}\r\nUTF-8)] Bad"), {
    kind: "tagged",
    tag: "A1",
    status: "NO",
    code: { name: "BADCHARSET", charsets: ["UTF-8"] },
    text: "Bad",
  });
});

for (
  const [line, status, text] of [
    ["* OK IMAP4rev2 Service Ready", "OK", "IMAP4rev2 Service Ready"],
    [
      "* BYE Autologout; idle for too long",
      "BYE",
      "Autologout; idle for too long",
    ],
    [
      "* PREAUTH IMAP4rev2 server logged in as Smith",
      "PREAUTH",
      "IMAP4rev2 server logged in as Smith",
    ],
    ["* BAD Disk crash", "BAD", "Disk crash"],
    [
      "* NO Disk is 98% full, please delete",
      "NO",
      "Disk is 98% full, please delete",
    ],
    ["* bye", "BYE", ""],
    ["* OK ", "OK", ""],
    ["* OK Gr\xfc\xdfe", "OK", "Gr\udcfc\udcdfe"],
  ] as const
) {
  Deno.test(`respCond() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(decodeOne(line), {
      kind: "status",
      status,
      code: undefined,
      text,
    });
  });
}

for (
  const [line, text] of [
    [
      "+ Ready for additional command text",
      "Ready for additional command text",
    ],
    ["+ ", ""],
    ["+", ""],
    [
      "+ YGgGCSqGSIb3EgECAgIAb1kwV6ADAgEFoQ==",
      "YGgGCSqGSIb3EgECAgIAb1kwV6ADAgEFoQ==",
    ],
    ["+ go {5}", "go {5}"],
  ] as const
) {
  Deno.test(`continue-req ${JSON.stringify(line)} gives its text`, () => {
    assert.deepEqual(decodeOne(line), { kind: "continuation", text });
  });
}

for (
  const line of [
    "",
    " ",
    "*",
    "* ",
    "A1",
    "A1 ",
    "A1 MAYBE really",
    "A1 OKAY really",
    "A1 BYE",
    "(A1) OK",
    "*OK",
    "**",
    "\x00",
  ]
) {
  Deno.test(`response refuses ${JSON.stringify(line)}`, () => {
    const response = decodeOne(line);
    assert.ok(response.kind === "malformed");
    assert.equal(response.error.name, "WireError");
  });
}

Deno.test("Malformed tells the tag when a command's end cannot be read", () => {
  const response = decodeOne("A7 OK[oops");
  assert.ok(response.kind === "malformed");
  assert.equal(response.tag, "A7");
});
