import assert from "node:assert/strict";
import { append } from "../../../src/imap/command/append.ts";
import { fetch } from "../../../src/imap/command/fetch.ts";
import { noop } from "../../../src/imap/command/noop.ts";
import { select } from "../../../src/imap/command/select.ts";
import { ConnectionError } from "../../../src/imap/connection_error.ts";
import { UidSet } from "../../../src/imap/wire/uid_set.ts";
import { MemorySink } from "./body_sink.ts";
import { FakeServer, saying, until } from "./fake_server.ts";

const MIB = 1024 * 1024;

/** The octet at place `at` of a made-up body. */
function octetAt(at: number): number {
  return (at * 31 + (at >>> 8)) & 0xff;
}

/** A body of `size` octets, made as it is asked for. */
function* bodyOf(size: number, step = 64 * 1024): Generator<Uint8Array> {
  for (let at = 0; at < size; at += step) {
    const chunk = new Uint8Array(Math.min(step, size - at));
    for (let i = 0; i < chunk.length; i++) chunk[i] = octetAt(at + i);
    yield chunk;
  }
}

Deno.test("a body of 100 MB passes a slow sink in bounded memory", async () => {
  const size = 100 * MIB;
  let taken = 0;
  let wrong = 0;
  let ahead = 0;
  let given = 0;
  const server = new FakeServer(({ tag }, self) => {
    const send = async () => {
      self.say(`* 1 FETCH (UID 1 BODY[] {${size}}\r\n`);
      for (const chunk of bodyOf(size)) {
        given += chunk.length;
        if (!self.say(chunk)) await self.drained();
      }
      self.say(`)\r\n${tag} OK\r\n`);
    };
    void send();
  });
  let turns = 0;
  const result = await server.connection.execute(fetch({
    uids: UidSet.of(1),
    items: ["BODY.PEEK[]"],
    openBody: () => ({
      write(chunk) {
        // Every 997th octet: all of them would take seconds.
        for (let i = 0; i < chunk.length; i += 997) {
          if (chunk[i] !== octetAt(taken + i)) wrong++;
        }
        taken += chunk.length;
        ahead = Math.max(ahead, given - taken);
        if (++turns % 50 !== 0) return;
        return new Promise((resolve) => setTimeout(resolve, 1));
      },
      end() {},
      abort() {},
    }),
    onRow: () => {},
  }));
  assert.equal(result.received.size, 1);
  assert.equal(taken, size);
  assert.equal(wrong, 0);
  // What the streams between hold; never the body.
  assert.ok(ahead < MIB, `${ahead} bytes ahead`);
  server.connection.destroy();
});

Deno.test("reading stops while a row's handler is busy", async () => {
  let busy = 0;
  let most = 0;
  const server = new FakeServer(saying(
    ...Array.from(
      { length: 20 },
      (_, at) => `* ${at + 1} FETCH (UID ${at + 1} FLAGS ())`,
    ),
  ));
  const order: number[] = [];
  await server.connection.execute(fetch({
    uids: UidSet.range(1, 20),
    items: ["FLAGS"],
    onRow: async ({ seq }) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, seq % 3));
      order.push(seq);
      busy--;
    },
  }));
  assert.equal(most, 1);
  assert.deepEqual(order, Array.from({ length: 20 }, (_, at) => at + 1));
  server.connection.destroy();
});

Deno.test("a slow handler is not the server's silence", async () => {
  const server = new FakeServer(
    saying("* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())"),
    { timeoutMs: 20 },
  );
  const result = await server.connection.execute(fetch({
    uids: UidSet.range(1, 2),
    items: ["FLAGS"],
    onRow: () => new Promise((resolve) => setTimeout(resolve, 60)),
  }));
  assert.equal(result.received.size, 2);
  server.connection.destroy();
});

