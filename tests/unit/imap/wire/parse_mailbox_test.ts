import assert from "node:assert/strict";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { decodeOne } from "./support.ts";

function list(fields: Record<string, unknown>): unknown {
  return {
    kind: "list",
    command: "LIST",
    attributes: [],
    delimiter: "/",
    oldName: undefined,
    childInfo: [],
    ...fields,
  };
}

const LISTS: [line: string, value: unknown][] = [
  // RFC 3501 §6.3.8.
  [
    '* LIST (\\Noselect) "/" ""',
    list({ attributes: ["\\Noselect"], name: "" }),
  ],
  [
    '* LIST (\\Noselect) "." #news.',
    list({ attributes: ["\\Noselect"], delimiter: ".", name: "#news." }),
  ],
  ['* LIST () "/" ~/Mail/foo', list({ name: "~/Mail/foo" })],
  [
    '* LSUB () "." #news.comp.mail.mime',
    list({
      command: "LSUB",
      delimiter: ".",
      name: "#news.comp.mail.mime",
    }),
  ],
  [
    '* XLIST (\\HasNoChildren \\Inbox) "/" "Inbox"',
    list({
      command: "XLIST",
      attributes: ["\\HasNoChildren", "\\Inbox"],
      name: "Inbox",
    }),
  ],
  ["* LIST () NIL flat", list({ delimiter: undefined, name: "flat" })],
  ['* LIST () "" flat', list({ delimiter: undefined, name: "flat" })],
  ['* LIST () "\\\\" a\\b', list({ delimiter: "\\", name: "a\\b" })],
  [
    '* list (\\marked) "/" inbox',
    list({
      attributes: ["\\marked"],
      name: "inbox",
    }),
  ],
  [
    '* LIST () "/" "a \\"quoted\\" \\\\name"',
    list({
      name: 'a "quoted" \\name',
    }),
  ],
  ['* LIST () "/" {8}\r\na"b\\c\r\nd', list({ name: 'a"b\\c\r\nd' })],
  ['* LIST () "/" {0}\r\n', list({ name: "" })],
  ['* LIST () "/" "Entw\xc3\xbcrfe"', list({ name: "Entwürfe" })],
  ['* LIST () "/" "Entw\xfcrfe"', list({ name: "Entw\udcfcrfe" })],
  ['* LIST () "/" Entw&APw-rfe', list({ name: "Entw&APw-rfe" })],
  ['* LIST () "/" 100%*', list({ name: "100%*" })],
  ['* LIST () "/" NIL', list({ name: "NIL" })],
  // RFC 5258 §8.
  [
    '* LIST (\\Subscribed \\NonExistent) "/" "Fruit/Peach"',
    list({
      attributes: ["\\Subscribed", "\\NonExistent"],
      name: "Fruit/Peach",
    }),
  ],
  [
    '* LIST () "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))',
    list({
      name: "Foo",
      childInfo: ["SUBSCRIBED"],
    }),
  ],
  [
    '* LIST () "/" "foo2" ("CHILDINFO" ("SUBSCRIBED") "tablecloth" ("edge" "lacy"))',
    list({
      name: "foo2",
      childInfo: ["SUBSCRIBED"],
    }),
  ],
  // RFC 9051 §6.3.9.7.
  [
    '* LIST () "/" "NewMailbox" ("OLDNAME" ("OldMailbox"))',
    list({
      name: "NewMailbox",
      oldName: "OldMailbox",
    }),
  ],
  ['* LIST () "/" x ', list({ name: "x" })],
];

