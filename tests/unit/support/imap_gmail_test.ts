/** The scripted server as Gmail, after Google's description of its extensions. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  type MailboxSeed,
  startImapServer,
} from "../../support/imap_server/mod.ts";
import { RawClient } from "./raw_client.ts";

const MAIL = "Message-ID: <1@x>\r\nSubject: One\r\n\r\nHello\r\n";
const OTHER = "Message-ID: <2@x>\r\nSubject: Two\r\n\r\nHello\r\n";

function start(mailboxes: readonly MailboxSeed[] = []): ImapServer {
  return startImapServer({ profile: "gmail", mailboxes });
}

/** The messages of each folder that has any. */
function counts(server: ImapServer): Record<string, number> {
  return Object.fromEntries(
    server.mailboxNames().map((name) => [name, server.mailbox(name).count])
      .filter(([, count]) => count !== 0),
  );
}

Deno.test("Profile gmail tells the capabilities that Gmail tells", async () => {
  await using server = start();
  await using client = await RawClient.connect(server.port);
  await client.response();
  const before = await client.command("CAPABILITY");
  assert.match(before.untagged[0] ?? "", /AUTH=XOAUTH2/);
  await client.command("LOGIN user secret");
  const { untagged: [line = ""] } = await client.command("CAPABILITY");
  for (
    const name of [
      ..."UNSELECT IDLE NAMESPACE ID CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE"
        .split(" "),
      ..."COMPRESS=DEFLATE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED".split(
        " ",
      ),
      ..."LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584".split(" "),
    ]
  ) assert.ok(line.split(" ").includes(name), name);
  for (const name of ["QRESYNC", "MULTIAPPEND", "LITERAL+", "NOTIFY"]) {
    assert.ok(!line.split(" ").includes(name), name);
  }
});

Deno.test("Profile gmail lists its own folders below one that cannot be selected", async () => {
  await using server = start();
  await using client = await RawClient.login(server.port);
  const { untagged } = await client.command(
    'LIST "" * RETURN (SPECIAL-USE)',
  );
  const all = untagged.join("\n");
  assert.match(all, /\\NonExistent[^\n]*"\[Gmail\]"/);
  assert.match(all, /\\All[^\n]*"\[Gmail\]\/All Mail"/);
  assert.match(all, /\\Trash[^\n]*"\[Gmail\]\/Trash"/);
  assert.match(all, /\\Junk[^\n]*"\[Gmail\]\/Spam"/);
});

Deno.test("Profile gmail shows one message in each folder of its labels", async () => {
  await using server = start([
    { name: "INBOX", messages: [MAIL] },
    { name: "Work", messages: [MAIL, OTHER] },
  ]);
  assert.deepEqual(counts(server), {
    "INBOX": 1,
    "Work": 2,
    "[Gmail]/All Mail": 2,
  });
  await using client = await RawClient.login(server.port);
  const rows: string[] = [];
  for (const name of ["INBOX", "Work", '"[Gmail]/All Mail"']) {
    await client.command(`SELECT ${name}`);
    const { untagged } = await client.command(
      "UID FETCH 1 (X-GM-MSGID X-GM-LABELS)",
    );
    rows.push(untagged[0] ?? "");
  }
  const ids = rows.map((row) => /X-GM-MSGID (\d+)/.exec(row)?.[1]);
  assert.equal(new Set(ids).size, 1);
  // The label of the selected folder itself is not told.
  assert.deepEqual(
    rows.map((row) => /X-GM-LABELS (\(.*?\))/.exec(row)?.[1]),
    ["(Work)", '("\\\\Inbox")', '(Work "\\\\Inbox")'],
  );
});

Deno.test("Profile gmail keeps flags with the message and \\Deleted with the folder", async () => {
  await using server = start([
    { name: "INBOX", messages: [MAIL] },
    { name: "Work", messages: [MAIL] },
  ]);
  server.mailbox("Work").setFlags(1, ["\\Seen", "\\Deleted"], "add");
  assert.deepEqual(server.mailbox("INBOX").message(1)?.flags, ["\\Seen"]);
  server.mailbox("INBOX").setFlags(1, ["\\Flagged"], "add");
  assert.equal(server.mailbox("[Gmail]/Starred").count, 1);
  server.mailbox("[Gmail]/Starred").expunge();
  assert.deepEqual(server.mailbox("INBOX").message(1)?.flags, ["\\Seen"]);
});

Deno.test("Profile gmail takes only the label away where a folder is expunged", async () => {
  await using server = start([
    { name: "INBOX", messages: [MAIL] },
    { name: "Work", messages: [MAIL] },
  ]);
  const before = server.mailbox("Work").highestModSeq;
  server.mailbox("INBOX").expunge();
  assert.deepEqual(counts(server), { "Work": 1, "[Gmail]/All Mail": 1 });
  assert.ok(server.mailbox("Work").highestModSeq > before);
});