Deno.test("the end of the stream waits for handlers that are busy", async () => {
  const server = new FakeServer(({ tag }, self) => {
    self.say(`* 1 FETCH (UID 1 FLAGS ())\r\n${tag} OK\r\n`);
    self.hangUp();
  });
  const result = await server.connection.execute(fetch({
    uids: UidSet.of(1),
    items: ["FLAGS"],
    onRow: () => new Promise((resolve) => setTimeout(resolve, 20)),
  }));
  assert.equal(result.received.size, 1);
  await server.connection.closed;
});

Deno.test("a sink is aborted when the connection ends under it", async () => {
  const server = new FakeServer((_, self) => {
    self.say("* 1 FETCH (UID 1 BODY[] {10}\r\nabc");
    self.hangUp();
  });
  const sink = new MemorySink(10);
  await assert.rejects(
    server.connection.execute(fetch({
      uids: UidSet.of(1),
      items: ["BODY.PEEK[]"],
      openBody: () => sink,
      onRow: () => assert.fail("no row is complete"),
    })),
    ConnectionError,
  );
  assert.equal(sink.state, "aborted");
  assert.equal(sink.text, "abc");
});

Deno.test("a sink is aborted when its command is given up, the rest is read over", async () => {
  const server = new FakeServer(() => undefined);
  const { connection } = server;
  const control = new AbortController();
  const sink = new MemorySink(10);
  const running = connection.execute(
    fetch({
      uids: UidSet.of(1),
      items: ["BODY.PEEK[]"],
      openBody: () => sink,
      onRow: () => assert.fail("given up"),
    }),
    { signal: control.signal },
  );
  await until(() => server.received.length === 1);
  server.say("* 1 FETCH (UID 1 BODY[] {10}\r\nabc");
  await until(() => sink.chunks.length === 1);
  control.abort(new Error("enough"));
  await assert.rejects(running, { message: "enough" });
  const next = connection.execute(noop());
  server.say("defghij)\r\nA1 OK\r\nA2 OK\r\n");
  await next;
  assert.equal(sink.state, "aborted");
  connection.destroy();
});

async function* streamed(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    await Promise.resolve();
    yield new TextEncoder().encode(text);
  }
}

Deno.test("append() streams its data", async () => {
  const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
  const { connection } = server;
  await connection.executeAll([
    append("x", { data: { size: 6, chunks: streamed("abc", "", "def") } }),
    append("y", { data: { size: 0, chunks: streamed() } }),
  ]);
  assert.deepEqual(server.received.map(({ text }) => text), [
    "APPEND x {6+}\r\nabcdef",
    "APPEND y {0+}\r\n",
  ]);
  connection.destroy();
});

Deno.test("append() reads its data no faster than the server takes it", async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 100; at++) {
      await Promise.resolve();
      read++;
      yield new Uint8Array(64 * 1024);
    }
  }
  const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
  const { connection } = server;
  server.stalled = true;
  const running = connection.execute(
    append("x", { data: { size: 100 * 64 * 1024, chunks: endless() } }),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(read <= 2, `${read} chunks were read`);
  server.unstall();
  await running;
  assert.equal(read, 100);
  connection.destroy();
});

Deno.test("append() over a slow line is not the server's silence", async () => {
  const server = new FakeServer(saying(), {
    capabilities: ["LITERAL+"],
    takeMs: 20,
    timeoutMs: 60,
  });
  const started = performance.now();
  await server.connection.execute(
    append("x", { data: new Uint8Array(500_000) }),
  );
  assert.ok(performance.now() - started > 100);
  server.connection.destroy();
});

Deno.test("append() may use its buffer again for each chunk", async () => {
  const buffer = new Uint8Array(4);
  async function* reused(): AsyncGenerator<Uint8Array> {
    for (const letter of "abcd") {
      await Promise.resolve();
      buffer.fill(letter.charCodeAt(0));
      yield buffer;
    }
  }
  const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
  await server.connection.execute(
    append("x", { data: { size: 16, chunks: reused() } }),
  );
  assert.equal(
    server.received[0]?.text,
    "APPEND x {16+}\r\naaaabbbbccccdddd",
  );
  server.connection.destroy();
});

