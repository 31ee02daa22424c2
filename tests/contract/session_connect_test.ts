import assert from "node:assert/strict";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { freePort } from "../support/ports.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { failure, open, scriptedServer } from "./session_support.ts";

Deno.test("openSession() says that a host is not known", async () => {
  const error = await failure(open({ host: "no-such-host.invalid" }));
  assert.equal(error.code, "connect.dns");
  assert.equal(error.retry, "later");
  assert.match(
    error.message,
    /Cannot connect to no-such-host\.invalid:143 for repository "Remote"/,
  );
});

Deno.test("openSession() says that nothing listens", async () => {
  const error = await failure(open({ port: freePort() }));
  assert.equal(error.code, "connect.refused");
  assert.match(error.message, /nothing listens there$/);
  // A name: which of its addresses were tried is told as well.
  const named = await failure(open({ host: "localhost", port: freePort() }));
  assert.match(named.message, /listens there \(tried .*127\.0\.0\.1.*\)$/);
});

Deno.test("openSession() says that only ipv6 stands in the way", async () => {
  const error = await failure(
    open({ host: "localhost.localdomain", port: freePort(), ipv6: true }),
  );
  // Where such a name is not known, or has both kinds of address, that is told.
  assert.match(error.code, /^connect\.(dns|refused)$/);
  if (/no IPv6 address/.test(error.message)) {
    assert.match(error.message, /only 127\.0\.0\.1/);
    assert.equal(error.hint, "Remove ipv6 = yes");
  }
});

Deno.test("openSession() gives up on a server that says nothing", async () => {
  await using server = scriptedServer(() => Promise.resolve());
  for (const tls of ["implicit", "starttls", "none"] as const) {
    const started = performance.now();
    const error = await failure(open({
      ...{ port: server.port, tls },
      ...{ connectTimeoutMs: 200, replyTimeoutMs: 200 },
    }));
    assert.equal(
      error.code,
      tls === "implicit" ? "connect.timeout" : "connect.greeting",
    );
    assert(performance.now() - started < 5_000);
  }
});

for (const tls of ["implicit", "starttls"] as const) {
  Deno.test(`openSession() does not wait for ever in a TLS handshake (${tls})`, async () => {
    await using server = scriptedServer(async (peer) => {
      if (tls === "implicit") return;
      await peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
      await peer.expect("STARTTLS", "TAG OK go on");
    });
    const limits = { connectTimeoutMs: 300, replyTimeoutMs: 300 };
    const started = performance.now();
    const error = await failure(open({ port: server.port, tls, ...limits }));
    assert.equal(error.code, "connect.timeout");
    assert(performance.now() - started < 5_000);
  });
}

Deno.test("openSession() stops in a TLS handshake when it is told to", async () => {
  const stopper = new AbortController();
  await using server = scriptedServer(async (peer) => {
    await peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n");
    await peer.expect("STARTTLS", "TAG OK go on");
    setTimeout(() => stopper.abort(new Error("Told to stop")), 50);
  });
  const { signal } = stopper;
  await assert.rejects(
    open({ port: server.port, tls: "starttls" }, { signal }),
    /Told to stop/,
  );
});

Deno.test("openSession() uses the address family that ipv6 says", async () => {
  using four = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = four.addr.port;
  const served = (async () => {
    for await (const conn of four) {
      await conn.write(new TextEncoder().encode("* BYE over IPv4\r\n"));
      conn.close();
    }
  })().catch(() => {});
  const host = "localhost";
  const only4 = await failure(open({ host, port, ipv6: false }));
  assert.match(only4.message, /over IPv4/);
  // Either there is no ::1 for that name, or nothing listens on it.
  const only6 = await failure(open({ host, port, ipv6: true }));
  assert.doesNotMatch(only6.message, /over IPv4/);
  const both = await failure(open({ host, port }));
  assert.match(both.message, /over IPv4/);
  four.close();
  await served;
});

dovecotTest(
  "openSession() goes through a proxy, with the name unresolved",
  async () => {
    await using server = await startDovecot({ tls: true });
    await using proxy = startSocksServer({
      credentials: { user: "me", password: "hunter2" },
      route: (_host, port) => ({
        hostname: "127.0.0.1",
        port: port === 993 ? server.tlsPort : server.port,
      }),
    });
    const { ca } = await certificates();
    const url = proxy.url.replace("//", "//me:hunter2@");
    for (const tls of ["implicit", "starttls"] as const) {
      const settings = { host: "imap.test", tls, caFile: ca, proxy: url };
      const session = await open(settings);
      session.transport.destroy();
    }
    assert.deepEqual(proxy.requests, ["imap.test:993", "imap.test:143"]);
  },
);

Deno.test("openSession() fails when the proxy does, and does not go around it", async () => {
  await using server = scriptedServer((peer) =>
    peer.send("* BYE no detour\r\n")
  );
  await using refusing = startSocksServer({ refuse: 2 });
  await using closed = startSocksServer({
    credentials: { user: "me", password: "right" },
  });
  const proxies = [
    refusing.url,
    closed.url.replace("//", "//me:hunter2@"),
    `socks5://127.0.0.1:${freePort()}`,
    "gopher://127.0.0.1",
    "not a url hunter2",
  ];
  for (const proxy of proxies) {
    const error = await failure(open({ port: server.port, proxy }));
    assert.equal(error.code, "connect.proxy", error.message);
    assert.doesNotMatch(error.message, /no detour/);
  }
});
