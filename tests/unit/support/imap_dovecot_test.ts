/** The scripted server against the real one: the same commands, the same replies. */
import assert from "node:assert/strict";
import { dovecotTest, startDovecot } from "../../support/dovecot.ts";
import { startImapServer } from "../../support/imap_server/mod.ts";
import { RawClient } from "./raw_client.ts";

/** The connection (0 or 1) and what it sends. */
type Step = readonly [connection: 0 | 1, command: string];

const SCRIPTS: { readonly name: string; readonly steps: readonly Step[] }[] = [
  {
    name: "mailboxes",
    steps: [
      [0, "NAMESPACE"],
      [0, 'LIST "" ""'],
      [0, 'LIST "" *'],
      [0, "CREATE Work"],
      [0, "CREATE Work"],
      [0, "CREATE a/b/c"],
      [0, 'CREATE "T&AOQ-st"'],
      [0, 'CREATE "T&A"'],
      [0, "CREATE x/"],
      [0, 'CREATE "q\\"uote"'],
      [0, 'CREATE "b\\\\ack"'],
      [0, 'CREATE "pct%star*"'],
      [0, "SUBSCRIBE Work"],
      [0, "SUBSCRIBE nothere"],
      [0, 'LIST "" * RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UIDNEXT))'],
      [0, 'LIST "" %'],
      [0, 'LIST "" %/%'],
      [0, 'LIST "a/" %'],
      [0, 'LIST "" "q*"'],
      [0, 'LIST "" "b*"'],
      [0, 'LIST "" inbox'],
      [0, 'LSUB "" *'],
      [0, "UNSUBSCRIBE Work"],
      [0, 'LSUB "" *'],
      [0, "RENAME Work Work2"],
      [0, "RENAME a d"],
      [0, 'LIST "" d*'],
      [0, "RENAME nothere x2"],
      [0, "RENAME Work2 INBOX"],
      [0, "DELETE Work2"],
      [0, "DELETE nothere"],
      [0, "STATUS d/b/c (UNSEEN MESSAGES UIDNEXT UIDVALIDITY RECENT)"],
      [0, "STATUS nothere (MESSAGES)"],
      [0, "STATUS INBOX (FOO)"],
      [0, "SELECT nothere"],
      [0, "FOO"],
      [0, "CHECK"],
      [0, "FETCH 1 FLAGS"],
    ],
  },
  {
    name: "messages",
    steps: [
      [0, "SELECT INBOX"],
      [0, "FETCH 1:* FLAGS"],
      [0, "UID FETCH 1:* FLAGS"],
      [0, "FETCH 1 FLAGS"],
      [0, "SEARCH ALL"],
      [0, "APPEND INBOX {10+}\r\nA: b\r\n\r\nhi"],
      [
        0,
        'APPEND INBOX (\\Seen foo) " 7-Feb-2020 12:52:25 +0000" {37+}\r\n' +
        "Subject: two\r\nMessage-ID: <2@x>\r\n\r\nhi",
      ],
      [0, "APPEND nothere {2+}\r\nab"],
      [0, "APPEND INBOX {2+}\r\nab {3+}\r\ndef"],
      [1, "SELECT INBOX"],
      [0, "FETCH 1:* (UID FLAGS RFC822.SIZE)"],
      [0, "FETCH 2 (BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[]<5.10>)"],
      [0, "FETCH 2 (BODY.PEEK[HEADER.FIELDS (Subject)])"],
      [0, "FETCH 2 (BODY.PEEK[HEADER.FIELDS.NOT (Subject)])"],
      [0, "UID FETCH 1:2 (BODY.PEEK[1] BODY.PEEK[1.MIME])"],
      [0, "UID FETCH 9 FLAGS"],
      [0, "STORE 1 +FLAGS (\\Flagged)"],
      [0, "STORE 1 +FLAGS (\\Flagged)"],
      [0, "UID STORE 2 FLAGS (bar)"],
      [0, "UID STORE 2 -FLAGS.SILENT (bar)"],
      [0, "UID STORE 2 +FLAGS (\\Foo)"],
      [0, "STORE 9 +FLAGS (\\Seen)"],
      [0, "UID STORE 99 +FLAGS (\\Seen)"],
      [1, "NOOP"],
      [0, "COPY 1 INBOX"],
      [0, "COPY 1:2 nothere"],
      [0, "UID COPY 99 INBOX"],
      [0, "CREATE Work"],
      [0, "UID COPY 1,3:2 Work"],
      [0, "UID MOVE 3 Work"],
      [1, "NOOP"],
      [0, "UID STORE 1,2 +FLAGS.SILENT (\\Deleted)"],
      [1, "NOOP"],
      [0, "UID EXPUNGE 2"],
      [1, "FETCH 1:* (UID FLAGS)"],
      [1, "FETCH 1 (BODY.PEEK[])"],
      [1, "SEARCH ALL"],
      [1, "NOOP"],
      [1, "FETCH 1:* (UID FLAGS)"],
      [0, "EXPUNGE"],
      [1, "UID STORE 1 +FLAGS (\\Seen)"],
      [1, "UID COPY 1:* Work"],
      [1, "NOOP"],
      [0, "CLOSE"],
      [0, "EXAMINE Work"],
      [0, "STORE 1 +FLAGS (\\Seen)"],
      [0, "EXPUNGE"],
      [0, "FETCH 1 BODY[]"],
      [0, "UNSELECT"],
      [0, "LOGOUT"],
    ],
  },
  {
    name: "searches",
    steps: [
      [0, "APPEND INBOX (\\Seen foo) {10+}\r\nA: b\r\n\r\nhi"],
      [
        0,
        'APPEND INBOX (\\Flagged) " 7-Feb-2020 12:52:25 +0000" {89+}\r\n' +
        "Subject: Apples and pears\r\nMessage-ID: <2@x>\r\n" +
        "Date: Wed, 5 Feb 2020 10:00:00 +0000\r\n\r\nho",
      ],
      [0, "APPEND INBOX (\\Deleted) {2+}\r\nab"],
      [0, "SELECT INBOX"],
      ...[
        "ALL",
        "SEEN",
        "UNSEEN",
        "DELETED",
        "UNDELETED FLAGGED",
        "KEYWORD foo",
        "UNKEYWORD foo",
        "HEADER Message-ID 2@x",
        'HEADER Message-ID ""',
        "SUBJECT apples",
        "SINCE 1-Jan-2020 BEFORE 8-Feb-2020",
        "ON 7-Feb-2020",
        "BEFORE 7-Feb-2020",
        "SENTSINCE 5-Feb-2020",
        "SENTBEFORE 5-Feb-2020",
        "SENTON 5-Feb-2020",
        "OR SEEN FLAGGED",
        "NOT SEEN",
        "NOT (OR SEEN FLAGGED)",
        "LARGER 5 SMALLER 20",
        "UID 1:2",
        "UID 3:*",
        "UID 9:*",
        "2:*",
        "(SEEN) 1:3",
        "BODY hi",
        "TEXT PEARS",
        "CHARSET UTF-8 SUBJECT apples",
        "FOO",
      ].flatMap((keys): Step[] => [
        [0, `SEARCH ${keys}`],
        [0, `UID SEARCH ${keys}`],
      ]),
      [0, "UID SEARCH RETURN (MIN MAX COUNT ALL) ALL"],
      [0, "UID SEARCH RETURN () SEEN"],
      [0, "UID SEARCH RETURN (ALL COUNT) ANSWERED"],
      [0, "SEARCH RETURN (FOO) ALL"],
    ],
  },
  {
    name: "CONDSTORE and QRESYNC",
    steps: [
      [0, "APPEND INBOX {10+}\r\nA: b\r\n\r\nhi"],
      [0, "APPEND INBOX {10+}\r\nA: b\r\n\r\nhi"],
      [0, "APPEND INBOX {10+}\r\nA: b\r\n\r\nhi"],
      [0, "SELECT INBOX (QRESYNC (1 1))"],
      [0, "ENABLE QRESYNC"],
      [0, "ENABLE FOO CONDSTORE"],
      [0, "SELECT INBOX (CONDSTORE)"],
      [0, "UID STORE 1 +FLAGS (\\Answered)"],
      [0, "UID STORE 1 +FLAGS.SILENT (\\Draft)"],
      [0, "UID STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Flagged)"],
      [0, "UID FETCH 1:* (FLAGS MODSEQ)"],
      [0, "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1)"],
      [0, "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 999999)"],
      [0, "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)"],
      [0, "FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)"],
      [0, "UID FETCH 1 (BODY[])"],
      [0, "UID SEARCH MODSEQ 1"],
      [1, "SELECT INBOX (CONDSTORE)"],
      [0, "UID STORE 2 +FLAGS.SILENT (\\Deleted)"],
      [1, "NOOP"],
      [0, "EXPUNGE"],
      [1, "NOOP"],
      [0, "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)"],
      [0, "CREATE Work"],
      [0, "UID MOVE 1 Work"],
      [0, "STATUS Work (HIGHESTMODSEQ MESSAGES)"],
    ],
  },
];

