import assert from "node:assert/strict";
import { startImapServer } from "../../support/imap_server/mod.ts";
import { RawClient } from "./raw_client.ts";

const TWO = [
  "Subject: one\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n",
  "Subject: two\r\n\r\nb\u00f6dy\r\n",
];

Deno.test("startImapServer() serves what it was given", async () => {
  await using server = startImapServer({
    mailboxes: [
      { name: "INBOX", messages: TWO },
      { name: "A/T\u00e4st", specialUse: ["\\Sent"] },
    ],
  });
  await using client = await RawClient.login(server.port);
  const list = await client.command(
    'LIST "" * RETURN (STATUS (MESSAGES UIDNEXT))',
  );
  assert.deepEqual(list.untagged, [
    'LIST (\\HasNoChildren) "/" INBOX',
    "STATUS INBOX (MESSAGES 2 UIDNEXT 3)",
    'LIST (\\NonExistent \\HasChildren) "/" A',
    'LIST (\\HasNoChildren \\Sent) "/" A/T&AOQ-st',
    "STATUS A/T&AOQ-st (MESSAGES 0 UIDNEXT 1)",
  ]);
  const select = await client.command("SELECT INBOX");
  assert.match(select.tagged, /^OK \[READ-WRITE\]/);
  assert.ok(select.untagged.includes("2 EXISTS"));
  const fetch = await client.command("UID FETCH 1:* (FLAGS BODY.PEEK[])");
  assert.deepEqual(fetch.untagged, [
    `1 FETCH (UID 1 FLAGS (\\Recent) BODY[] ${TWO[0]})`,
    "2 FETCH (UID 2 FLAGS (\\Recent) BODY[] Subject: two\r\n\r\nb\u00c3\u00b6dy\r\n)",
  ]);
});

Deno.test("startImapServer() executes a command whose reply is lost", async () => {
  await using server = startImapServer({
    vices: [{ kind: "lostReply", when: { command: "APPEND" } }],
  });
  await using client = await RawClient.login(server.port);
  await assert.rejects(client.command("APPEND INBOX {5+}\r\nhello"));
  assert.equal(server.mailbox("INBOX").count, 1);
  assert.equal(server.log.entries.at(-1)?.outcome, "lost");
});

Deno.test("startImapServer() cuts before a command takes effect", async () => {
  await using server = startImapServer({
    vices: [{ kind: "cutBefore", when: { nth: 3 } }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("NOOP");
  await assert.rejects(client.command("CREATE x"));
  assert.equal(server.mailbox("x").exists, false);
});

Deno.test("startImapServer() announces other clients' edits", async () => {
  await using server = startImapServer({
    mailboxes: [{ name: "INBOX", messages: TWO }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const inbox = server.mailbox("INBOX");
  inbox.expunge(1);
  inbox.append("new\r\n");
  inbox.setFlags(2, ["\\Seen"]);
  // RFC 3501 §7.4.1: no EXPUNGE during FETCH.
  const fetch = await client.command("FETCH 2 FLAGS");
  assert.deepEqual(fetch.untagged, [
    "2 FETCH (FLAGS (\\Recent \\Seen))",
    "3 EXISTS",
    "3 RECENT",
    "2 FETCH (FLAGS (\\Recent \\Seen))",
  ]);
  const noop = await client.command("NOOP");
  assert.deepEqual(noop.untagged, ["1 EXPUNGE", "2 RECENT"]);
});

Deno.test("startImapServer() pushes changes to an idling client", async () => {
  await using server = startImapServer();
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  await client.send("i IDLE\r\n");
  assert.equal(await client.response(), "+ idling");
  server.mailbox("INBOX").append("new\r\n");
  assert.equal(await client.response(), "* 1 EXISTS");
  await client.send("DONE\r\n");
  assert.match((await client.reply("i")).tagged, /^OK/);
});

Deno.test("ImapServer.restart() keeps port and mail", async () => {
  await using server = startImapServer();
  const { port } = server;
  server.mailbox("INBOX").append("kept");
  await server.restart({ profile: "bare" });
  assert.equal(server.port, port);
  await using client = await RawClient.login(port);
  const { untagged } = await client.command("CAPABILITY");
  assert.deepEqual(untagged, ["CAPABILITY IMAP4rev1"]);
  assert.equal(server.mailbox("INBOX").count, 1);
});