for (const [line, value] of LISTS) {
  Deno.test(`mailboxList() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(decodeOne(line), value);
  });
}

function status(fields: Record<string, unknown>): unknown {
  return {
    kind: "mailbox-status",
    messages: undefined,
    recent: undefined,
    unseen: undefined,
    deleted: undefined,
    uidNext: undefined,
    uidValidity: undefined,
    highestModSeq: undefined,
    sizeBytes: undefined,
    appendLimit: undefined,
    mailboxId: undefined,
    ...fields,
  };
}

const STATUSES: [line: string, value: unknown][] = [
  [
    "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
    status({ name: "blurdybloop", messages: 231, uidNext: 44292 }),
  ],
  [
    "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 UIDVALIDITY 7 HIGHESTMODSEQ 7011231777)",
    status({
      name: "blurdybloop",
      messages: 231,
      uidNext: 44292,
      uidValidity: 7,
      highestModSeq: 7011231777n,
    }),
  ],
  [
    '* STATUS "foo" (RECENT 1 UNSEEN 2 DELETED 3 SIZE 1099511627776 APPENDLIMIT 257890)',
    status({
      name: "foo",
      recent: 1,
      unseen: 2,
      deleted: 3,
      sizeBytes: 1099511627776,
      appendLimit: 257890,
    }),
  ],
  ["* STATUS foo (APPENDLIMIT NIL)", status({ name: "foo" })],
  [
    "* STATUS foo (MAILBOXID (F2212ea87-6097-4256-9d51-71338625))",
    status({ name: "foo", mailboxId: "F2212ea87-6097-4256-9d51-71338625" }),
  ],
  ["* STATUS foo ()", status({ name: "foo" })],
  ["* STATUS foo (UIDVALIDITY 0 UIDNEXT 0)", status({ name: "foo" })],
  [
    '* STATUS foo (X-NEW ("a" (b 3)) MESSAGES 1 )',
    status({ name: "foo", messages: 1 }),
  ],
  ["* STATUS {3}\r\na b (MESSAGES 1)", status({ name: "a b", messages: 1 })],
];

for (const [line, value] of STATUSES) {
  Deno.test(`mailboxStatus() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(decodeOne(line), value);
  });
}

const OTHERS: [line: string, value: unknown][] = [
  ["* SEARCH 2 84 882", {
    kind: "search",
    uids: UidSet.of(2, 84, 882),
    modSeq: undefined,
  }],
  ["* SEARCH", { kind: "search", uids: UidSet.EMPTY, modSeq: undefined }],
  ["* SEARCH ", { kind: "search", uids: UidSet.EMPTY, modSeq: undefined }],
  ["* SEARCH 2 5 6 7 11 12 18 19 20 23 (MODSEQ 917162500)", {
    kind: "search",
    uids: UidSet.parse("2,5:7,11:12,18:20,23"),
    modSeq: 917162500n,
  }],
  ["* SEARCH 9 3 4", {
    kind: "search",
    uids: UidSet.parse("3:4,9"),
    modSeq: undefined,
  }],
  // RFC 4731 §3.1 and §3.2.
  [
    '* ESEARCH (TAG "A282") MIN 2 COUNT 3',
    esearch({
      tag: "A282",
      min: 2,
      count: 3,
    }),
  ],
  [
    '* ESEARCH (TAG "A285") UID MIN 7 MAX 3800',
    esearch({
      tag: "A285",
      isUid: true,
      min: 7,
      max: 3800,
    }),
  ],
  [
    '* ESEARCH (TAG "A283") ALL 2,10:11',
    esearch({
      tag: "A283",
      all: UidSet.parse("2,10:11"),
    }),
  ],
  [
    '* ESEARCH (TAG "C282") UID ALL 1:3,5 COUNT 4 MODSEQ 1236',
    esearch({
      tag: "C282",
      isUid: true,
      all: UidSet.parse("1:3,5"),
      count: 4,
      modSeq: 1236n,
    }),
  ],
  ["* ESEARCH UID", esearch({ isUid: true })],
  ["* ESEARCH", esearch({})],
  [
    '* ESEARCH (TAG "A1") UID PARTIAL (1:100 1,2) COUNT 5',
    esearch({
      tag: "A1",
      isUid: true,
      count: 5,
    }),
  ],
  ["* VANISHED (EARLIER) 41,43:116,118,120:211,214:540", {
    kind: "vanished",
    earlier: true,
    uids: UidSet.parse("41,43:116,118,120:211,214:540"),
  }],
  ["* VANISHED 405,407,410,425", {
    kind: "vanished",
    earlier: false,
    uids: UidSet.of(405, 407, 410, 425),
  }],
  ["* FLAGS (\\Answered \\Seen NonJunk $Forwarded)", {
    kind: "flags",
    flags: ["\\Answered", "\\Seen", "NonJunk", "$Forwarded"],
  }],
  ["* FLAGS ()", { kind: "flags", flags: [] }],
  ["* 172 EXISTS", { kind: "exists", count: 172 }],
  ["* 0 EXISTS", { kind: "exists", count: 0 }],
  ["* 5 RECENT", { kind: "recent", count: 5 }],
  ["* 44 EXPUNGE", { kind: "expunge", seq: 44 }],
  ["* CAPABILITY IMAP4rev1 STARTTLS AUTH=GSSAPI XPIG-LATIN", {
    kind: "capability",
    capabilities: ["IMAP4REV1", "STARTTLS", "AUTH=GSSAPI", "XPIG-LATIN"],
  }],
  ["* ENABLED CONDSTORE QRESYNC", {
    kind: "enabled",
    capabilities: ["CONDSTORE", "QRESYNC"],
  }],
  ["* ENABLED", { kind: "enabled", capabilities: [] }],
  // RFC 2342 §5.
  ['* NAMESPACE (("" "/")) NIL NIL', {
    kind: "namespace",
    personal: [{ prefix: "", delimiter: "/" }],
    others: [],
    shared: [],
  }],
  ['* NAMESPACE (("INBOX." ".")) (("~" "/")) (("#shared/" "/")("#ftp/" "/"))', {
    kind: "namespace",
    personal: [{ prefix: "INBOX.", delimiter: "." }],
    others: [{ prefix: "~", delimiter: "/" }],
    shared: [
      { prefix: "#shared/", delimiter: "/" },
      { prefix: "#ftp/", delimiter: "/" },
    ],
  }],
  ['* NAMESPACE (("" NIL "X-PARAM" ("FLAG1" "FLAG2"))) NIL NIL', {
    kind: "namespace",
    personal: [{ prefix: "", delimiter: undefined }],
    others: [],
    shared: [],
  }],
  ['* ID ("name" "Cyrus" "VERSION" "1.5" "os" NIL)', {
    kind: "id",
    fields: new Map<string, string | undefined>([
      ["name", "Cyrus"],
      ["version", "1.5"],
      ["os", undefined],
    ]),
  }],
  ["* ID NIL", { kind: "id", fields: new Map() }],
  ['* QUOTAROOT INBOX ""', {
    kind: "other",
    name: "QUOTAROOT",
    text: 'INBOX ""',
  }],
  ["* X-NEWS 5% (of what", {
    kind: "other",
    name: "X-NEWS",
    text: "5% (of what",
  }],
  ["* 7 X-NUMBERED a", { kind: "other", name: "7 X-NUMBERED", text: "a" }],
  ["* METADATA x (/a {3}\r\nabc)", {
    kind: "other",
    name: "METADATA",
    text: "x (/a {3}",
  }],
];

