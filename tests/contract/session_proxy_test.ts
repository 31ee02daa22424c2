import assert from "node:assert/strict";
import { parseProxy, proxyUrl } from "../../src/config/proxy.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startHttpProxy } from "../support/http_proxy.ts";
import { freePorts } from "../support/ports.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { failure, open } from "./session_support.ts";

/** A proxy as a configuration names it; the secrets are those `failure()` looks for. */
function named(text: string): string {
  return proxyUrl(parseProxy(text));
}

const HARD = { user: "jane doe@x", password: "hunter2:/?#@%41" };
const PLAIN = { user: "jane", password: "hunter2" };

for (const tls of ["implicit", "starttls"] as const) {
  dovecotTest(
    `openSession() with ${tls} TLS goes through every kind of proxy`,
    async () => {
      const { ca } = await certificates();
      await using server = await startDovecot({ tls: true });
      const port = tls === "implicit" ? server.tlsPort : server.port;
      const settings: Partial<SessionSettings> = {
        ...{ host: "localhost", port, tls, caFile: ca },
      };
      const kinds = [
        { start: startHttpProxy, credentials: HARD, type: "HTTP" },
        { start: startHttpProxy, credentials: undefined, type: "HTTP" },
        { start: startSocksServer, credentials: HARD, type: "SOCKS5" },
        { start: startSocksServer, credentials: undefined, type: "SOCKS5" },
        {
          start: startSocksServer,
          credentials: { user: "jane@x", password: "" },
          type: "SOCKS4",
        },
        { start: startSocksServer, credentials: undefined, type: "SOCKS4" },
      ];
      for (const { start, credentials, type } of kinds) {
        await using proxy = start(
          credentials === undefined ? {} : { credentials },
        );
        const login = credentials === undefined
          ? ""
          : `${credentials.user}${type === "SOCKS4" ? "" : ":"}` +
            `${credentials.password}@`;
        const session = await open({
          ...settings,
          proxy: named(`${type}:${login}127.0.0.1:${proxy.port}`),
        });
        session.transport.destroy();
        // The name, not an address: it is the proxy that looks it up.
        assert.deepEqual(proxy.requests, [`localhost:${port}`], type);
      }
    },
  );
}

Deno.test("openSession() tells that a proxy wants other credentials", async () => {
  for (const start of [startHttpProxy, startSocksServer]) {
    await using proxy = start({ credentials: PLAIN });
    const type = start === startHttpProxy ? "HTTP" : "SOCKS5";
    for (const login of ["", "jane:hunter2-wrong@"]) {
      const error = await failure(open({
        port: 1143,
        proxy: named(`${type}:${login}127.0.0.1:${proxy.port}`),
      }));
      assert.equal(error.code, "connect.proxy");
      assert.match(
        error.message,
        new RegExp(
          `the ${type} proxy 127\\.0\\.0\\.1:${proxy.port} does not let us in`,
        ),
      );
      assert.match(error.hint ?? "", /user:password@host:port/);
    }
  }
});

Deno.test("openSession() tells what a proxy refused, and never goes round it", async () => {
  const rows = [
    {
      type: "HTTP",
      refuse: 403,
      text: /HTTP proxy .* refused: HTTP status 403/,
    },
    { type: "HTTP", refuse: 503, text: /HTTP status 503/ },
    { type: "SOCKS5", refuse: 2, text: /does not permit connections/ },
    { type: "SOCKS5", refuse: 4, text: /cannot reach the server/ },
    { type: "SOCKS5", refuse: 5, text: /nothing listens at the server/ },
    {
      type: "SOCKS4",
      refuse: 1,
      text: /SOCKS4 proxy .* could not reach the server/,
    },
  ];
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let direct = 0;
  void (async () => {
    for await (const conn of listener) {
      direct++;
      conn.close();
    }
  })().catch(() => {});
  for (const { type, refuse, text } of rows) {
    await using proxy = type === "HTTP"
      ? startHttpProxy({ refuse })
      : startSocksServer({ refuse });
    const error = await failure(open({
      port: listener.addr.port,
      proxy: named(`${type}:127.0.0.1:${proxy.port}`),
    }));
    assert.equal(error.code, "connect.proxy");
    assert.match(error.message, text);
    assert.equal(proxy.requests.length, 1);
  }
  assert.equal(direct, 0);
});

Deno.test("openSession() tells that there is no proxy", async () => {
  const [port = 0] = freePorts(1);
  for (const type of ["HTTP", "SOCKS5", "SOCKS4"]) {
    const error = await failure(
      open({ port: 143, proxy: named(`${type}:127.0.0.1:${port}`) }),
    );
    assert.equal(error.code, "connect.proxy");
    assert.match(
      error.message,
      /proxy 127\.0\.0\.1:\d+ cannot be reached: nothing/,
    );
  }
});

Deno.test("openSession() does not wait for a silent proxy for ever", async () => {
  await using proxy = startHttpProxy({ silent: true });
  const error = await failure(open({
    ...{ port: 143, connectTimeoutMs: 200 },
    proxy: named(`HTTP:jane:hunter2@127.0.0.1:${proxy.port}`),
  }));
  assert.equal(error.code, "connect.timeout");
  assert.match(error.message, /in time \(through the HTTP proxy 127/);
});

for (const version of [4, 5]) {
  Deno.test(`openSession() keeps a greeting that comes in one piece with the answer of a SOCKS${version} proxy`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const served = (async () => {
      using conn = await listener.accept();
      const input = new Uint8Array(1024);
      const answers = version === 5
        ? [[5, 0], [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]]
        : [[0, 0x5a, 0, 0, 0, 0, 0, 0]];
      for (const [at, answer] of answers.entries()) {
        await conn.read(input);
        const text = at === answers.length - 1
          ? "* BYE packed together\r\n"
          : "";
        const bytes = new TextEncoder().encode(text);
        await conn.write(Uint8Array.of(...answer, ...bytes));
      }
      await conn.read(input);
    })();
    const error = await failure(open({
      ...{ host: "imap.test", port: 143 },
      proxy: named(`SOCKS${version}:127.0.0.1:${listener.addr.port}`),
    }));
    assert.match(error.message, /it said "packed together"/);
    await served;
  });
}
