import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import {
  connect,
  type ConnectOptions,
} from "../../src/imap/session/connect.ts";
import { certificates, hasOpenssl } from "../support/certificates.ts";

/** Beside 127.0.0.1 only Linux has the rest of 127.0.0.0/8 without asking. */
function linuxTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn });
}

const SILENT = "127.0.0.2";
const OPTIONS: Omit<ConnectOptions, "port"> = {
  host: "mail.test",
  mode: "none",
  tls: {},
  proxy: undefined,
  family: undefined,
  signal: undefined,
  connectTimeoutMs: 20_000,
  greetingTimeoutMs: 20_000,
};

function lookupOf(...addresses: string[]) {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(":") ? 6 : 4,
  }));
  return () => Promise.resolve(found);
}

/** An address that answers to nothing: those who wait for it fill its queue. */
async function silentAddress(port: number): Promise<Disposable> {
  const listener = Deno.listen({ hostname: SILENT, port, tcpBacklog: 1 });
  const waiting: Deno.Conn[] = [];
  for (;;) {
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), 300);
    try {
      waiting.push(
        await Deno.connect({
          ...{ hostname: SILENT, port },
          signal: stopper.signal,
        }),
      );
    } catch {
      break;
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    [Symbol.dispose]() {
      for (const conn of waiting) conn.close();
      listener.close();
    },
  };
}

/** Greets, and counts who came. */
function greeter(listener: Deno.Listener) {
  const state = { connections: 0 };
  const open: Deno.Conn[] = [];
  const served = (async () => {
    for await (const conn of listener) {
      state.connections++;
      open.push(conn);
      await conn.write(new TextEncoder().encode("* OK hello\r\n"))
        .catch(() => {});
    }
  })().catch(() => {});
  return Object.assign(state, {
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) conn.close();
      await served;
    },
  });
}

linuxTest(
  "connect() uses the second address when the first one is silent",
  async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using server = greeter(listener);
    const { port } = listener.addr;
    using _ = await silentAddress(port);
    const started = performance.now();
    const { socket } = await connect({
      ...{ ...OPTIONS, port },
      lookup: lookupOf(SILENT, "127.0.0.1"),
    });
    // Not the time limit of 20 seconds, nor any retry of the system's.
    assert(performance.now() - started < 10_000);
    assert.equal(
      socket instanceof Object && "remoteAddress" in socket &&
        socket.remoteAddress,
      "127.0.0.1",
    );
    socket.destroy();
    assert.equal(server.connections, 1);
  },
);

linuxTest("connect() gives up when all addresses are silent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  using _ = await silentAddress(port);
  const failure = await connect({
    ...{ ...OPTIONS, port, connectTimeoutMs: 700 },
    lookup: lookupOf(SILENT, SILENT),
  }).catch((error) => error);
  assert.equal(failure.cause.code, "CONNECT_TIMEOUT");
  assert.deepEqual(failure.tried, [SILENT, SILENT]);
});

linuxTest("connect() opens no second connection to who answers", async () => {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  await using server = greeter(listener);
  const { socket } = await connect({
    ...{ ...OPTIONS, port: listener.addr.port },
    lookup: lookupOf("127.0.0.1", "127.0.0.2", "127.0.0.3"),
  });
  socket.destroy();
  assert.equal(server.connections, 1);
});

Deno.test({
  name: "connect() checks the certificate against the name, not the address",
  ignore: Deno.build.os !== "linux" || !hasOpenssl(),
  fn: async () => {
    const files = await certificates();
    const listener = Deno.listenTls({
      ...{ hostname: "0.0.0.0", port: 0 },
      cert: await Deno.readTextFile(files.server.certificate),
      key: await Deno.readTextFile(files.server.key),
    });
    await using _server = greeter(listener);
    const { port } = listener.addr;
    const tls = { ca: await Deno.readTextFile(files.ca) };
    // No address of these is in the certificate; the first name is.
    for (const [host, good] of [["imap.test", true], ["a.b", false]] as const) {
      const outcome = await connect({
        ...{ ...OPTIONS, host, port, tls, mode: "implicit" },
        lookup: lookupOf("127.0.0.3", "127.0.0.2"),
      }).then(({ socket }) => void socket.destroy(), (error) => error);
      assert.equal(
        outcome?.cause.code,
        good ? undefined : "ERR_TLS_CERT_ALTNAME_INVALID",
        Deno.inspect(outcome),
      );
    }
  },
});
