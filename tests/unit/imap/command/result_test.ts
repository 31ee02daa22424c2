import assert from "node:assert/strict";
import { append } from "../../../../src/imap/command/append.ts";
import type { Command } from "../../../../src/imap/command/command.ts";
import { copy, pairCopyUid } from "../../../../src/imap/command/copy.ts";
import { list } from "../../../../src/imap/command/list.ts";
import { move } from "../../../../src/imap/command/move.ts";
import { search } from "../../../../src/imap/command/search.ts";
import { select } from "../../../../src/imap/command/select.ts";
import { status } from "../../../../src/imap/command/status.ts";
import { store } from "../../../../src/imap/command/store.ts";
import { ResponseError } from "../../../../src/imap/connection_error.ts";
import type { UntaggedResponse } from "../../../../src/imap/wire/response.ts";
import type { UidValidity } from "../../../../src/imap/wire/types.ts";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { FakeServer } from "../fake_server.ts";

/** The result of `command` when the server says `lines`; `TAG` becomes its tag. */
async function run<T>(
  command: Command<T>,
  lines: string[],
  news: UntaggedResponse[] = [],
): Promise<T> {
  const server = new FakeServer(
    ({ tag }) =>
      lines.map((line) => line.replaceAll(/(?<!\()TAG/g, tag) + "\r\n").join(
        "",
      ),
    {
      capabilities: ["LITERAL+", "ESEARCH"],
      enabled: ["QRESYNC"],
      onUntagged: (response) => news.push(response),
    },
  );
  try {
    return await server.connection.execute(command);
  } finally {
    server.connection.destroy();
  }
}

// RFC 7162 §3.1.1 and RFC 9051 §6.3.2, put together.
const SELECTED = [
  "* 172 EXISTS",
  "* 1 RECENT",
  "* OK [UNSEEN 12] Message 12 is first unseen",
  "* OK [UIDVALIDITY 3857529045] UIDs valid",
  "* OK [UIDNEXT 4392] Predicted next UID",
  "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
  "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited",
  '* LIST () "/" INBOX',
  "* OK [HIGHESTMODSEQ 715194045007]",
  "* OK [MAILBOXID (F2212ea87)] Ok",
];

Deno.test("select() gathers what is told of the mailbox", async () => {
  const news: UntaggedResponse[] = [];
  const result = await run(
    select("INBOX"),
    [...SELECTED, "TAG OK [READ-WRITE] SELECT completed"],
    news,
  );
  assert.deepEqual(result, {
    readOnly: false,
    exists: 172,
    recent: 1,
    flags: ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"],
    permanentFlags: ["\\Deleted", "\\Seen", "\\*"],
    uidValidity: 3857529045,
    uidNext: 4392,
    highestModSeq: 715194045007n,
    mailboxId: "F2212ea87",
    uidNotSticky: false,
    vanished: UidSet.EMPTY,
    changed: [],
  });
  assert.deepEqual(news, []);
});

Deno.test("select() tells when it got less than it asked for", async () => {
  const result = await run(select("x"), [
    "* OK [NOMODSEQ] Sorry",
    "* NO [UIDNOTSTICKY] Non-persistent UIDs",
    "TAG OK [READ-ONLY] done",
  ]);
  assert.equal(result.readOnly, true);
  assert.equal(result.uidNotSticky, true);
  assert.equal(result.highestModSeq, undefined);
  assert.equal(result.permanentFlags, undefined);
  assert.equal(result.uidValidity, undefined);
});

Deno.test("select() is read-only after EXAMINE whatever the server says", async () => {
  const result = await run(select("x", { readOnly: true }), ["TAG OK done"]);
  assert.equal(result.readOnly, true);
});

Deno.test("select() with QRESYNC gathers what changed", async () => {
  // RFC 7162 §3.2.5.2, and news of the mailbox that was open before.
  const news: UntaggedResponse[] = [];
  const qresync = { uidValidity: 67890007, modSeq: 90060115194045000n };
  const result = await run(select("INBOX", { qresync }), [
    "* VANISHED (EARLIER) 1:9",
    "* 5 EXISTS",
    "* OK [CLOSED] Previous mailbox is closed",
    "* 314 EXISTS",
    "* OK [UIDVALIDITY 67890007] UIDVALIDITY",
    "* OK [HIGHESTMODSEQ 90060128194045027] Highest",
    "* VANISHED (EARLIER) 41,43:116",
    "* VANISHED (EARLIER) 118,120:211",
    "* 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (90060115194045001))",
    "* 50 FETCH (UID 119 FLAGS (\\Draft $MDNSent) MODSEQ (90060115194045308))",
    "* 51 FETCH (FLAGS ())",
    "* VANISHED 500",
    "TAG OK [READ-WRITE] mailbox selected",
  ], news);
  assert.equal(result.exists, 314);
  assert.equal(String(result.vanished), "41,43:116,118,120:211");
  assert.deepEqual(result.changed.map(({ uid }) => uid), [117, 119]);
  assert.deepEqual(news.map(({ kind }) => kind), ["fetch", "vanished"]);
});

Deno.test("select() leaves alerts and odd statuses to others", async () => {
  const news: UntaggedResponse[] = [];
  await run(select("x"), [
    "* OK [ALERT] maintenance at noon",
    "* NO disk nearly full",
    "TAG OK done",
  ], news);
  assert.equal(news.length, 2);
});

Deno.test("list() gathers mailboxes and their numbers", async () => {
  // RFC 5819 §2, its last mailbox cannot be selected.
  const { mailboxes, statuses } = await run(list({ status: ["MESSAGES"] }), [
    '* LIST () "." "INBOX"',
    '* STATUS "INBOX" (MESSAGES 17 UNSEEN 16)',
    '* LIST () "." "foo"',
    '* STATUS "foo" (MESSAGES 30 UNSEEN 29)',
    '* LIST (\\NoSelect) "." "bar"',
    "TAG OK List completed.",
  ]);
  assert.deepEqual(mailboxes.map(({ name }) => name), ["INBOX", "foo", "bar"]);
  assert.deepEqual([...statuses.keys()], ["INBOX", "foo"]);
  assert.equal(statuses.get("foo")?.messages, 30);
});

Deno.test("status() takes only its own mailbox, INBOX in any case", async () => {
  const news: UntaggedResponse[] = [];
  const result = await run(status("inbox", ["MESSAGES"]), [
    "* STATUS other (MESSAGES 1)",
    "* STATUS INBOX (MESSAGES 2)",
    "TAG OK",
  ], news);
  assert.equal(result?.messages, 2);
  assert.equal(news.length, 1);
});

Deno.test("status() says so when the server told nothing", async () => {
  assert.equal(await run(status("x", ["MESSAGES"]), ["TAG OK"]), undefined);
});

Deno.test("search() gives what ESEARCH told", async () => {
  const result = await run(search({}, { return: ["ALL", "COUNT"] }), [
    '* ESEARCH (TAG "TAG") UID ALL 1:3,5 COUNT 4 MODSEQ 1236',
    "TAG OK",
  ]);
  assert.equal(String(result.uids), "1:3,5");
  assert.equal(result.count, 4);
  assert.equal(result.min, 1);
  assert.equal(result.max, 5);
  assert.equal(result.modSeq, 1236n);
});

Deno.test("search() finds nothing when ESEARCH has no ALL", async () => {
  const result = await run(search(), ['* ESEARCH (TAG "TAG") UID', "TAG OK"]);
  assert.equal(result.uids?.isEmpty, true);
  assert.equal(result.count, 0);
  assert.equal(result.min, undefined);
});

Deno.test("search() does not conclude that there are none from a count of some", async () => {
  const result = await run(search({}, { return: ["ALL", "COUNT"] }), [
    '* ESEARCH (TAG "TAG") UID COUNT 5',
    "TAG OK",
  ]);
  assert.equal(result.uids, undefined);
  assert.equal(result.count, 5);
});

Deno.test("search() for a count alone has no UIDs", async () => {
  const result = await run(search({}, { return: ["COUNT"] }), [
    '* ESEARCH (TAG "TAG") UID COUNT 17',
    "TAG OK",
  ]);
  assert.equal(result.uids, undefined);
  assert.equal(result.count, 17);
});

Deno.test("search() leaves the answer to another command alone", async () => {
  const news: UntaggedResponse[] = [];
  const result = await run(search(), [
    '* ESEARCH (TAG "Z9") UID ALL 7',
    '* ESEARCH (TAG "TAG") UID ALL 8',
    "TAG OK",
  ], news);
  assert.equal(String(result.uids), "8");
  assert.equal(news.length, 1);
});

Deno.test("search() joins plain answers and counts them", async () => {
  const result = await run(search(), [
    "* SEARCH 5 3",
    "* SEARCH 4 9 (MODSEQ 12)",
    "TAG OK",
  ]);
  assert.equal(String(result.uids), "3:5,9");
  assert.equal(result.count, 4);
  assert.equal(result.modSeq, 12n);
});

Deno.test("search() takes an OK alone for no answer, not for none found", async () => {
  const result = await run(search(), ["TAG OK"]);
  assert.equal(result.uids, undefined);
  assert.equal(result.count, undefined);
});

const uids = UidSet.range(1, 9);

Deno.test("store() tells what was left alone and what was said", async () => {
  const news: UntaggedResponse[] = [];
  const result = await run(
    store({ uids, action: "add", values: ["\\Seen"], unchangedSince: 5n }),
    [
      "* 1 FETCH (UID 4 MODSEQ (12121231000))",
      "* 7 FETCH (UID 77 FLAGS ())",
      "TAG OK [MODIFIED 7,9] Conditional STORE failed",
    ],
    news,
  );
  assert.equal(String(result.modified), "7,9");
  assert.deepEqual(result.rows.map(({ uid }) => uid), [4]);
  assert.equal(result.refusal, undefined);
  assert.equal(news.length, 1);
});

Deno.test("store() takes a NO with MODIFIED for a result", async () => {
  // RFC 7162 §3.1.3, example 8.
  const result = await run(
    store({ uids, action: "add", values: ["a"], unchangedSince: 5n }),
    ["TAG NO [MODIFIED 2] Some of the messages no longer exist."],
  );
  assert.equal(String(result.modified), "2");
  assert.equal(result.refusal?.status, "NO");
});

Deno.test("store() rejects after any other NO", async () => {
  await assert.rejects(
    run(store({ uids, action: "add", values: ["a"] }), ["TAG NO read-only"]),
    ResponseError,
  );
});

const data = new Uint8Array(3);

Deno.test("append() gives the new UID", async () => {
  const result = await run(append("x", { data }), [
    "* 9 EXISTS",
    "TAG OK [APPENDUID 38505 3955] APPEND completed",
  ]);
  assert.deepEqual(result, { uidValidity: 38505, uid: 3955 });
});

for (
  const code of [
    "",
    "[APPENDUID 38505 3955:3957]",
    "[APPENDUID 0 5]",
    "[ALERT]",
  ]
) {
  Deno.test(`append() does not guess a UID from "${code}"`, async () => {
    const result = await run(append("x", { data }), [`TAG OK ${code} done`]);
    assert.equal(result, undefined);
  });
}

Deno.test("copy() pairs old and new UIDs", async () => {
  const result = await run(copy(UidSet.range(300, 330), "x"), [
    "TAG OK [COPYUID 38505 304,319:320 3956:3958] Done",
  ]);
  assert.equal(result.uidValidity, 38505);
  assert.deepEqual([...result.uids], [[304, 3956], [319, 3957], [320, 3958]]);
});

Deno.test("copy() knows nothing without UIDPLUS", async () => {
  const result = await run(copy(uids, "x"), ["TAG OK done"]);
  assert.equal(result.uidValidity, undefined);
  assert.equal(result.uids.size, 0);
});

Deno.test("copy() does not believe in UIDs it did not ask for", async () => {
  const result = await run(copy(uids, "x"), [
    "TAG OK [COPYUID 1 1:4294967295 1:4294967295] Done",
  ]);
  assert.equal(result.uids.size, 0);
});

Deno.test("move() takes COPYUID before its end, and EXPUNGE goes to others", async () => {
  // RFC 6851 §4.3.
  const news: UntaggedResponse[] = [];
  const result = await run(move(UidSet.range(42, 69), "foo"), [
    "* OK [COPYUID 432432 42:69 1202:1229]",
    "* 22 EXPUNGE",
    "* VANISHED 43",
    "TAG OK Done",
  ], news);
  assert.equal(result.uids.size, 28);
  assert.equal(new Map<number, number>(result.uids).get(69), 1229);
  assert.deepEqual(news.map(({ kind }) => kind), ["expunge", "vanished"]);
});

Deno.test("move() leaves another's COPYUID alone", async () => {
  const news: UntaggedResponse[] = [];
  const result = await run(move(UidSet.range(1, 3), "foo"), [
    "* OK [COPYUID 7 9 100]",
    "* OK [COPYUID 7 1:3 4:6]",
    "TAG OK Done",
  ], news);
  assert.equal(result.uids.size, 3);
  assert.equal(news.length, 1);
});

Deno.test("pairCopyUid() pairs in the order given", () => {
  const uidValidity = 1 as UidValidity;
  const pairs = pairCopyUid({
    uidValidity,
    source: [7, 7, 3, 4],
    destination: [10, 12],
  });
  assert.deepEqual([...pairs], [[7, 10], [3, 11], [4, 12]]);
});
