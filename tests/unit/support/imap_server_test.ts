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

Deno.test("ImapServer.mailbox() edits as another client would", async () => {
  await using server = startImapServer();
  const work = server.mailbox("Work").create({ uidValidity: 77 });
  const [one = 0, two = 0] = work.appendAll([
    { source: "a", flags: ["\\Seen"] },
    { source: "b", internalDate: " 7-Feb-1994 21:52:25 -0800" },
  ]);
  assert.deepEqual([one, two, work.uidNext], [1, 2, 3]);
  work.setFlags(one, ["foo"], "add");
  work.setFlags([one, two, 99], ["\\Deleted"], "add");
  assert.deepEqual(work.message(one)?.flags, ["\\Deleted", "\\Seen", "foo"]);
  assert.equal(work.message(two)?.zoneMinutes, -480);
  server.mailbox("Done").create();
  assert.deepEqual(work.move(one, "Done"), [1]);
  assert.deepEqual(work.copy(two, "Done"), [2]);
  work.expunge();
  assert.equal(work.count, 0);
  const renamed = work.rename("Old");
  assert.equal(renamed.uidValidity, 77);
  assert.equal(work.exists, false);
  renamed.append("c", { uid: 50 });
  assert.equal(renamed.uidNext, 51);
  renamed.setUidValidity();
  assert.notEqual(renamed.uidValidity, 77);
  assert.deepEqual(renamed.messages().map(({ uid }) => uid), [1]);
  renamed.delete();
  assert.deepEqual(server.mailboxNames(), ["Done", "INBOX"]);
});

Deno.test("ImapServer.onCommand() can edit, answer or cut before a command", async () => {
  await using server = startImapServer();
  const off = server.onCommand(({ name }) => {
    if (name === "NOOP") return { status: "NO", code: "X", text: "hooked" };
    if (name === "CHECK") return "cut";
    if (name === "UID FETCH") server.mailbox("INBOX").append("late");
  });
  await using client = await RawClient.login(server.port);
  assert.equal((await client.command("NOOP")).tagged, "NO [X] hooked");
  await client.command("SELECT INBOX");
  const { untagged } = await client.command("UID FETCH 1:* FLAGS");
  assert.deepEqual(untagged, ["1 EXISTS", "1 RECENT"]);
  await assert.rejects(client.command("CHECK"));
  off();
  await using second = await RawClient.login(server.port);
  assert.match((await second.command("NOOP")).tagged, /^OK/);
});

Deno.test("ImapServer.log and connections count what was sent", async () => {
  await using server = startImapServer();
  await using client = await RawClient.login(server.port);
  await client.send("a NOOP\r\nb NOOP\r\nc CREATE {1}\r\n");
  assert.equal(await client.response(), "a OK NOOP completed.");
  assert.equal(await client.response(), "b OK NOOP completed.");
  assert.equal(await client.response(), "+ OK");
  await client.send("x\r\n");
  await client.reply("c");
  assert.deepEqual(server.log.names(), ["LOGIN", "NOOP", "NOOP", "CREATE"]);
  assert.deepEqual(server.log.lines(1).at(-1), "CREATE {1}");
  assert.equal(server.log.count("NOOP"), 2);
  const [info] = server.connections;
  // The greeting, LOGIN, three commands at once up to the literal, its end.
  assert.equal(info?.roundTrips, 4);
  assert.equal(info?.commands, 4);
  assert.equal(info?.bytesIn, 22 + 8 + 8 + 14 + 3);
});

Deno.test("startImapServer() lists and sends 20,000 messages", async () => {
  const source = new Uint8Array(2_000).fill(0x61);
  await using server = startImapServer({
    mailboxes: [{
      name: "INBOX",
      messages: Array.from({ length: 20_000 }, () => source),
    }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const flags = await client.command("UID FETCH 1:* FLAGS");
  assert.equal(flags.untagged.length, 20_000);
  await client.command("UID STORE 1:* +FLAGS.SILENT (\\Deleted)");
  const gone = await client.command("EXPUNGE");
  assert.equal(gone.untagged.length, 20_001);
  assert.equal(server.mailbox("INBOX").count, 0);
});

Deno.test("startImapServer() serves names that no client should trust", async () => {
  const names = ["../../x", "/etc/passwd", "..", "a\u0000b", "CON", "x\\..\\y"];
  await using server = startImapServer({
    mailboxes: [
      ...names.map((name) => ({ name, messages: ["x"] })),
      { name: "raw", wireName: "bad&utf7" },
    ],
  });
  await using client = await RawClient.login(server.port);
  const { untagged } = await client.command('LIST "" *');
  assert.ok(untagged.includes('LIST (\\HasNoChildren) "/" a&AAA-b'));
  assert.ok(untagged.includes('LIST (\\HasNoChildren) "/" "x\\\\..\\\\y"'));
  assert.ok(untagged.includes('LIST (\\HasNoChildren) "/" bad&utf7'));
  for (const name of ["../../x", "/etc/passwd", "a&AAA-b", "bad&utf7"]) {
    assert.match((await client.command(`SELECT ${name}`)).tagged, /^OK/);
  }
});

Deno.test("startImapServer() refuses malformed commands and goes on", async () => {
  await using server = startImapServer();
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  for (
    const command of [
      "FETCH",
      "FETCH 1",
      "FETCH 0 FLAGS",
      "FETCH 1 (FLAGS",
      "FETCH 1 FOO",
      "UID",
      "UID FOO",
      "STORE 1 FLAGS",
      "SEARCH",
      "SEARCH OR SEEN",
      "SELECT",
      'SELECT "open',
      "SELECT a b",
      'LIST ""',
      "APPEND INBOX",
      "STATUS INBOX ()x",
      `NOOP ${"x".repeat(70_000)}`,
    ]
  ) {
    await client.send(`t ${command}\r\n`);
    assert.match(await client.response(), /^\S+ BAD/, command);
  }
  assert.match((await client.command("NOOP")).tagged, /^OK/);
});

Deno.test("ImapServer.untilCommand() waits for a command", async () => {
  await using server = startImapServer();
  await using client = await RawClient.login(server.port);
  const coming = server.untilCommand("SELECT");
  await client.command("NOOP");
  await client.command("SELECT inbox");
  assert.equal((await coming).mailbox, "INBOX");
});

Deno.test("ImapServer.connections tells of ended ones, too", async () => {
  await using server = startImapServer();
  {
    await using client = await RawClient.login(server.port);
    await client.command("LOGOUT");
    assert.equal(await client.rest(), "");
  }
  await using second = await RawClient.login(server.port);
  assert.equal((await second.command("NOOP")).tagged.slice(0, 2), "OK");
  assert.deepEqual(server.connections.map(({ id, open }) => [id, open]), [
    [1, false],
    [2, true],
  ]);
});

Deno.test("main.ts serves samples with the vices of its arguments", async () => {
  const script = new URL("../../support/imap_server/main.ts", import.meta.url);
  await using process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      script.href,
      ...["--profile", "courier", "--samples", "50"],
      ...["--vice", "refuse,reply=NO,when.command=CHECK"],
    ],
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await lines.read();
  await lines.cancel();
  await using client = await RawClient.login(JSON.parse(value).port);
  const { untagged } = await client.command("SELECT INBOX");
  assert.ok(untagged.includes("15 EXISTS"));
  assert.match((await client.command("CHECK")).tagged, /^NO/);
});
