import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { startDelayProxy } from "../../support/delay_proxy.ts";

/** A server that sends back what it gets; counts what it got. */
function startEcho(): Deno.TcpListener {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const conn of listener) {
      conn.readable.pipeTo(conn.writable).catch(() => {});
    }
  })();
  return listener;
}

function connect(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

/** Reads exactly so many bytes, or fewer at the end of the stream. */
async function read(conn: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const count = await conn.read(bytes.subarray(at)).catch(() => null);
    if (count === null) break;
    at += count;
  }
  return bytes.subarray(0, at);
}

Deno.test("startDelayProxy() adds the delay to both directions", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port, delayMs: 30 });
  using conn = await connect(proxy.port);
  const start = performance.now();
  await conn.write(new Uint8Array([1, 2, 3]));
  assert.deepEqual([...await read(conn, 3)], [1, 2, 3]);
  assert.ok(performance.now() - start >= 60);
  assert.deepEqual(proxy.bytes, { up: 3, down: 3 });
  assert.equal(proxy.connections, 1);
});

Deno.test("startDelayProxy() passes 20 MB whole, both ways at once", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port, delayMs: 10 });
  using conn = await connect(proxy.port);
  const sent = new Uint8Array(20_000_000);
  for (let at = 0; at < sent.length; at++) sent[at] = at * 31 >> 3;
  const writing = (async () => {
    for (let at = 0; at < sent.length;) {
      at += await conn.write(sent.subarray(at));
    }
  })();
  const got = await read(conn, sent.length);
  await writing;
  assert.ok(Buffer.from(got).equals(sent));
});

Deno.test("DelayProxy.addFault() cuts after the given byte", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port });
  proxy.addFault({ direction: "down", afterBytes: 5, from: "connection" });
  using conn = await connect(proxy.port);
  await conn.write(new Uint8Array(20));
  assert.equal((await read(conn, 20)).length, 5);
  proxy.heal();
  using second = await connect(proxy.port);
  await second.write(new Uint8Array(20));
  assert.equal((await read(second, 20)).length, 20);
});

Deno.test("DelayProxy.addFault() stalls after the given byte until healed", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port });
  using conn = await connect(proxy.port);
  await conn.write(new Uint8Array(4));
  await read(conn, 4);
  proxy.addFault({ direction: "up", afterBytes: 6, action: "stall" });
  await conn.write(new Uint8Array(20));
  assert.equal((await read(conn, 6)).length, 6);
  assert.equal(proxy.bytes.up, 10);
  proxy.heal();
  assert.equal((await read(conn, 14)).length, 14);
});

Deno.test("DelayProxy.cutNow() ends what is open and lets new ones in", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port });
  using conn = await connect(proxy.port);
  await conn.write(new Uint8Array(1));
  await read(conn, 1);
  proxy.cutNow();
  assert.equal((await read(conn, 1)).length, 0);
  using second = await connect(proxy.port);
  await second.write(new Uint8Array(1));
  assert.equal((await read(second, 1)).length, 1);
});

Deno.test("DelayProxy.refuse() hangs up on new connections", async () => {
  using echo = startEcho();
  await using proxy = startDelayProxy({ target: echo.addr.port });
  proxy.refuse();
  using conn = await connect(proxy.port);
  assert.equal((await read(conn, 1)).length, 0);
  assert.equal(proxy.connections, 0);
});

Deno.test("delay_proxy.ts runs as a process of its own", async () => {
  using echo = startEcho();
  const script = new URL("../../support/delay_proxy.ts", import.meta.url);
  await using process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      script.href,
      "--target",
      String(echo.addr.port),
      "--delay",
      "5",
    ],
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await lines.read();
  await lines.cancel();
  const { port } = JSON.parse(value);
  using conn = await connect(port);
  await conn.write(new Uint8Array([9]));
  assert.deepEqual([...await read(conn, 1)], [9]);
});