for (const how of ["COPY", "MOVE"]) {
  Deno.test(`Profile gmail takes a message out of all folders on ${how} to Trash`, async () => {
    await using server = start([
      { name: "INBOX", messages: [MAIL] },
      { name: "Work", messages: [MAIL] },
    ]);
    await using client = await RawClient.login(server.port);
    await client.command("SELECT Work");
    const { tagged } = await client.command(`UID ${how} 1 "[Gmail]/Trash"`);
    assert.match(tagged, /^OK/);
    assert.deepEqual(counts(server), { "[Gmail]/Trash": 1 });
    server.mailbox("[Gmail]/Trash").expunge();
    assert.deepEqual(counts(server), {});
  });
}

Deno.test("Profile gmail puts what is expunged in All Mail into Trash", async () => {
  await using server = start([{ name: "INBOX", messages: [MAIL] }]);
  server.mailbox("[Gmail]/All Mail").expunge();
  assert.deepEqual(counts(server), { "[Gmail]/Trash": 1 });
});

Deno.test("Profile gmail adds and removes labels by STORE", async () => {
  await using server = start([{ name: "INBOX", messages: [MAIL] }]);
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const added = await client.command(
    'UID STORE 1 +X-GM-LABELS (Work "a \\"b\\" (c)" &AOQ-x)',
  );
  assert.match(added.untagged.join(), /X-GM-LABELS \(/);
  assert.deepEqual(counts(server), {
    "INBOX": 1,
    "Work": 1,
    'a "b" (c)': 1,
    "äx": 1,
    "[Gmail]/All Mail": 1,
  });
  const { untagged } = await client.command("UID FETCH 1 X-GM-LABELS");
  assert.match(
    untagged[0] ?? "",
    /X-GM-LABELS \(&AOQ-x Work "a \\"b\\" \(c\)"\)/,
  );
  await client.command("UID STORE 1 -X-GM-LABELS (Work)");
  assert.equal(server.mailbox("Work").count, 0);
  await client.command("UID STORE 1 X-GM-LABELS (Work)");
  assert.deepEqual(counts(server), {
    "INBOX": 1,
    "Work": 1,
    "[Gmail]/All Mail": 1,
  });
  const { untagged: [found] } = await client.command(
    "UID SEARCH X-GM-LABELS Work",
  );
  assert.equal(found, "SEARCH 1");
});

Deno.test("Profile gmail finds a message by its X-GM-MSGID", async () => {
  await using server = start([{ name: "INBOX", messages: [MAIL, OTHER] }]);
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const id = server.mailbox("INBOX").message(2)?.emailId;
  const { untagged } = await client.command(`UID SEARCH X-GM-MSGID ${id}`);
  assert.deepEqual(untagged, ["SEARCH 2"]);
});

Deno.test("Profile gmail tells a change of labels as a change since", async () => {
  await using server = start([
    { name: "INBOX", messages: [MAIL, OTHER] },
  ]);
  const since = server.mailbox("INBOX").highestModSeq;
  server.mailbox("INBOX").copy(2, "[Gmail]/Important");
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const { untagged } = await client.command(
    `UID FETCH 1:* (X-GM-LABELS) (CHANGEDSINCE ${since})`,
  );
  assert.match(untagged.join("\n"), /UID 2 X-GM-LABELS \("\\\\Important"\)/);
  assert.equal(untagged.length, 1);
});

Deno.test("Profile gmail lets a sixteenth connection not in", async () => {
  await using server = start();
  await using stack = new AsyncDisposableStack();
  for (let count = 0; count < 15; count++) {
    stack.use(await RawClient.login(server.port));
  }
  await using client = await RawClient.connect(server.port);
  await client.response();
  const { tagged } = await client.command("LOGIN user secret");
  assert.doesNotMatch(tagged, /^OK/);
});

Deno.test("Gmail's extensions are refused where they are not told", async () => {
  await using server = startImapServer({
    mailboxes: [{ name: "INBOX", messages: [MAIL] }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  for (
    const command of [
      "UID FETCH 1 X-GM-LABELS",
      "UID STORE 1 +X-GM-LABELS (Work)",
    ]
  ) assert.match((await client.command(command)).tagged, /^BAD/);
});

Deno.test("Gmail's store is the same after it was restored", async () => {
  await using server = start([
    { name: "INBOX", messages: [MAIL] },
    { name: "Work", messages: [MAIL] },
  ]);
  const image = server.image();
  server.mailbox("INBOX").expunge();
  await server.restore(image);
  server.mailbox("INBOX").move(1, "[Gmail]/Trash");
  assert.deepEqual(counts(server), { "[Gmail]/Trash": 1 });
});
