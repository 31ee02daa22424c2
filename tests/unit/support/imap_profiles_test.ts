import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { certificates } from "../../support/certificates.ts";
import {
  type ImapServerOptions,
  type PROFILES,
  startImapServer,
} from "../../support/imap_server/mod.ts";
import { RawClient } from "./raw_client.ts";

/** The last reply of some commands to a server. */
async function ask(
  options: ImapServerOptions,
  commands: readonly string[],
): Promise<string[]> {
  await using server = startImapServer(options);
  await using client = await RawClient.login(server.port);
  let lines: string[] = [];
  for (const command of commands) {
    const { untagged, tagged } = await client.command(command);
    lines = [...untagged, tagged];
  }
  return lines;
}

/** What each profile cannot do must not work either. */
const REFUSED: readonly (readonly [keyof typeof PROFILES, string])[] = [
  ["bare", "ENABLE CONDSTORE"],
  ["bare", "SELECT INBOX (CONDSTORE)"],
  ["bare", "STATUS INBOX (HIGHESTMODSEQ)"],
  ["bare", "STATUS INBOX (SIZE)"],
  ["bare", "NAMESPACE"],
  ["bare", "ID NIL"],
  ["bare", "IDLE"],
  ["bare", "NOTIFY NONE"],
  ["bare", "COMPRESS DEFLATE"],
  ["bare", 'LIST "" * RETURN (CHILDREN)'],
  ["bare", 'LIST (SUBSCRIBED) "" *'],
  ["bare", "UNSELECT"],
  ["exchange", "ENABLE CONDSTORE"],
  ["courier", "ENABLE QRESYNC"],
  ["dovecot", "STATUS INBOX (MAILBOXID)"],
  ["dovecot", "COMPRESS DEFLATE"],
  ["dovecot", "SELECT INBOX (QRESYNC (1 1))"],
];

for (const [profile, command] of REFUSED) {
  Deno.test(`Profile ${profile} refuses ${command}`, async () => {
    const reply = await ask({ profile }, [command]);
    assert.match(reply.at(-1) ?? "", /^BAD/);
  });
}

const SELECTED_REFUSED = [
  "UID EXPUNGE 1",
  "UID MOVE 1 Work",
  "UID FETCH 1 MODSEQ",
  "UID FETCH 1 FLAGS (CHANGEDSINCE 1)",
  "UID SEARCH RETURN (ALL) ALL",
  "UID SEARCH MODSEQ 1",
  "UID STORE 1 (UNCHANGEDSINCE 1) FLAGS (\\Seen)",
];

for (const command of SELECTED_REFUSED) {
  Deno.test(`Profile bare refuses ${command}`, async () => {
    const reply = await ask(
      { profile: "bare", mailboxes: [{ name: "INBOX", messages: ["x"] }] },
      ["SELECT INBOX", command],
    );
    assert.match(reply.at(-1) ?? "", /^BAD/);
  });
}

Deno.test("Profile bare gives no UIDs for APPEND and COPY", async () => {
  await using server = startImapServer({ profile: "bare" });
  await using client = await RawClient.login(server.port);
  await client.send("a APPEND INBOX {1}\r\n");
  assert.equal(await client.response(), "+ OK");
  await client.send("x\r\n");
  assert.equal((await client.reply("a")).tagged, "OK Append completed.");
  await client.command("SELECT INBOX");
  const { tagged } = await client.command("UID COPY 1 INBOX");
  assert.equal(tagged, "OK Copy completed.");
});

Deno.test("Profile bare ends a connection that sends LITERAL+", async () => {
  await using server = startImapServer({ profile: "bare" });
  await using client = await RawClient.login(server.port);
  await client.send("a APPEND INBOX {1+}\r\nx\r\n");
  assert.match(await client.rest(), /^a BAD .*\r\n\* BYE /);
  assert.equal(server.mailbox("INBOX").count, 0);
});

