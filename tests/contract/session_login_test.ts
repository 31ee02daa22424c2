import assert from "node:assert/strict";
import { Credentials } from "../../src/auth/credentials.ts";
import { MailError } from "../../src/errors.ts";
import { openSession } from "../../src/imap/session/open_session.ts";
import type { MechanismName } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { failure, open, scriptedServer } from "./session_support.ts";

const PASSWORD_MECHANISMS: MechanismName[] = [
  "PLAIN",
  "LOGIN",
  "CRAM-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-256",
];
/** The same as Dovecot calls them. */
const OFFERED = PASSWORD_MECHANISMS.map((name) => name.toLowerCase());

/** Names and passwords that break a careless client. */
const ODD_LOGINS: [user: string, password: string][] = [
  ["user", "secret"],
  ["us er", "sec ret"],
  ['us"er', 'sec"ret\\'],
  ["us\\er", "{3}"],
  ["user@example.org", "NIL"],
  ["käse", "pässwörd €"],
  ["(user)", "*%]["],
  ["user2", "x".repeat(900)],
];

dovecotTest("openSession() logs in with odd names and passwords", async () => {
  await using server = await startDovecot({
    users: Object.fromEntries(ODD_LOGINS),
    authMechanisms: OFFERED,
  });
  for (const [user, password] of ODD_LOGINS) {
    for (const mechanism of PASSWORD_MECHANISMS) {
      const settings = { port: server.port, mechanisms: [mechanism] };
      const session = await open(settings, { user, password });
      session.transport.destroy();
    }
  }
});

dovecotTest("openSession() needs no LITERAL+ for odd passwords", async () => {
  await using server = await startDovecot({
    withoutCapabilities: ["LITERAL+", "SASL-IR"],
    users: { 'us"er': "pässwörd" },
    authMechanisms: OFFERED,
  });
  for (const mechanism of PASSWORD_MECHANISMS) {
    const settings = { port: server.port, mechanisms: [mechanism] };
    const login = { user: 'us"er', password: "pässwörd" };
    (await open(settings, login)).transport.destroy();
  }
});

Deno.test("openSession() cannot be made to send a command by a password", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY IMAP4rev1] hi\r\n");
    await peer.expect('LOGIN "user" {12}', "+ go on");
    assert.equal(await peer.line(), "x");
    assert.equal(await peer.line(), "S2 LOGOUT");
    await peer.send("S1 OK [CAPABILITY X] in\r\n");
    await peer.expect("LIST", '* LIST () "/" ""', "TAG OK");
  });
  const login = { password: "x\r\nS2 LOGOUT" };
  (await open({ port: server.port }, login)).transport.destroy();
});

dovecotTest(
  "openSession() tries a refused password once, whatever is offered",
  async () => {
    await using server = await startDovecot({ authMechanisms: OFFERED });
    const mechanisms: MechanismName[] = [
      "SCRAM-SHA-256",
      "SCRAM-SHA-1",
      "CRAM-MD5",
      "PLAIN",
      "LOGIN",
    ];
    for (let first = 0; first < mechanisms.length; first++) {
      const error = await failure(
        open({ port: server.port, mechanisms: mechanisms.slice(first) }, {
          password: "hunter2",
        }),
      );
      assert.equal(error.code, "auth.rejected");
      assert.equal(error.scope, "account");
      assert.equal(error.retry, "never");
      assert.match(
        error.message,
        /Cannot log in to 127\.0\.0\.1:\d+ as "user"/,
      );
      assert.match(error.message, /\[AUTHENTICATIONFAILED\]/);
      assert.equal(await failuresOf(server, first + 1), first + 1);
    }
  },
);

dovecotTest(
  "openSession() makes one failed login for many connections",
  async () => {
    await using server = await startDovecot();
    const credentials = new Credentials({
      ...{ repository: "Remote", host: server.host, netrcFiles: [] },
      ...{ user: "user", password: "hunter2" },
    });
    const settings = {
      ...{ repository: "Remote", host: server.host, port: server.port },
      tls: "none",
    } as const;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => openSession(settings, { credentials })),
    );
    for (const outcome of outcomes) {
      assert.equal(outcome.status, "rejected");
      assert(outcome.reason instanceof MailError);
      assert.equal(outcome.reason.code, "auth.rejected");
    }
    assert.equal(await failuresOf(server, 1), 1);
  },
);