function esearch(fields: Record<string, unknown>): unknown {
  return {
    kind: "esearch",
    tag: undefined,
    isUid: false,
    all: undefined,
    count: undefined,
    min: undefined,
    max: undefined,
    modSeq: undefined,
    ...fields,
  };
}

for (const [line, value] of OTHERS) {
  Deno.test(`responseData() reads ${JSON.stringify(line)}`, () => {
    assert.deepEqual(decodeOne(line), value);
  });
}

for (
  const line of [
    "* LIST",
    "* LIST ()",
    '* LIST () "/"',
    '* LIST () "/" ',
    '* LIST "/" x',
    '* LIST (\\Noselect "/" x',
    '* LIST () "/" "x',
    '* LIST () "/" x y',
    '* LIST () "/" x (',
    '* LIST () "/" x ("OLDNAME")',
    "* STATUS",
    "* STATUS x",
    "* STATUS x (MESSAGES)",
    "* STATUS x (MESSAGES many)",
    "* STATUS x (MESSAGES 1",
    "* STATUS x (MESSAGES -1)",
    "* STATUS x (MESSAGES 99999999999999999999)",
    "* SEARCH x",
    "* SEARCH 1 0",
    "* SEARCH 1,2",
    "* SEARCH 1 (MODSEQ)",
    "* SEARCH 4294967296",
    "* ESEARCH (TAG",
    "* ESEARCH UID ALL",
    "* ESEARCH UID ALL 1:*",
    "* ESEARCH UID COUNT x",
    "* VANISHED",
    "* VANISHED (LATER) 5",
    "* VANISHED (EARLIER) ",
    "* VANISHED 1:*",
    "* VANISHED 5,",
    "* FLAGS",
    "* FLAGS (",
    "* FLAGS (\\)",
    "* FLAGS (a) b",
    "* EXISTS",
    "* -1 EXISTS",
    "* 1 EXISTS 2",
    "* 0 EXPUNGE",
    "* 99999999999999999999 EXISTS",
    "* NAMESPACE",
    "* NAMESPACE NIL NIL",
    '* NAMESPACE (("")) NIL NIL',
    "* ID",
    '* ID ("name")',
    "* 12",
    "* 12 ",
    "* (a)",
  ]
) {
  Deno.test(`responseData() refuses ${JSON.stringify(line)}`, () => {
    const response = decodeOne(line);
    assert.equal(response.kind, "malformed");
  });
}