Deno.test("Profile with LITERAL- takes 4096 bytes without waiting, not more", async () => {
  await using server = startImapServer({ profile: { literals: "minus" } });
  await using client = await RawClient.login(server.port);
  const fits = await client.command(
    `APPEND INBOX {4096+}\r\n${"x".repeat(4096)}`,
  );
  assert.match(fits.tagged, /^OK/);
  await client.send(`a APPEND INBOX {4097+}\r\n${"x".repeat(4097)}\r\n`);
  assert.match(await client.rest(), /^a BAD /);
});

Deno.test("Profile with an APPENDLIMIT refuses the literal before it comes", async () => {
  await using server = startImapServer({ profile: { appendLimit: 10 } });
  await using client = await RawClient.login(server.port);
  assert.match(
    (await client.command("APPEND INBOX {11}")).tagged,
    /^NO \[TOOBIG\]/,
  );
  assert.match(
    (await client.command("APPEND nothere {5}")).tagged,
    /^NO \[TRYCREATE\]/,
  );
  const late = await client.command("APPEND INBOX {11+}\r\n12345678901");
  assert.match(late.tagged, /^NO \[TOOBIG\]/);
});

Deno.test("Profile courier keeps everything below INBOX.", async () => {
  await using server = startImapServer({
    profile: "courier",
    mailboxes: [{ name: "INBOX.Sent.2024" }],
  });
  await using client = await RawClient.login(server.port);
  assert.deepEqual((await client.command("NAMESPACE")).untagged, [
    'NAMESPACE (("INBOX." ".")) NIL NIL',
  ]);
  assert.match((await client.command("CREATE Work")).tagged, /^NO \[CANNOT\]/);
  assert.match((await client.command("CREATE INBOX.Work")).tagged, /^OK/);
  assert.deepEqual((await client.command('LIST "" INBOX.%')).untagged, [
    'LIST (\\Noselect \\HasChildren) "." "INBOX.Sent"',
    'LIST (\\HasNoChildren) "." "INBOX.Work"',
  ]);
});

Deno.test("Profile exchange makes no new keywords", async () => {
  const reply = await ask(
    { profile: "exchange", mailboxes: [{ name: "INBOX", messages: ["x"] }] },
    ["SELECT INBOX", "UID STORE 1 FLAGS (\\Seen foo)"],
  );
  assert.deepEqual(reply, [
    "1 FETCH (UID 1 FLAGS (\\Recent \\Seen))",
    "OK Store completed.",
  ]);
});

Deno.test("Profile with a backslash as separator quotes it", async () => {
  const reply = await ask(
    {
      profile: { base: "bare", separator: "\\" },
      mailboxes: [{ name: "a\\b" }],
    },
    ['LIST "" a\\\\*'.replace("a\\\\*", '"a\\\\*"')],
  );
  assert.deepEqual(reply, ['LIST () "\\\\" "a\\\\b"', "OK List completed."]);
});

Deno.test("Profile modern speaks UTF-8 once it was enabled", async () => {
  await using server = startImapServer({
    profile: "modern",
    mailboxes: [{ name: "T\u00e4st" }],
  });
  await using client = await RawClient.login(server.port);
  assert.deepEqual((await client.command('LIST "" T*')).untagged, [
    'LIST (\\HasNoChildren) "/" "T&AOQ-st"',
  ]);
  await client.command("ENABLE UTF8=ACCEPT");
  assert.deepEqual((await client.command('LIST "" T*')).untagged, [
    'LIST (\\HasNoChildren) "/" "T\u00c3\u00a4st"',
  ]);
  assert.match(
    (await client.command('SELECT "T\u00c3\u00a4st"')).tagged,
    /^OK/,
  );
});

Deno.test("Profile modern gives EMAILID and MAILBOXID that moves keep", async () => {
  await using server = startImapServer({
    profile: "modern",
    mailboxes: [{ name: "INBOX", messages: ["x"] }, { name: "Work" }],
  });
  await using client = await RawClient.login(server.port);
  const { emailId } = server.mailbox("INBOX").messages()[0] ?? {};
  await client.command("SELECT INBOX");
  assert.deepEqual((await client.command("UID FETCH 1 EMAILID")).untagged, [
    `1 FETCH (UID 1 EMAILID (${emailId}))`,
  ]);
  await client.command("UID MOVE 1 Work");
  const { mailboxId } = server.mailbox("Work");
  await client.command("RENAME Work Done");
  assert.equal(server.mailbox("Done").messages()[0]?.emailId, emailId);
  assert.deepEqual(
    (await client.command("STATUS Done (MAILBOXID)")).untagged,
    [`STATUS "Done" (MAILBOXID (${mailboxId}))`],
  );
});

