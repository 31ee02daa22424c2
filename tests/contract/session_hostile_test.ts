import assert from "node:assert/strict";
import { startSocksServer } from "../support/socks_server.ts";
import {
  command,
  failure,
  open,
  type ScriptedPeer,
  scriptedServer,
} from "./session_support.ts";

const CAPABLE = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ID ENABLE " +
  "NAMESPACE CONDSTORE] hello\r\n";

Deno.test("openSession() takes a PREAUTH greeting without asking for a password", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* PREAUTH [CAPABILITY IMAP4rev1 NAMESPACE] welcome\r\n");
    await finish(peer);
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
  assert.deepEqual(server.received, ["S1 NAMESPACE"]);
  assert.equal(session.greeting, "welcome");
});

Deno.test("openSession() refuses PREAUTH where TLS was wanted", async () => {
  // With it an attacker keeps the client from STARTTLS (RFC 9051 §11.1).
  await using server = scriptedServer(async (peer) => {
    await peer.send("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n");
    await peer.line();
  });
  await using proxy = localProxy(server.port);
  const error = await failure(
    open({ host: "imap.test", tls: "starttls", proxy: proxy.url }),
  );
  assert.equal(error.code, "connect.plaintext");
  assert.deepEqual(server.received, []);
});

// shows: repository.allowplaintext
Deno.test("openSession() refuses a server without STARTTLS, unless allowed", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await login(peer);
    await finish(peer);
  });
  await using proxy = localProxy(server.port);
  const tls = "starttls" as const;
  const settings = { host: "imap.test", tls, proxy: proxy.url };
  const error = await failure(open(settings));
  assert.equal(error.code, "connect.plaintext");
  assert.equal(error.retry, "never");
  assert.match(error.message, /imap\.test:143 does not offer STARTTLS/);
  assert.deepEqual(server.received, []);
  const session = await open({ ...settings, allowPlaintext: true });
  session.transport.destroy();
});

Deno.test("openSession() refuses what a server says behind its OK to STARTTLS", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n");
    const [tag] = (await peer.line()).split(" ");
    await peer.send(
      `${tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGIN\r\n`,
    );
    await peer.line();
  });
  const error = await failure(open({ port: server.port, tls: "starttls" }));
  assert.equal(error.code, "connect.starttls");
  assert.match(error.message, /looks like an attack/);
  assert.equal(server.received.length, 1);
});

Deno.test("openSession() goes on in plain text on loopback when STARTTLS is refused", async () => {
  // Without capabilities in the greeting STARTTLS is simply asked for.
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK hello\r\n");
    await peer.expect("STARTTLS", "TAG BAD unknown command");
    await peer.expect(
      "CAPABILITY",
      "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR",
      "TAG OK",
    );
    await login(peer);
    await finish(peer);
  });
  const session = await open({ port: server.port, tls: "starttls" });
  session.transport.destroy();
});

const BROKEN_GREETINGS: {
  name: string;
  greet: (peer: ScriptedPeer) => Promise<void>;
  code: string;
  message: RegExp;
}[] = [
  {
    name: "a BYE greeting",
    greet: (peer) => peer.send("* BYE too many connections\r\n"),
    code: "connect.closed",
    message: /it said "too many connections"/,
  },
  {
    name: "another protocol",
    greet: (peer) => peer.send("220 mail.test ESMTP\r\n"),
    code: "connect.greeting",
    message: /no greeting of an IMAP server.*220 mail\.test ESMTP/,
  },
  {
    name: "silence",
    greet: () => Promise.resolve(),
    code: "connect.greeting",
    message: /no greeting/,
  },
  {
    name: "an endless line",
    greet: (peer) => peer.send("* OK " + "x".repeat(200_000)),
    code: "connect.greeting",
    message: /endless line/,
  },
  {
    name: "a closed door",
    greet: (peer) => Promise.resolve(peer.close()),
    code: "connect.closed",
    message: /closed the connection at once/,
  },
  {
    name: "a greeting cut in the middle",
    greet: async (peer) => {
      await peer.send("* OK [CAPA");
      peer.close();
    },
    code: "connect.closed",
    message: /it said "\* OK \[CAPA"/,
  },
];

