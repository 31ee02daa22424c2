import assert from "node:assert/strict";
import { append } from "../../../../src/imap/command/append.ts";
import { capability } from "../../../../src/imap/command/capability.ts";
import { unselect } from "../../../../src/imap/command/unselect.ts";
import type { Command } from "../../../../src/imap/command/command.ts";
import { copy } from "../../../../src/imap/command/copy.ts";
import { create } from "../../../../src/imap/command/create.ts";
import { deleteMailbox } from "../../../../src/imap/command/delete_mailbox.ts";
import { enable } from "../../../../src/imap/command/enable.ts";
import { expunge, uidExpunge } from "../../../../src/imap/command/expunge.ts";
import { list, lsub } from "../../../../src/imap/command/list.ts";
import { logout } from "../../../../src/imap/command/logout.ts";
import { move } from "../../../../src/imap/command/move.ts";
import { noop } from "../../../../src/imap/command/noop.ts";
import { notify } from "../../../../src/imap/command/notify.ts";
import { search } from "../../../../src/imap/command/search.ts";
import { select } from "../../../../src/imap/command/select.ts";
import { status } from "../../../../src/imap/command/status.ts";
import { store } from "../../../../src/imap/command/store.ts";
import { subscribe } from "../../../../src/imap/command/subscribe.ts";
import { CommandEncoder } from "../../../../src/imap/wire/encoder.ts";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";

/** What a server with everything gets of a command; literals as `{n}text`. */
function encoded(
  command: Command<unknown>,
  capabilities: string[] = ["LITERAL+", "ESEARCH"],
  enabled: string[] = ["QRESYNC"],
): string {
  const encoder = new CommandEncoder({
    capabilities: new Set(capabilities),
    enabled: new Set(enabled),
  });
  command.encode(encoder);
  return encoder.finish().map((part) => {
    if (part instanceof Uint8Array) return new TextDecoder().decode(part);
    assert.ok(part.data instanceof Uint8Array);
    const text = new TextDecoder().decode(part.data);
    return `${part.binary ? "~" : ""}{${part.size}}${text}`;
  }).join("");
}

const uids = UidSet.parse("1:3,5");
const data = new TextEncoder().encode("hi");

