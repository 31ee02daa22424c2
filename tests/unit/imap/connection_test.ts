import assert from "node:assert/strict";
import { append } from "../../../src/imap/command/append.ts";
import { capability } from "../../../src/imap/command/capability.ts";
import { enable } from "../../../src/imap/command/enable.ts";
import { fetch } from "../../../src/imap/command/fetch.ts";
import { list } from "../../../src/imap/command/list.ts";
import { noop } from "../../../src/imap/command/noop.ts";
import { search } from "../../../src/imap/command/search.ts";
import { select } from "../../../src/imap/command/select.ts";
import { status } from "../../../src/imap/command/status.ts";
import {
  ConnectionError,
  ResponseError,
} from "../../../src/imap/connection_error.ts";
import { MailError } from "../../../src/errors.ts";
import type { UntaggedResponse } from "../../../src/imap/wire/response.ts";
import { UidSet } from "../../../src/imap/wire/uid_set.ts";
import { FakeServer, type Received, saying, until } from "./fake_server.ts";

const BYTES = new TextEncoder().encode("Subject: x\r\n\r\n");

/** Rejections that a test does not look at must not end it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

Deno.test("execute() writes the command and gives its result", async () => {
  const server = new FakeServer(saying("* STATUS x (MESSAGES 3)"));
  const result = await server.connection.execute(status("x", ["MESSAGES"]));
  assert.equal(result?.messages, 3);
  assert.deepEqual(server.received, [{
    tag: "A1",
    text: "STATUS x (MESSAGES)",
  }]);
  server.connection.destroy();
});

Deno.test("execute() sends calls made in one go in one round trip", async () => {
  const waiting: Received[] = [];
  const server = new FakeServer((command) => void waiting.push(command));
  const { connection } = server;
  const names = ["a", "b", "c"];
  const all = connection.executeAll(
    names.map((name) => status(name, ["MESSAGES"])),
  );
  await until(() => waiting.length === 3);
  // Answers in another order than asked: each finds its own.
  for (const { tag, text } of waiting.toReversed()) {
    const name = text.split(" ")[1];
    server.say(`* STATUS ${name} (MESSAGES ${name?.charCodeAt(0)})\r\n`);
    server.say(`${tag} OK\r\n`);
  }
  assert.deepEqual(
    (await all).map((result) => result?.messages),
    [97, 98, 99],
  );
  assert.equal(connection.stats.commands, 3);
  assert.equal(connection.stats.roundTrips, 1);
  connection.destroy();
});

Deno.test("execute() keeps to the window of commands, and opens it again when half is free", async () => {
  const waiting: Received[] = [];
  const server = new FakeServer((command) => void waiting.push(command), {
    windowCommands: 4,
  });
  const answer = (at: number) => server.say(`${waiting[at]?.tag} OK\r\n`);
  const all = Array.from(
    { length: 7 },
    () => server.connection.execute(noop()),
  );
  await until(() => waiting.length === 4);
  answer(0);
  await all[0];
  assert.equal(waiting.length, 4);
  answer(1);
  await until(() => waiting.length === 6);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(waiting.length, 6);
  for (let at = 2; at < 7; at++) {
    await until(() => waiting.length > at);
    answer(at);
  }
  await Promise.all(all);
  server.connection.destroy();
});

Deno.test("execute() keeps to the window of bytes, but never stops for good", async () => {
  const waiting: Received[] = [];
  const server = new FakeServer((command) => void waiting.push(command), {
    windowBytes: 1000,
    capabilities: ["LITERAL+"],
  });
  const all = Array.from(
    { length: 3 },
    () =>
      server.connection.execute(append("x", { data: new Uint8Array(5000) })),
  );
  for (let at = 0; at < 3; at++) {
    await until(() => waiting.length === at + 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    assert.equal(waiting.length, at + 1);
    server.say(`${waiting[at]?.tag} OK\r\n`);
  }
  await Promise.all(all);
  server.connection.destroy();
});

Deno.test("execute() lets a command be alone that must", async () => {
  const waiting: Received[] = [];
  const server = new FakeServer((command) => void waiting.push(command));
  const { connection } = server;
  const all = [
    connection.execute(noop()),
    connection.execute(select("x")),
    connection.execute(noop()),
  ];
  for (const expected of ["NOOP", "SELECT x", "NOOP"]) {
    await until(() => waiting.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    const command = waiting.shift();
    assert.equal(waiting.length, 0);
    assert.equal(command?.text, expected);
    server.say(`${command?.tag} OK\r\n`);
  }
  await Promise.all(all);
  assert.equal(connection.stats.roundTrips, 3);
  connection.destroy();
});

Deno.test("execute() never has two searches or listings under way at once", async () => {
  const waiting: Received[] = [];
  const server = new FakeServer((command) => void waiting.push(command));
  const { connection } = server;
  const searches = connection.executeAll([search(), search()]);
  await until(() => waiting.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(waiting.length, 1);
  server.say(`* SEARCH 1\r\n${waiting[0]?.tag} OK\r\n`);
  await until(() => waiting.length === 2);
  server.say(`* SEARCH 2\r\n${waiting[1]?.tag} OK\r\n`);
  assert.deepEqual(
    (await searches).map(({ uids }) => String(uids)),
    ["1", "2"],
  );
  connection.destroy();
});

Deno.test("execute() waits with a literal until the server asks for it", async () => {
  let asked = 0;
  const server = new FakeServer(saying(), {
    onLiteral: () => {
      asked++;
      return "+ ready\r\n";
    },
  });
  const { connection } = server;
  await connection.execute(append("x y", { data: BYTES }));
  assert.equal(asked, 1);
  assert.equal(
    server.received[0]?.text,
    'APPEND "x y" {14}\r\nSubject: x\r\n\r\n',
  );
  assert.equal(connection.stats.roundTrips, 2);
  connection.destroy();
});

Deno.test("execute() does not wait with LITERAL+", async () => {
  const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
  const { connection } = server;
  await connection.executeAll(
    Array.from({ length: 20 }, () => append("x", { data: BYTES })),
  );
  assert.equal(
    server.received[0]?.text,
    "APPEND x {14+}\r\nSubject: x\r\n\r\n",
  );
  assert.equal(connection.stats.roundTrips, 1);
  connection.destroy();
});

Deno.test("execute() goes on when the server refuses a literal", async () => {
  const server = new FakeServer(saying(), {
    onLiteral: (_, tag) => `${tag} NO [OVERQUOTA] full\r\n`,
  });
  const { connection } = server;
  const refused = quiet(connection.execute(append("x", { data: BYTES })));
  const after = connection.execute(noop());
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ResponseError);
    assert.equal(error.code, "imap.no");
    assert.equal(error.codeName, "OVERQUOTA");
    assert.equal(error.responseText, "full");
    return true;
  });
  await after;
  assert.deepEqual(server.received.map(({ text }) => text), ["NOOP"]);
  connection.destroy();
});

Deno.test("execute() pipelines behind a literal that waited", async () => {
  const server = new FakeServer(saying());
  const { connection } = server;
  const results = await Promise.all([
    connection.execute(append("x", { data: BYTES })),
    connection.execute(noop()),
    connection.execute(append("y", { data: BYTES })),
  ]);
  assert.equal(results.length, 3);
  assert.deepEqual(
    server.received.map(({ text }) => text.split(" ")[0]),
    ["APPEND", "NOOP", "APPEND"],
  );
  connection.destroy();
});

for (
  const [line, expected] of [
    ["NO [TRYCREATE] no such", {
      code: "imap.no",
      codeName: "TRYCREATE",
      scope: "mailbox",
      retry: "never",
    }],
    ["NO later", {
      code: "imap.no",
      codeName: undefined,
      scope: "mailbox",
      retry: "later",
    }],
    ["NO [UNAVAILABLE] backend", {
      code: "imap.no",
      codeName: "UNAVAILABLE",
      scope: "account",
      retry: "later",
    }],
    ["NO [X-SPECIAL a b] oh", {
      code: "imap.no",
      codeName: "X-SPECIAL",
      scope: "mailbox",
      retry: "later",
    }],
    ["BAD what", {
      code: "imap.bad",
      codeName: undefined,
      scope: "mailbox",
      retry: "never",
    }],
    ["BAD Request is throttled. Suggested Backoff Time: 1000", {
      code: "imap.bad",
      codeName: undefined,
      scope: "mailbox",
      retry: "later",
    }],
  ] as const
) {
  Deno.test(`execute() rejects after "${line}" with what it says`, async () => {
    const server = new FakeServer(({ tag }) => `${tag} ${line}\r\n`);
    await assert.rejects(server.connection.execute(noop()), (error) => {
      assert.ok(error instanceof ResponseError);
      const { code, codeName, scope, retry } = error;
      assert.deepEqual({ code, codeName, scope, retry }, expected);
      assert.equal(error.command, "NOOP");
      assert.equal(server.connection.isClosed, false);
      return true;
    });
    server.connection.destroy();
  });
}

Deno.test("ResponseError keeps control characters of the server off the screen", async () => {
  const server = new FakeServer(({ tag }) => `${tag} NO \x1b[2Jgone\xff\r\n`);
  await assert.rejects(
    server.connection.execute(noop()),
    { message: "Server refused NOOP: ?[2Jgone?" },
  );
  server.connection.destroy();
});

Deno.test("onUntagged gets everything that no command claims", async () => {
  const got: UntaggedResponse[] = [];
  const server = new FakeServer(
    saying(
      "* 5 EXISTS",
      "* 2 EXPUNGE",
      "* VANISHED 7:8",
      "* 3 FETCH (FLAGS (\\Seen))",
      "* OK [ALERT] careful",
      "* LIST () NIL new",
      "* X-NEW thing",
    ),
    { onUntagged: (response) => got.push(response) },
  );
  const { connection } = server;
  await connection.execute(noop());
  assert.deepEqual(got.map(({ kind }) => kind), [
    "exists",
    "expunge",
    "vanished",
    "fetch",
    "status",
    "list",
    "other",
  ]);
  assert.equal(connection.stats.unsolicited, 7);
  connection.destroy();
});

Deno.test("onUntagged gets news while nothing is under way", async () => {
  const got: UntaggedResponse[] = [];
  const server = new FakeServer(saying());
  server.connection.onUntagged = (response) => got.push(response);
  server.say("* 1 EXISTS\r\n");
  await until(() => got.length === 1);
  server.connection.destroy();
});

Deno.test("onUntagged gets news in the middle of a listing", async () => {
  const got: UntaggedResponse[] = [];
  const server = new FakeServer(
    saying("* LIST () NIL a", "* 9 EXISTS", "* LIST () NIL b"),
    { onUntagged: (response) => got.push(response) },
  );
  const { mailboxes } = await server.connection.execute(list());
  assert.deepEqual(mailboxes.map(({ name }) => name), ["a", "b"]);
  assert.deepEqual(got, [{ kind: "exists", count: 9 }]);
  server.connection.destroy();
});

Deno.test("capabilities and enabled follow what the server says", async () => {
  const server = new FakeServer(({ tag, text }) => {
    if (text === "CAPABILITY") return `* CAPABILITY A B\r\n${tag} OK\r\n`;
    if (text === "NOOP") return `${tag} OK [CAPABILITY C D] hi\r\n`;
    return `* ENABLED QRESYNC CONDSTORE\r\n${tag} OK\r\n`;
  }, { enabled: ["UTF8=ACCEPT"] });
  const { connection } = server;
  assert.deepEqual(await connection.execute(capability()), new Set("AB"));
  assert.deepEqual(connection.capabilities, new Set("AB"));
  await connection.execute(noop());
  assert.deepEqual(connection.capabilities, new Set("CD"));
  await connection.execute(enable(["QRESYNC", "X"]));
  assert.equal(server.received[2]?.text, "ENABLE QRESYNC X");
  assert.deepEqual(
    connection.enabled,
    new Set(["UTF8=ACCEPT", "QRESYNC", "CONDSTORE"]),
  );
  connection.destroy();
});

Deno.test("execute() refuses what cannot be sent and sends nothing of it", async () => {
  const steps: string[] = [];
  const server = new FakeServer(saying(), {
    step: (kind, name) => void steps.push(`${kind} ${name}`),
  });
  const { connection } = server;
  await assert.rejects(
    connection.execute(append("x", { flags: ["a b"], data: BYTES })),
    { code: "imap.argument", scope: "message", retry: "never" },
  );
  await connection.execute(noop());
  assert.deepEqual(steps, ["imap NOOP"]);
  assert.deepEqual(server.received.map(({ text }) => text), ["NOOP"]);
  connection.destroy();
});

Deno.test("execute() lets a step stop a command before it is written", async () => {
  const server = new FakeServer(saying(), {
    step: (_, name) => {
      if (name === "SELECT") throw new Error("stopped");
    },
  });
  const { connection } = server;
  await assert.rejects(connection.execute(select("x")), { message: "stopped" });
  await connection.execute(noop());
  assert.deepEqual(server.received.map(({ text }) => text), ["NOOP"]);
  connection.destroy();
});

Deno.test("execute() does not write what was given up before its turn", async () => {
  const server = new FakeServer(() => undefined);
  const { connection } = server;
  const control = new AbortController();
  const first = quiet(connection.execute(select("x")));
  const second = quiet(
    connection.execute(noop(), { signal: control.signal }),
  );
  await until(() => server.received.length === 1);
  control.abort(new Error("enough"));
  await assert.rejects(second, { message: "enough" });
  server.say("A1 OK\r\n");
  await first;
  await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(server.received.length, 1);
  connection.destroy();
});

Deno.test("execute() with a signal already aborted sends nothing", async () => {
  const server = new FakeServer(saying());
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(
    server.connection.execute(noop(), { signal }),
    { message: "enough" },
  );
  assert.equal(server.received.length, 0);
  server.connection.destroy();
});

Deno.test("execute() given up while under way leaves the connection usable", async () => {
  const server = new FakeServer(() => undefined);
  const { connection } = server;
  const control = new AbortController();
  const rows: number[] = [];
  const given = quiet(connection.execute(
    fetch({
      uids: UidSet.range(1, 2),
      items: ["FLAGS"],
      onRow: ({ seq }) => void rows.push(seq),
    }),
    { signal: control.signal },
  ));
  await until(() => server.received.length === 1);
  control.abort(new Error("enough"));
  await assert.rejects(given, { message: "enough" });
  const next = connection.execute(noop());
  server.say("* 1 FETCH (UID 1 FLAGS ())\r\nA1 OK\r\nA2 OK\r\n");
  await next;
  assert.deepEqual(rows, []);
  assert.equal(connection.stats.unsolicited, 1);
  connection.destroy();
});

Deno.test("execute() fails for an answer that cannot be read, not the connection", async () => {
  const server = new FakeServer(({ tag, text }) =>
    text.startsWith("LIST")
      ? `* LIST () NIL a\r\n* LIST (broken\r\n${tag} OK\r\n`
      : `${tag} OK\r\n`
  );
  const { connection } = server;
  await assert.rejects(connection.execute(list()), {
    code: "imap.malformed",
    scope: "mailbox",
  });
  assert.equal(connection.stats.malformed, 1);
  await connection.execute(noop());
  connection.destroy();
});

Deno.test("execute() fails when the end of the command cannot be read", async () => {
  const server = new FakeServer(({ tag, text }) =>
    text === "NOOP" ? `${tag} OKAY\r\n` : `${tag} OK\r\n`
  );
  const { connection } = server;
  await assert.rejects(connection.execute(noop()), { code: "imap.malformed" });
  await connection.execute(status("x", ["MESSAGES"]));
  connection.destroy();
});

Deno.test("onMalformed gets answers to commands that nobody sent", async () => {
  const reasons: string[] = [];
  const server = new FakeServer(saying("Z9 OK what", "+ go", "A1 OK"), {
    onMalformed: ({ reason }) => void reasons.push(reason),
  });
  await server.connection.execute(noop());
  await until(() => reasons.length === 3);
  assert.deepEqual(reasons, [
    "No command has this tag",
    "Nothing waits for a continuation",
    "No command has this tag",
  ]);
  server.connection.destroy();
});

Deno.test("ConnectionError tells which commands may have been carried out", async () => {
  const server = new FakeServer(() => undefined);
  const { connection } = server;
  const sent = quiet(connection.execute(select("x")));
  const queued = quiet(connection.execute(noop()));
  await until(() => server.received.length === 1);
  server.say("* BYE shutting down\r\n");
  server.hangUp();
  for (const [command, wasSent] of [[sent, true], [queued, false]] as const) {
    await assert.rejects(command, (error) => {
      assert.ok(error instanceof ConnectionError);
      assert.equal(error.code, "imap.closed");
      assert.equal(error.scope, "account");
      assert.equal(error.retry, "now");
      assert.equal(error.sent, wasSent);
      assert.match(error.message, /shutting down/);
      return true;
    });
  }
  assert.equal(connection.isClosed, true);
  assert.match((await connection.closed).message, /shutting down/);
  await assert.rejects(connection.execute(noop()), { code: "imap.closed" });
  assert.equal(server.destroyed, true);
});

Deno.test("execute() does not wait for a server that said BYE and stays", async () => {
  const server = new FakeServer(() => "* BYE idle for too long\r\n");
  await assert.rejects(server.connection.execute(noop()), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /idle for too long/);
    return true;
  });
  assert.equal(server.destroyed, true);
});

Deno.test("execute() rejects when the socket breaks", async () => {
  const server = new FakeServer((_, self) => {
    self.fail(new Error("ECONNRESET"));
  });
  await assert.rejects(server.connection.execute(noop()), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /ECONNRESET/);
    return true;
  });
});

Deno.test("execute() rejects when the socket cannot be written to", async () => {
  const server = new FakeServer(() => undefined);
  server.transport.output.destroy(new Error("EPIPE"));
  await assert.rejects(server.connection.execute(noop()), {
    code: "imap.closed",
  });
});

Deno.test("execute() takes all that came before the end", async () => {
  const server = new FakeServer(({ tag }, self) => {
    self.say(`* STATUS x (MESSAGES 3)\r\n${tag} OK\r\n`);
    self.hangUp();
  });
  const result = await server.connection.execute(status("x", ["MESSAGES"]));
  assert.equal(result?.messages, 3);
  await server.connection.closed;
});

Deno.test("execute() gives up on a server that says nothing", async () => {
  const server = new FakeServer(() => undefined, { timeoutMs: 30 });
  await assert.rejects(server.connection.execute(noop()), {
    code: "imap.timeout",
    scope: "account",
    retry: "now",
  });
  assert.equal(server.destroyed, true);
});

Deno.test("execute() waits as long as bytes come, be they few", async () => {
  const server = new FakeServer(() => undefined, { timeoutMs: 60 });
  const running = server.connection.execute(noop());
  for (const octet of "* OK still here\r\nA1 OK\r\n") {
    await new Promise((resolve) => setTimeout(resolve, 8));
    server.say(octet);
  }
  await running;
  server.connection.destroy();
});

Deno.test("timeoutMs does not count while nothing is under way", async () => {
  const server = new FakeServer(saying(), { timeoutMs: 20 });
  await server.connection.execute(noop());
  await new Promise((resolve) => setTimeout(resolve, 60));
  await server.connection.execute(noop());
  server.connection.destroy();
});

Deno.test("execute() ends the connection when a limit is passed", async () => {
  const server = new FakeServer(saying(`* OK ${"x".repeat(2000)}`), {
    limits: { textBytes: 1000 },
  });
  await assert.rejects(server.connection.execute(noop()), {
    code: "imap.wire",
    scope: "account",
  });
  assert.equal(server.destroyed, true);
});

Deno.test("logout() says goodbye and ends the connection", async () => {
  const got: UntaggedResponse[] = [];
  const server = new FakeServer(saying("* BYE see you"), {
    onUntagged: (response) => got.push(response),
  });
  await server.connection.logout();
  assert.deepEqual(server.received.map(({ text }) => text), ["LOGOUT"]);
  assert.equal(server.destroyed, true);
  assert.deepEqual(got, []);
});

Deno.test("logout() does not mind a server that hangs up at once", async () => {
  const server = new FakeServer((_, self) => self.hangUp());
  await server.connection.logout();
  assert.equal(server.destroyed, true);
  await server.connection.logout();
});

Deno.test("leave() says goodbye and waits for no answer", async () => {
  const server = new FakeServer(() => undefined);
  await server.connection.leave();
  assert.deepEqual(server.received.map(({ text }) => text), ["LOGOUT"]);
  assert.equal(server.destroyed, true);
});

Deno.test("leave() sends LOGOUT behind what waits, and ends where nothing goes out", async () => {
  const server = new FakeServer(() => undefined);
  const waiting = quiet(server.connection.execute(noop()));
  await server.connection.leave();
  await assert.rejects(waiting);
  assert.equal(server.destroyed, true);
  await server.connection.leave();
});

Deno.test("ImapConnection logs out when its block is left", async () => {
  const server = new FakeServer(saying("* BYE"));
  {
    await using connection = server.connection;
    await connection.execute(noop());
  }
  assert.deepEqual(server.received.map(({ text }) => text), ["NOOP", "LOGOUT"]);
});

Deno.test("destroy() rejects what is under way", async () => {
  const server = new FakeServer(() => undefined);
  const running = quiet(server.connection.execute(noop()));
  server.connection.destroy();
  await assert.rejects(
    running,
    (error) => error instanceof MailError && error.code === "imap.closed",
  );
});

Deno.test("executeAll() waits for all and rejects with the first failure", async () => {
  const server = new FakeServer(({ tag, text }) =>
    `${tag} ${text.includes("bad") ? "NO" : "OK"}\r\n`
  );
  const { connection } = server;
  await assert.rejects(
    connection.executeAll(
      ["a", "bad", "c"].map((name) => status(name, ["MESSAGES"])),
    ),
    ResponseError,
  );
  assert.equal(server.received.length, 3);
  connection.destroy();
});

Deno.test("stats count bytes both ways", async () => {
  const server = new FakeServer(({ tag }) => `${tag} OK\r\n`);
  const { connection } = server;
  await connection.execute(noop());
  assert.equal(connection.stats.bytesOut, "A1 NOOP\r\n".length);
  assert.equal(connection.stats.bytesIn, "A1 OK\r\n".length);
  connection.destroy();
});