for (const { name, greet, code, message } of BROKEN_GREETINGS) {
  Deno.test(`openSession() gives a clear error for ${name}`, async () => {
    await using server = scriptedServer(greet);
    const error = await failure(
      open({ port: server.port, replyTimeoutMs: 300 }),
    );
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.match(error.message, /127\.0\.0\.1:\d+ for repository "Remote"/);
  });
}

const BROKEN_REPLIES: {
  name: string;
  reply: string;
  code: string;
  message: RegExp;
}[] = [
  {
    name: "garbage",
    reply: "\x01\x02 what?\r\n",
    code: "connect.protocol",
    message: /\\x01\\x02 what\?/,
  },
  {
    name: "an endless line",
    reply: "* OK " + "x".repeat(100_000),
    code: "connect.protocol",
    message: /too long/,
  },
  {
    name: "a reply to another command",
    reply: "X9 OK done\r\n",
    code: "connect.protocol",
    message: /answers what was not asked/,
  },
  {
    name: "talk without end",
    reply: "* OK still there\r\n".repeat(2_000),
    code: "connect.protocol",
    message: /without end/,
  },
  {
    name: "a huge literal",
    reply: "* ID ({999999999}\r\n",
    code: "connect.protocol",
    message: /Literal of 999999999 bytes/,
  },
  {
    name: "no reply",
    reply: "",
    code: "connect.timeout",
    message: /did not answer in time/,
  },
  {
    name: "an untagged BYE and silence",
    reply: "* BYE going down\r\n",
    code: "connect.timeout",
    message: /it said: going down/,
  },
];

for (const { name, reply, code, message } of BROKEN_REPLIES) {
  Deno.test(`openSession() gives a clear error for ${name} at the login`, async () => {
    await using server = scriptedServer(async (peer) => {
      await peer.send(CAPABLE);
      await peer.line();
      await peer.send(reply);
    });
    const error = await failure(
      open({ port: server.port, replyTimeoutMs: 500 }),
    );
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });
}

Deno.test("openSession() says why when the server hangs up at the login", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.line();
    await peer.send("* BYE Too many login failures\r\n");
    peer.close();
  });
  const error = await failure(open({ port: server.port }));
  assert.equal(error.code, "connect.closed");
  assert.match(error.message, /Too many login failures/);
});

Deno.test("openSession() believes the capabilities of after the login only", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.expect(
      "AUTHENTICATE",
      "TAG OK [CAPABILITY IMAP4rev1 UIDPLUS namespace] in",
    );
    await finish(peer);
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
  assert.deepEqual([...session.capabilities], [
    "IMAP4REV1",
    "UIDPLUS",
    "NAMESPACE",
  ]);
  // ENABLE was offered before the login only, so it is not sent.
  assert.deepEqual(
    server.received.map((line) => line.split(" ")[1]),
    ["AUTHENTICATE", "NAMESPACE"],
  );
});

Deno.test("openSession() asks for capabilities when nobody told them", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK hello\r\n");
    const capabilities = "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR";
    await peer.expect("CAPABILITY", capabilities, "TAG OK done");
    await peer.expect("AUTHENTICATE", "TAG OK in");
    await peer.expect("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE", "TAG OK");
    await peer.expect("LIST", '* LIST (\\Noselect) "." ""', "TAG OK done");
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
  assert.deepEqual([...session.capabilities], ["IMAP4REV1", "IDLE"]);
  assert.deepEqual(session.namespace, { prefix: "", separator: "." });
});

Deno.test("openSession() asks LIST when NAMESPACE names no personal one", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.expect("AUTHENTICATE", "TAG OK [CAPABILITY NAMESPACE] in");
    await peer.expect("NAMESPACE", "* NAMESPACE NIL NIL NIL", "TAG OK");
    await peer.expect("LIST", '* LIST (\\Noselect) NIL ""', "TAG OK done");
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
  assert.deepEqual(session.namespace, { prefix: "", separator: undefined });
});

Deno.test("openSession() does without ID and ENABLE when they are refused", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await login(peer);
    await peer.expect("ID", "TAG BAD what?");
    await peer.expect("ENABLE", "TAG NO not today");
    await peer.expect("NAMESPACE", '* NAMESPACE (("" "/")) NIL NIL', "TAG OK");
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
  assert.deepEqual([...session.enabled], []);
  assert.deepEqual(session.namespace, { prefix: "", separator: "/" });
});