for (
  const [what, texts] of [["fewer", ["ab"]], ["more", ["abc", "def"]]] as const
) {
  Deno.test(`append() ends the connection when ${what} bytes come than announced`, async () => {
    const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
    const { connection } = server;
    await assert.rejects(
      connection.execute(
        append("x", { data: { size: 5, chunks: streamed(...texts) } }),
      ),
      (error) => {
        assert.ok(error instanceof ConnectionError);
        assert.equal(error.code, "imap.append_size");
        assert.equal(error.scope, "message");
        return true;
      },
    );
    assert.equal(server.destroyed, true);
    // Nothing that the server could take for a whole message.
    assert.equal(server.received.length, 0);
  });
}

Deno.test("append() ends the connection when its data cannot be read", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(2));
    throw new Error("EIO");
  }
  const server = new FakeServer(() => undefined, {
    capabilities: ["LITERAL+"],
  });
  const { connection } = server;
  const [other, culprit] = await Promise.allSettled([
    connection.execute(noop()),
    connection.execute(append("x", { data: { size: 5, chunks: broken() } })),
  ]);
  assert.equal(culprit.status, "rejected");
  assert.equal(culprit.reason.code, "imap.append_source");
  assert.equal(culprit.reason.scope, "message");
  assert.equal(other.status, "rejected");
  assert.equal(other.reason.code, "imap.closed");
  assert.equal(other.reason.retry, "now");
  assert.equal(server.destroyed, true);
});

Deno.test("append() stops reading its data when the connection ends", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        yield new Uint8Array(1000);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      closed = true;
    }
  }
  const server = new FakeServer(saying(), { capabilities: ["LITERAL+"] });
  const running = server.connection.execute(
    append("x", { data: { size: 1e9, chunks: endless() } }),
  );
  setTimeout(() => server.hangUp(), 5);
  await assert.rejects(running, { code: "imap.closed" });
  await until(() => closed);
});

/** What a server says in a session of several commands, cut into its parts. */
const SESSION = [
  "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nA1 OK [READ-WRITE] done\r\n",
  "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {7}\r\na\r\nb\r\nc)\r\n* 2 FETCH (UID 2 BODY[] {0}\r\n FLAGS ())\r\nA2 OK\r\n",
  "A3 OK bye\r\n",
];

Deno.test("a connection cut at any byte gives whole rows and settles everything", async () => {
  const total = SESSION.join("").length;
  for (let cut = 0; cut <= total; cut++) {
    let left = cut;
    const server = new FakeServer((_, self) => {
      const said = SESSION[self.received.length - 1] ?? "";
      self.say(said.slice(0, left));
      left -= said.length;
      if (left < 0) self.hangUp();
    });
    const { connection } = server;
    const sinks: MemorySink[] = [];
    const rows: string[] = [];
    const outcomes = await Promise.allSettled([
      connection.execute(select("x")),
      connection.execute(fetch({
        uids: UidSet.range(1, 2),
        items: ["FLAGS", "BODY.PEEK[]"],
        openBody: (_, size) => {
          const sink = new MemorySink(size);
          sinks.push(sink);
          return sink;
        },
        onRow: (row, sink) => {
          assert.equal(sink?.state, "ended");
          assert.equal(sink?.text.length, sink?.sizeBytes);
          rows.push(`${row.uid} ${row.flags} ${sink?.text}`);
        },
      })),
      connection.execute(noop()),
    ]);
    const all = ["1 \\Seen a\r\nb\r\nc", "2  "];
    assert.deepEqual(rows, all.slice(0, rows.length));
    assert.ok(sinks.every(({ state }) => state !== "open"));
    assert.equal(
      sinks.filter(({ state }) => state === "ended").length,
      rows.length,
    );
    for (const [at, outcome] of outcomes.entries()) {
      const end = SESSION.slice(0, at + 1).join("").length;
      assert.equal(outcome.status === "fulfilled", cut >= end, `cut at ${cut}`);
      if (outcome.status === "rejected") {
        assert.ok(outcome.reason instanceof ConnectionError);
        assert.equal(outcome.reason.code, "imap.closed");
      }
    }
    connection.destroy();
  }
});