Deno.test("Profile modern answers ESEARCH and no RECENT as IMAP4rev2", async () => {
  await using server = startImapServer({
    profile: "modern",
    mailboxes: [{ name: "INBOX", messages: ["x", "y"] }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("ENABLE IMAP4rev2");
  const { untagged } = await client.command("SELECT INBOX");
  assert.ok(!untagged.some((line) => line.endsWith("RECENT")));
  assert.deepEqual((await client.command("UID SEARCH ALL")).untagged, [
    'ESEARCH (TAG "a4") UID ALL 1:2',
  ]);
});

Deno.test("Profile dovecot announces other mailboxes after NOTIFY", async () => {
  await using server = startImapServer({
    mailboxes: [{ name: "Work" }, { name: "Quiet" }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  const set = await client.command(
    "NOTIFY SET STATUS (selected-delayed (MessageNew MessageExpunge)) " +
      "(mailboxes Work (MessageNew MessageExpunge FlagChange)) " +
      "(personal (MailboxName))",
  );
  assert.deepEqual(set.untagged, [
    "STATUS Work (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1002 UNSEEN 0 HIGHESTMODSEQ 1)",
  ]);
  server.mailbox("Quiet").append("x");
  server.mailbox("Work").append("x");
  assert.equal(
    await client.response(),
    "* STATUS Work (MESSAGES 1 UIDNEXT 2 UNSEEN 1 HIGHESTMODSEQ 2)",
  );
  server.mailbox("New").create();
  assert.equal(await client.response(), '* LIST () "/" New');
  server.mailbox("INBOX").append("x");
  assert.equal(await client.response(), "* 1 EXISTS");
  assert.equal(await client.response(), "* 1 RECENT");
  await client.command("NOTIFY NONE");
  server.mailbox("Work").append("x");
  assert.deepEqual((await client.command("NOOP")).untagged, []);
});

Deno.test("Profile maxConnections refuses one session more", async () => {
  await using server = startImapServer({ profile: { maxConnections: 1 } });
  await using _first = await RawClient.login(server.port);
  await using second = await RawClient.connect(server.port);
  await second.response();
  assert.match(
    (await second.command("LOGIN user secret")).tagged,
    /^NO \[LIMIT\]/,
  );
});

const base64 = (text: string) => btoa(text);

/** Initial response and further answers; the last line of the reply. */
const LOGINS: readonly {
  readonly mechanism: string;
  readonly answers: readonly string[];
  readonly good: boolean;
}[] = [
  { mechanism: "PLAIN", answers: ["\0user\0secret"], good: true },
  { mechanism: "PLAIN", answers: ["user\0user\0secret"], good: true },
  { mechanism: "PLAIN", answers: ["\0user\0wrong"], good: false },
  { mechanism: "PLAIN", answers: ["\0nobody\0secret"], good: false },
  { mechanism: "LOGIN", answers: ["user", "secret"], good: true },
  { mechanism: "LOGIN", answers: ["user", "wrong"], good: false },
  {
    mechanism: "XOAUTH2",
    answers: ["user=user\x01auth=Bearer tok\x01\x01"],
    good: true,
  },
  {
    mechanism: "XOAUTH2",
    answers: ["user=user\x01auth=Bearer old\x01\x01", ""],
    good: false,
  },
  {
    mechanism: "OAUTHBEARER",
    answers: ["n,a=user,\x01host=h\x01port=1\x01auth=Bearer tok\x01\x01"],
    good: true,
  },
  {
    mechanism: "OAUTHBEARER",
    answers: ["n,a=user,\x01auth=Bearer old\x01\x01", "\x01"],
    good: false,
  },
];

for (const { mechanism, answers, good } of LOGINS) {
  for (const initial of [true, false]) {
    const name = `AUTHENTICATE ${mechanism} ${good ? "admits" : "refuses"}` +
      `${initial ? "" : ", without an initial response"}: ` +
      JSON.stringify(answers);
    Deno.test(name, async () => {
      await using server = startImapServer({
        users: { user: { password: "secret", tokens: ["tok"] } },
      });
      await using client = await RawClient.connect(server.port);
      await client.response();
      const [first = "", ...more] = answers;
      await client.send(
        initial
          ? `a AUTHENTICATE ${mechanism} ${base64(first)}\r\n`
          : `a AUTHENTICATE ${mechanism}\r\n`,
      );
      for (const answer of initial ? more : answers) {
        assert.match(await client.response(), /^\+ /);
        await client.send(`${base64(answer)}\r\n`);
      }
      const { tagged } = await client.reply("a");
      assert.match(
        tagged,
        good ? /^OK \[CAPABILITY / : /^NO \[AUTHENTICATIONFAILED\]/,
      );
      assert.doesNotMatch(JSON.stringify(server.log.entries), /secret|c2Vj/);
    });
  }
}

Deno.test("AUTHENTICATE CRAM-MD5 admits by the digest", async () => {
  for (
    const [password, good] of [["secret", true], ["wrong", false]] as const
  ) {
    await using server = startImapServer();
    await using client = await RawClient.connect(server.port);
    await client.response();
    await client.send("a AUTHENTICATE CRAM-MD5\r\n");
    const challenge = atob((await client.response()).slice(2));
    const digest = createHmac("md5", password).update(challenge).digest("hex");
    await client.send(`${base64(`user ${digest}`)}\r\n`);
    assert.equal((await client.reply("a")).tagged.startsWith("OK"), good);
  }
});

Deno.test("AUTHENTICATE is aborted by an asterisk", async () => {
  await using server = startImapServer();
  await using client = await RawClient.connect(server.port);
  await client.response();
  await client.send("a AUTHENTICATE LOGIN\r\n");
  await client.response();
  await client.send("*\r\n");
  assert.match((await client.reply("a")).tagged, /^BAD/);
  assert.match((await client.command("LOGIN user secret")).tagged, /^OK/);
});

Deno.test("startImapServer() speaks TLS from the first byte", async () => {
  const made = await certificates();
  await using server = startImapServer({
    tls: {
      mode: "implicit",
      cert: await Deno.readTextFile(made.server.certificate),
      key: await Deno.readTextFile(made.server.key),
    },
    profile: { loginDisabled: true },
  });
  const ca = await Deno.readTextFile(made.ca);
  await using client = await RawClient.connect(server.port, { caCerts: [ca] });
  await client.response();
  assert.match((await client.command("LOGIN user secret")).tagged, /^OK/);
});

Deno.test("startImapServer() speaks TLS after STARTTLS and allows login then", async () => {
  const made = await certificates();
  await using server = startImapServer({
    tls: {
      mode: "starttls",
      cert: await Deno.readTextFile(made.server.certificate),
      key: await Deno.readTextFile(made.server.key),
    },
    profile: { loginDisabled: true },
  });
  const plain = await RawClient.connect(server.port);
  assert.match(await plain.response(), /STARTTLS LOGINDISABLED/);
  const early = await plain.command("LOGIN user secret");
  assert.match(early.tagged, /^NO \[PRIVACYREQUIRED\]/);
  await plain.command("STARTTLS");
  await using client = await plain.startTls({
    caCerts: [await Deno.readTextFile(made.ca)],
  });
  assert.match((await client.command("LOGIN user secret")).tagged, /^OK/);
  const size = 3_000_000;
  await client.command(`APPEND INBOX {${size}+}\r\n${"y".repeat(size)}`);
  await client.command("SELECT INBOX");
  const { untagged } = await client.command("FETCH 1 BODY[]");
  assert.ok((untagged[0]?.length ?? 0) > size);
});