dovecotTest(
  "openSession() acts for another user by remote_identity",
  async () => {
    await using server = await startDovecot({
      users: { user: "secret" },
      masterUsers: { boss: "master" },
    });
    const settings = { port: server.port, identity: "user" };
    const boss = { user: "boss", password: "master" };
    const session = await open(settings, boss);
    session.transport.destroy();
    assert.match(await server.log(), /Login: user=<user>, method=PLAIN/);
    // CRAM-MD5 cannot say whose mailbox it is: that of boss would be opened.
    const error = await failure(
      open({ ...settings, mechanisms: ["CRAM-MD5", "LOGIN"] }, boss),
    );
    assert.equal(error.code, "auth.mechanism");
    assert.match(error.hint ?? "", /remote_identity/);
  },
);

dovecotTest(
  "openSession() says that a server wants TLS for the login",
  async () => {
    await using server = await startDovecot({ tls: true, requireTls: true });
    const error = await failure(
      open({ host: "127.0.0.2", port: server.port, tls: "none" }),
    );
    assert.equal(error.code, "auth.mechanism");
    assert.match(error.message, /it offers none/);
    assert.match(error.hint ?? "", /under TLS/);
    const { ca } = await certificates();
    const settings = { host: "localhost", port: server.port, caFile: ca };
    (await open({ ...settings, tls: "starttls" })).transport.destroy();
  },
);

dovecotTest(
  "openSession() goes on to the next mechanism where one is not offered",
  async () => {
    await using server = await startDovecot({ authMechanisms: ["plain"] });
    const log: string[] = [];
    const mechanisms: MechanismName[] = [
      "GSSAPI",
      "XOAUTH2",
      "CRAM-MD5",
      "PLAIN",
    ];
    const session = await open({ port: server.port, mechanisms }, {
      token: "t",
      log,
    });
    session.transport.destroy();
    const sent = log.filter((line) => line.startsWith(">"));
    assert.equal(sent[0], "> S1 AUTHENTICATE PLAIN ****");
  },
);

dovecotTest(
  "openSession() says what is offered when nothing fits",
  async () => {
    await using server = await startDovecot({ authMechanisms: ["plain"] });
    const error = await failure(
      open({ port: server.port, mechanisms: ["CRAM-MD5"] }),
    );
    assert.equal(error.code, "auth.mechanism");
    assert.match(
      error.message,
      /it offers PLAIN, LOGIN; auth_mechanisms says CRAM-MD5/,
    );
    const kerberos = await failure(
      open({ port: server.port, mechanisms: ["GSSAPI"] }),
    );
    assert.match(kerberos.hint ?? "", /GSSAPI \(Kerberos\) is not supported/);
  },
);

for (const lie of ["OK", "v=AAAA"] as const) {
  Deno.test(`openSession() sends no password to a server that cannot do SCRAM (${lie})`, async () => {
    await using server = scriptedServer(async (peer) => {
      await peer.send(
        "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN] hi\r\n",
      );
      const line = await peer.expect("AUTHENTICATE SCRAM-SHA-256");
      const nonce = /r=(.*)$/.exec(atob(line.split(" ").at(-1) ?? ""))?.[1];
      await peer.send(`+ ${btoa(`r=${nonce}x,s=c2FsdA==,i=4096`)}\r\n`);
      await peer.line();
      const [tag] = line.split(" ");
      if (lie === "OK") return await peer.send(`${tag} OK welcome\r\n`);
      await peer.send(`+ ${btoa(lie)}\r\n`);
      assert.equal(await peer.line(), "*");
      await peer.send(`${tag} BAD cancelled\r\n`);
    });
    const error = await failure(open({ port: server.port }));
    assert.equal(error.code, "auth.server");
    assert.match(error.message, /did not prove that it knows the password/);
    assert.ok(!server.received.some((line) => /PLAIN|LOGIN/.test(line)));
  });
}

Deno.test("openSession() logs in with EXTERNAL, without a name or password", async () => {
  for (const identity of [undefined, "other"]) {
    await using server = scriptedServer(async (peer) => {
      await peer.send("* OK [CAPABILITY SASL-IR AUTH=EXTERNAL] hi\r\n");
      await peer.expect("AUTHENTICATE", "TAG OK [CAPABILITY X] in");
      await peer.expect("LIST", '* LIST () "/" ""', "TAG OK");
    });
    const credentials = new Credentials({
      ...{ repository: "Remote", host: "127.0.0.1", netrcFiles: [] },
    });
    const session = await openSession({
      ...{ repository: "Remote", host: "127.0.0.1", port: server.port },
      ...{ tls: "none", mechanisms: ["EXTERNAL"] },
      ...(identity === undefined ? {} : { identity }),
    }, { credentials });
    session.transport.destroy();
    const said = identity === undefined ? "=" : btoa("other");
    assert.equal(server.received[0], `S1 AUTHENTICATE EXTERNAL ${said}`);
  }
});