Deno.test("openSession() knows Exchange's login that opens nothing", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.expect("AUTHENTICATE", "TAG OK [CAPABILITY NAMESPACE] in");
    await peer.expect(
      "NAMESPACE",
      "TAG BAD User is authenticated but not connected.",
    );
  });
  const error = await failure(open({ port: server.port }));
  assert.equal(error.code, "auth.unavailable");
  assert.equal(error.retry, "later");
});

Deno.test("openSession() hands over what came behind the last reply", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await login(peer);
    await peer.expect("ID", "* ID NIL", "TAG OK");
    await peer.expect("ENABLE", "* ENABLED CONDSTORE", "TAG OK");
    await peer.expect(
      "NAMESPACE",
      '* NAMESPACE (("" "/")) NIL NIL',
      "TAG OK\r\n* 1 EXISTS\r\n* 2 EXI",
    );
    await peer.send("STS\r\n");
    await peer.expect("NOOP", "TAG OK done");
  });
  const session = await open({ port: server.port });
  const text = await command(session.transport, "x NOOP");
  session.transport.destroy();
  assert.match(text, /^\* 1 EXISTS\r\n\* 2 EXI\r\nSTS\r\nx OK done\r\n$/);
});

Deno.test("openSession() loses nothing that came with the greeting", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK hello\r\n* CAPABILITY IMAP4rev1 AUTH=PLA");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await peer.send("IN SASL-IR\r\n");
    await peer.expect("CAPABILITY", "* CAPABILITY AUTH=PLAIN", "TAG OK");
    await peer.expect("AUTHENTICATE", "+");
    await peer.line();
    await peer.send("S2 OK [CAPABILITY NAMESPACE] in\r\n");
    await finish(peer);
  });
  const session = await open({ port: server.port });
  session.transport.destroy();
});

Deno.test("openSession() stops when it is told to", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.line();
    stopper.abort(new Error("Told to stop"));
  });
  const stopper = new AbortController();
  await assert.rejects(
    open({ port: server.port }, { signal: stopper.signal }),
    /Told to stop/,
  );
});

Deno.test("openSession() stops when it is told to before the greeting", async () => {
  await using server = scriptedServer(() =>
    Promise.resolve(stopper.abort(new Error("Told to stop")))
  );
  const stopper = new AbortController();
  await assert.rejects(
    open({ port: server.port }, { signal: stopper.signal }),
    /Told to stop/,
  );
});

Deno.test("openSession() logs commands and replies, never secrets", async () => {
  await using server = scriptedServer(async (peer) => {
    await peer.send(CAPABLE);
    await peer.expect("AUTHENTICATE PLAIN", "TAG OK [CAPABILITY NAMESPACE] in");
    await finish(peer);
  });
  const log: string[] = [];
  const session = await open({ port: server.port }, { log });
  session.transport.destroy();
  assert.deepEqual(log, [
    `< ${CAPABLE.trim()}`,
    "> S1 AUTHENTICATE PLAIN ****",
    "< S1 OK [CAPABILITY NAMESPACE] in",
    "> S2 NAMESPACE",
    '< * NAMESPACE (("" "/")) NIL NIL',
    "< S2 OK done",
  ]);
});

/** Answers the login. */
async function login(peer: ScriptedPeer): Promise<void> {
  await peer.expect(
    "AUTHENTICATE PLAIN",
    "TAG OK [CAPABILITY IMAP4rev1 ID ENABLE NAMESPACE CONDSTORE] in",
  );
}

/** Answers whatever comes after it. */
async function finish(peer: ScriptedPeer): Promise<void> {
  for (;;) {
    const [tag, name] = (await peer.line()).split(" ");
    if (name === "NAMESPACE") {
      await peer.send('* NAMESPACE (("" "/")) NIL NIL\r\n');
    }
    await peer.send(`${tag} OK done\r\n`);
  }
}

/** Leads every name to the scripted server: so it is not loopback by its name. */
function localProxy(port: number) {
  return startSocksServer({ route: () => ({ hostname: "127.0.0.1", port }) });
}
