import assert from "node:assert/strict";
import { IdleCommand } from "../../../../src/imap/command/idle.ts";
import { noop } from "../../../../src/imap/command/noop.ts";
import { ResponseError } from "../../../../src/imap/connection_error.ts";
import type { UntaggedResponse } from "../../../../src/imap/wire/response.ts";
import { FakeServer, until } from "../fake_server.ts";

/** A server that knows IDLE: says `+` at once and OK after DONE. */
function idling(options: ConstructorParameters<typeof FakeServer>[1] = {}) {
  return new FakeServer(({ tag, text }, server) => {
    if (text === "IDLE") return "+ idling\r\n";
    if (tag === "" && text === "DONE") {
      return `${server.received.at(-2)?.tag} OK IDLE terminated\r\n`;
    }
    return `${tag} OK\r\n`;
  }, options);
}

Deno.test("IdleCommand tells when it has started, brings news, and ends by done()", async () => {
  const news: UntaggedResponse[] = [];
  const server = idling({ onUntagged: (response) => news.push(response) });
  const { connection } = server;
  const idle = new IdleCommand();
  const running = connection.execute(idle);
  await idle.started;
  server.say("* 4 EXISTS\r\n");
  await until(() => news.length === 1);
  idle.done();
  idle.done();
  await running;
  assert.deepEqual(server.received.map(({ text }) => text), ["IDLE", "DONE"]);
  connection.destroy();
});

Deno.test("IdleCommand may be silent for longer than other commands", async () => {
  const server = idling({ timeoutMs: 20 });
  const idle = new IdleCommand();
  const running = server.connection.execute(idle);
  await idle.started;
  await new Promise((resolve) => setTimeout(resolve, 60));
  idle.done();
  await running;
  server.connection.destroy();
});

Deno.test("IdleCommand fails when the server does not answer DONE", async () => {
  const server = new FakeServer(
    ({ text }) => text === "IDLE" ? "+ idling\r\n" : undefined,
    { timeoutMs: 30 },
  );
  const idle = new IdleCommand();
  const running = server.connection.execute(idle);
  running.catch(() => {});
  await idle.started;
  idle.done();
  await assert.rejects(running, { code: "imap.timeout" });
});

Deno.test("IdleCommand fails when the server does not start it", async () => {
  const server = new FakeServer(() => undefined, { timeoutMs: 30 });
  await assert.rejects(server.connection.execute(new IdleCommand()), {
    code: "imap.timeout",
  });
});

Deno.test("IdleCommand can be ended before the server is ready", async () => {
  const server = idling();
  const idle = new IdleCommand();
  const running = server.connection.execute(idle);
  idle.done();
  await running;
  assert.deepEqual(server.received.map(({ text }) => text), ["IDLE", "DONE"]);
  server.connection.destroy();
});

Deno.test("IdleCommand holds other commands back until it ends", async () => {
  const server = idling();
  const { connection } = server;
  const idle = new IdleCommand();
  const running = connection.execute(idle);
  await idle.started;
  const after = connection.execute(noop());
  await new Promise((resolve) => setTimeout(resolve, 3));
  assert.equal(server.received.length, 1);
  idle.done();
  await Promise.all([running, after]);
  assert.equal(server.received.at(-1)?.text, "NOOP");
  connection.destroy();
});

Deno.test("IdleCommand rejects when the server refuses", async () => {
  const server = new FakeServer(({ tag }) => `${tag} BAD no such\r\n`);
  await assert.rejects(
    server.connection.execute(new IdleCommand()),
    ResponseError,
  );
  server.connection.destroy();
});