const COMMANDS: [command: Command<unknown>, text: string][] = [
  [capability(), "CAPABILITY"],
  [noop(), "NOOP"],
  [logout(), "LOGOUT"],
  [unselect(), "UNSELECT"],
  [enable(["CONDSTORE", "X-GOOD-IDEA"]), "ENABLE CONDSTORE X-GOOD-IDEA"],
  [select("INBOX"), "SELECT INBOX"],
  [select("a b", { readOnly: true }), 'EXAMINE "a b"'],
  [select("x", { condstore: true }), "SELECT x (CONDSTORE)"],
  [
    select("x", {
      qresync: { uidValidity: 67890007, modSeq: 20050715194045000n },
    }),
    "SELECT x (QRESYNC (67890007 20050715194045000))",
  ],
  [
    select("x", {
      qresync: {
        uidValidity: 67890007,
        modSeq: 90060115194045000n,
        knownUids: UidSet.parse("41:211,214:541"),
      },
      condstore: true,
    }),
    "SELECT x (QRESYNC (67890007 90060115194045000 41:211,214:541))",
  ],
  [
    select("x", {
      qresync: { uidValidity: 1, modSeq: 1n, knownUids: UidSet.EMPTY },
    }),
    "SELECT x (QRESYNC (1 1))",
  ],
  [list(), 'LIST "" "*"'],
  [list({ reference: "a/", patterns: ["%"] }), 'LIST "a/" "%"'],
  [
    list({ patterns: ["INBOX", "a*"], select: ["SUBSCRIBED"] }),
    'LIST (SUBSCRIBED) "" ("INBOX" "a*")',
  ],
  [
    list({
      return: ["SUBSCRIBED", "SPECIAL-USE"],
      status: ["MESSAGES", "HIGHESTMODSEQ"],
    }),
    'LIST "" "*" RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES HIGHESTMODSEQ))',
  ],
  [lsub("", "%"), 'LSUB "" "%"'],
  [status('x"y', ["UIDNEXT", "SIZE"]), 'STATUS "x\\"y" (UIDNEXT SIZE)'],
  [create("new"), "CREATE new"],
  [create("new", { specialUse: ["\\Sent"] }), "CREATE new (USE (\\Sent))"],
  [deleteMailbox("old"), "DELETE old"],
  [subscribe("a"), "SUBSCRIBE a"],
  [expunge(), "EXPUNGE"],
  [uidExpunge(uids), "UID EXPUNGE 1:3,5"],
  [copy(uids, "a b"), 'UID COPY 1:3,5 "a b"'],
  [move(uids, "a b"), 'UID MOVE 1:3,5 "a b"'],
  [
    store({ uids, action: "add", values: ["\\Seen", "$a"] }),
    "UID STORE 1:3,5 +FLAGS.SILENT (\\Seen $a)",
  ],
  [
    store({ uids, action: "remove", values: [], silent: false }),
    "UID STORE 1:3,5 -FLAGS ()",
  ],
  [
    store({ uids, action: "replace", values: ["a"], unchangedSince: 12n }),
    "UID STORE 1:3,5 (UNCHANGEDSINCE 12) FLAGS.SILENT (a)",
  ],
  [
    store({
      uids,
      action: "add",
      item: "X-GM-LABELS",
      values: ["\\Inbox", "Muy Importante", "a"],
    }),
    'UID STORE 1:3,5 +X-GM-LABELS.SILENT (\\Inbox "Muy Importante" a)',
  ],
  [append("x", { data }), "APPEND x {2}hi"],
  [
    append("x", {
      data,
      flags: ["\\Seen"],
      internalDate: { epochMs: 0, zoneMinutes: -30 },
    }),
    'APPEND x (\\Seen) "31-Dec-1969 23:30:00 -0030" {2}hi',
  ],
  [append("x", { data, binary: true }), "APPEND x ~{2}hi"],
  [append("x", { data, utf8: true }), "APPEND x UTF8 (~{2}hi)"],
  [notify([]), "NOTIFY NONE"],
  [
    notify([
      {
        filter: "selected-delayed",
        events: ["MessageNew", "MessageExpunge", "FlagChange"],
        newMessage: ["FLAGS"],
      },
      { filter: "personal", events: ["MessageNew", "MessageExpunge"] },
      { filter: { mailboxes: ["a b", "c"] }, events: [] },
      { filter: { subtree: ["Lists"] }, events: ["MailboxName"] },
    ], { status: true }),
    "NOTIFY SET STATUS " +
    "(selected-delayed (MessageNew (FLAGS) MessageExpunge FlagChange)) " +
    "(personal (MessageNew MessageExpunge)) " +
    '(mailboxes ("a b" c) NONE) (subtree (Lists) (MailboxName))',
  ],
  [search(), "UID SEARCH RETURN (ALL) ALL"],
  [
    search({ uids, deleted: false, seen: true }, { return: ["COUNT", "MAX"] }),
    "UID SEARCH RETURN (COUNT MAX) UID 1:3,5 UNDELETED SEEN",
  ],
  [
    search({
      since: { year: 2026, month: 2, day: 1 },
      before: { year: 2026, month: 12, day: 31 },
      on: { year: 2026, month: 3, day: 3 },
      sentSince: { year: 1994, month: 2, day: 1 },
      sentBefore: { year: 1995, month: 2, day: 1 },
      larger: 10,
      smaller: 20,
    }),
    "UID SEARCH RETURN (ALL) SINCE 1-Feb-2026 BEFORE 31-Dec-2026 ON 3-Mar-2026 " +
    "SENTSINCE 1-Feb-1994 SENTBEFORE 1-Feb-1995 LARGER 10 SMALLER 20",
  ],
  [
    search({
      headers: [["Message-ID", "<a@b>"], ["X-Empty", ""]],
      keywords: ["$a"],
      modSeq: 620162338n,
      emailId: "M1",
    }),
    'UID SEARCH RETURN (ALL) KEYWORD $a HEADER Message-ID "<a@b>" ' +
    'HEADER X-Empty "" MODSEQ 620162338 EMAILID M1',
  ],
  [
    search({
      not: [{ flagged: true, draft: true }],
      or: [{ answered: true }, {}],
      raw: "OLDER 86400",
    }),
    "UID SEARCH RETURN (ALL) NOT (DRAFT FLAGGED) OR (ANSWERED) (ALL) OLDER 86400",
  ],
  [
    search({ headers: [["Subject", "Grüße"]], gmailMessageId: "12" }),
    "UID SEARCH RETURN (ALL) CHARSET UTF-8 HEADER Subject {7}Grüße X-GM-MSGID 12",
  ],
  [
    search({ not: [{ gmailRaw: "has:ß" }] }),
    "UID SEARCH RETURN (ALL) CHARSET UTF-8 NOT (X-GM-RAW {6}has:ß)",
  ],
];

for (const [command, text] of COMMANDS) {
  Deno.test(`${command.name} is written as ${text}`, () => {
    assert.equal(encoded(command), text);
  });
}

Deno.test("search() is plain where ESEARCH is not offered", () => {
  assert.equal(
    encoded(search({ seen: true }, { return: ["COUNT"] }), []),
    "UID SEARCH SEEN",
  );
});

Deno.test("search() names no charset once UTF-8 is enabled", () => {
  assert.equal(
    encoded(search({ headers: [["Subject", "ß"]] }), [], ["UTF8=ACCEPT"]),
    'UID SEARCH HEADER Subject "ß"',
  );
});

/** What must never reach a server. */
const REFUSED: [what: string, command: () => Command<unknown>][] = [
  [
    "QRESYNC that is not enabled",
    () => select("x", { qresync: { uidValidity: 1, modSeq: 1n } }),
  ],
  ["an empty set of UIDs", () => uidExpunge(UidSet.EMPTY)],
  ["a copy without end", () => copy(UidSet.ALL, "x")],
  [
    "a flag with a blank",
    () => store({ uids, action: "add", values: ["a b"] }),
  ],
  ["a mailbox name with NUL", () => select("a\0b")],
  [
    "a day that does not exist",
    () => search({ since: { year: 2026, month: 2, day: 30 } }),
  ],
  ["a capability with a line end", () => enable(["A\r\nA2 LOGOUT"])],
  ["raw criteria with a line end", () => search({ raw: "ALL\r\nA2 LOGOUT" })],
  [
    "no mailboxes to be told of",
    () => notify([{ filter: { mailboxes: [] }, events: [] }]),
  ],
];

for (const [what, command] of REFUSED) {
  Deno.test(`encode() refuses ${what}`, () => {
    assert.throws(() => encoded(command(), [], []), RangeError);
  });
}