for (const { name, steps } of SCRIPTS) {
  dovecotTest(
    `startImapServer() answers as Dovecot does: ${name}`,
    async () => {
      await using real = await startDovecot();
      await using scripted = startImapServer();
      const expected = await play(real.port, steps);
      const actual = await play(scripted.port, steps);
      for (const [at, [connection, command]] of steps.entries()) {
        assert.deepEqual(
          actual[at],
          expected[at],
          `${connection}: ${command} (step ${at})`,
        );
      }
    },
  );
}

async function play(port: number, steps: readonly Step[]): Promise<string[][]> {
  await using first = await RawClient.login(port);
  await using second = await RawClient.login(port);
  const replies: string[][] = [];
  for (const [connection, command] of steps) {
    const client = connection === 0 ? first : second;
    const reply = await client.command(command);
    replies.push([
      ...inOrder(reply.untagged.map(normalize)),
      normalize(reply.tagged),
    ]);
  }
  return replies;
}

/** LIST and STATUS rows may come in any order; all others have theirs. */
function inOrder(lines: string[]): string[] {
  return lines.every((line) => /^(LIST|LSUB|STATUS) /.test(line))
    ? lines.sort()
    : lines;
}

/** Leaves out what may differ: numbers of their own choice, texts, spelling. */
function normalize(line: string): string {
  const flat = line
    .replace(/^((?:OK|NO|BAD|BYE)(?: \[[^\]]*\])?) .*$/, "$1")
    .replaceAll(/(UIDVALIDITY|APPENDUID|COPYUID) \d+/g, "$1 n")
    .replaceAll(/MODSEQ \(?\d+\)?/g, "MODSEQ n")
    .replaceAll(/(?<=^(?:LIST|LSUB|STATUS) .*)"([\w/&+-]+)"/g, "$1")
    .replaceAll("\\NonExistent", "\\Noselect")
    // No reader may care about a code for what the text says anyway.
    .replace(/^(NO) \[(NONEXISTENT|CANNOT)\]$/, "$1");
  return flat.replaceAll(
    /FLAGS \(([^)]*)\)/g,
    (_, flags: string) => `FLAGS (${flags.split(" ").sort().join(" ")})`,
  );
}