Deno.test("openSession() says that the certificate is no user's when EXTERNAL is refused", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY AUTH=EXTERNAL AUTH=PLAIN] hi\r\n");
    const [tag] = (await peer.expect("AUTHENTICATE EXTERNAL", "+ ")).split(" ");
    assert.equal(await peer.line(), "");
    await peer.send(`${tag} NO [AUTHENTICATIONFAILED] no\r\n`);
  });
  const error = await failure(
    open({ port: server.port, mechanisms: ["EXTERNAL", "PLAIN"] }),
  );
  assert.equal(error.code, "auth.rejected");
  assert.match(error.hint ?? "", /sslclientcert/);
});

Deno.test("openSession() tells where tokens come from when there is none", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(`* OK [CAPABILITY ${OFFERS}] hi\r\n`);
    await peer.line();
  });
  const error = await failure(
    open({ port: server.port, mechanisms: ["XOAUTH2", "OAUTHBEARER"] }),
  );
  assert.equal(error.code, "auth.no-token");
  assert.match(error.hint ?? "", /oauth2_refresh_token/);
  assert.match(error.hint ?? "", /oauth2_access_token_eval/);
  assert.match(error.hint ?? "", /remotepasscmd/);
});

const OFFERS = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER";

for (const mechanism of ["XOAUTH2", "OAUTHBEARER"] as const) {
  Deno.test(`openSession() logs in with ${mechanism}`, async () => {
    const sent: string[] = [];
    await using server = scriptedServer(async (peer) => {
      await peer.send(`* OK [CAPABILITY ${OFFERS}] hi\r\n`);
      const line = await peer.expect(
        "AUTHENTICATE",
        "TAG OK [CAPABILITY X] in",
      );
      sent.push(line.split(" ")[2] ?? "", atob(line.split(" ")[3] ?? ""));
      await peer.expect("LIST", '* LIST () "/" ""', "TAG OK");
    });
    const settings = { port: server.port, mechanisms: [mechanism] };
    const session = await open(settings, { user: "a=b", token: "tok.en" });
    session.transport.destroy();
    const end = `auth=Bearer tok.en\x01\x01`;
    assert.deepEqual(sent, [
      mechanism,
      mechanism === "XOAUTH2"
        ? `user=a=b\x01${end}`
        : `n,a=a=3Db,\x01host=127.0.0.1\x01port=${server.port}\x01${end}`,
    ]);
  });

  Deno.test(`openSession() decodes why a server refuses a token (${mechanism})`, async () => {
    const json = '{"status":"401","schemes":"bearer","scope":"https://mail/"}';
    await using server = scriptedServer(async (peer) => {
      await peer.send(`* OK [CAPABILITY ${OFFERS}] hi\r\n`);
      const line = await peer.expect("AUTHENTICATE", `+ ${btoa(json)}`);
      assert.equal(await peer.line(), mechanism === "XOAUTH2" ? "" : "AQ==");
      await peer.send(`${line.split(" ")[0]} NO nope hunter2\r\n`);
    });
    const error = await failure(
      open(
        // A refused token is not followed by a try with the password.
        { port: server.port, mechanisms: [mechanism, "PLAIN"] },
        { token: "hunter2" },
      ),
    );
    assert.equal(error.code, "auth.rejected");
    assert.match(error.message, /nope \*\*\*; status 401, schemes bearer/);
    assert.match(error.message, /scope https:\/\/mail\//);
    assert.equal(server.received.length, 2);
  });
}

Deno.test("openSession() hides what a server repeats of a login, in its log as well", async () => {
  for (const mechanism of ["PLAIN", "LOGIN", "XOAUTH2"] as const) {
    await using server = scriptedServer(async (peer) => {
      await peer.send(`* OK [CAPABILITY ${OFFERS}] hi\r\n`);
      const line = await peer.line();
      await peer.send(`* NO I got ${line}\r\n* BAD hunter2 is wrong\r\n`);
      await peer.send(`${line.split(" ")[0]} NO ${line}; hunter2\r\n`);
    });
    const log: string[] = [];
    const error = await failure(
      open({ port: server.port, mechanisms: [mechanism] }, {
        password: "hunter2",
        token: "hunter2",
        log,
      }),
    );
    assert.match(error.message, /\*\*\*/);
    const sent = server.received[0]?.split(" ").at(-1) ?? "";
    for (const secret of ["hunter2", sent]) {
      assert.ok(!log.join("\n").includes(secret), log.join("\n"));
      assert.ok(!error.message.includes(secret), error.message);
    }
    assert.ok(log.length > 2);
  }
});

Deno.test("openSession() uses OAUTHBEARER where XOAUTH2 is configured and missing", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER] hi\r\n");
    const line = await peer.expect("AUTHENTICATE OAUTHBEARER", "+ ");
    await peer.line();
    await peer.send(`${line.split(" ")[0]} OK [CAPABILITY X] in\r\n`);
    await peer.expect("LIST", '* LIST () "/" ""', "TAG OK");
  });
  const session = await open({ port: server.port }, { token: "t" });
  session.transport.destroy();
});

const REFUSALS: {
  reply: string;
  code: string;
  retry: string;
  hint?: RegExp;
}[] = [
  { reply: "NO sorry", code: "auth.rejected", retry: "never" },
  {
    reply: "NO [AUTHENTICATIONFAILED] please try again",
    code: "auth.rejected",
    retry: "never",
  },
  {
    reply: "NO [EXPIRED] old",
    code: "auth.rejected",
    retry: "never",
    hint: /expired/,
  },
  {
    reply: "NO [UNAVAILABLE] backend is down",
    code: "auth.unavailable",
    retry: "later",
  },
  {
    reply: "NO [ALERT] Too many simultaneous connections.",
    code: "auth.unavailable",
    retry: "later",
  },
  { reply: "NO [LIMIT] enough", code: "auth.unavailable", retry: "later" },
  {
    reply: "NO [PRIVACYREQUIRED] no",
    code: "auth.privacy",
    retry: "never",
    hint: /TLS/,
  },
  // Not understood: the next way is tried, and there is none.
  { reply: "BAD what?", code: "auth.mechanism", retry: "never" },
  {
    reply: "NO Unsupported authentication mechanism.",
    code: "auth.mechanism",
    retry: "never",
  },
];

for (const { reply, code, retry, hint } of REFUSALS) {
  Deno.test(`openSession() takes "${reply}" for ${code}`, async () => {
    await using server = scriptedServer(async (peer) => {
      await peer.send("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n");
      await peer.expect("AUTHENTICATE", `TAG ${reply}`);
    });
    const error = await failure(
      open({ port: server.port, mechanisms: ["PLAIN"] }),
    );
    assert.equal(error.code, code);
    assert.equal(error.retry, retry);
    if (hint) assert.match(error.hint ?? "", hint);
  });
}

Deno.test("openSession() goes on when a mechanism turns out to be unknown", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY SASL-IR AUTH=PLAIN] hi\r\n");
    await peer.expect("AUTHENTICATE PLAIN", "TAG BAD unknown command");
    await peer.expect('LOGIN "user" "secret"', "TAG OK [CAPABILITY X] in");
    await peer.expect("LIST", '* LIST () "/" ""', "TAG OK");
  });
  (await open({ port: server.port })).transport.destroy();
});

Deno.test("openSession() gives up on challenges without end", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY SASL-IR AUTH=PLAIN] hi\r\n");
    const [tag] = (await peer.expect("AUTHENTICATE", "+ bW9yZQ==")).split(" ");
    assert.equal(await peer.line(), "*");
    await peer.send(`${tag} BAD cancelled\r\n`);
  });
  const error = await failure(
    open({ port: server.port, mechanisms: ["PLAIN"] }),
  );
  assert.equal(error.code, "auth.mechanism");
});

Deno.test("openSession() refuses control characters in names and tokens", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(`* OK [CAPABILITY ${OFFERS}] hi\r\n`);
    await peer.line();
  });
  const logins = [
    { user: "a\0b" },
    { password: "hunter2\0" },
    { token: "hunter2\x01auth=x" },
  ];
  for (const login of logins) {
    const error = await failure(open({ port: server.port }, login));
    assert.equal(error.code, "config.value");
  }
  assert.deepEqual(server.received, []);
});

/**
 * How many logins Dovecot refused. It says so when a connection ends, so this
 * waits for as many as are expected, and a moment for one too many.
 */
async function failuresOf(
  server: { log(): Promise<string> },
  expected: number,
): Promise<number> {
  const deadline = performance.now() + 10_000;
  let moments = 0;
  for (;;) {
    const log = await server.log();
    const found = [...log.matchAll(/auth failed, (\d+) attempts/g)]
      .reduce((sum, [, count]) => sum + Number(count), 0);
    if (found > expected || performance.now() > deadline) return found;
    if (found === expected && moments++ > 1) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
