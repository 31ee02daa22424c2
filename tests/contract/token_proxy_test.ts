import assert from "node:assert/strict";
import { connectThrough } from "../../src/account/token_connection.ts";
import { refreshAccessToken } from "../../src/auth/oauth2/refresh_token.ts";
import { parseProxy, proxyUrl } from "../../src/config/proxy.ts";
import { MailError } from "../../src/errors.ts";
import { certificates, hasOpenssl } from "../support/certificates.ts";
import { startHttpProxy } from "../support/http_proxy.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { issued, startTokenEndpoint } from "../support/token_endpoint.ts";

const LOGIN = { user: "jane@x", password: "hunter2:/?#@%41" };
const TYPES = ["HTTP", "SOCKS5", "SOCKS4"] as const;

function request(
  url: string,
  proxy: string,
  { authorities = [], timeoutMs = 20_000 }: {
    authorities?: string[];
    timeoutMs?: number;
  } = {},
) {
  const through = proxyUrl(parseProxy(proxy));
  return refreshAccessToken({
    repository: "Remote",
    url: new URL(url),
    clientId: "client",
    clientSecret: undefined,
    refreshToken: "re&fresh=ü",
    scope: undefined,
    connect: (url, signal) => connectThrough(through, authorities, url, signal),
    authorities: [],
    timeoutMs,
  });
}

function startProxy(type: typeof TYPES[number]) {
  if (type === "HTTP") return startHttpProxy({ credentials: LOGIN });
  const { user } = LOGIN;
  // Version 4 knows no passwords.
  return startSocksServer({
    credentials: type === "SOCKS4" ? { user, password: "" } : LOGIN,
  });
}

for (const type of TYPES) {
  const login = type === "SOCKS4" ? LOGIN.user : Object.values(LOGIN).join(":");

  Deno.test(`refreshAccessToken() goes through a ${type} proxy, and logs in to it`, async () => {
    await using endpoint = startTokenEndpoint(() => issued("token"));
    await using proxy = startProxy(type);
    const { port } = new URL(endpoint.url);
    const url = `http://localhost:${port}/token`;
    const at = `127.0.0.1:${proxy.port}`;
    const found = await request(url, `${type}:${login}@${at}`);
    assert.equal(found.accessToken, "token");
    // The name is looked up by the proxy.
    assert.deepEqual(proxy.requests, [`localhost:${port}`]);
    assert.deepEqual(endpoint.requests, [{
      grant_type: "refresh_token",
      refresh_token: "re&fresh=ü",
      client_id: "client",
    }]);
    const wrong = type === "SOCKS4" ? "hunter2-wrong" : "jane:hunter2-wrong";
    const error = await refuses(request(url, `${type}:${wrong}@${at}`));
    assert.match(error.message, new RegExp(`the ${type} proxy ${at} `));
    assert.equal(error.retry, "later");
  });

  Deno.test({
    name: `refreshAccessToken() checks the endpoint behind a ${type} proxy`,
    ignore: !hasOpenssl(),
    fn: async () => {
      const files = await certificates();
      await using endpoint = Deno.serve({
        ...{ hostname: "127.0.0.1", port: 0, onListen: () => {} },
        cert: await Deno.readTextFile(files.server.certificate),
        key: await Deno.readTextFile(files.server.key),
      }, () => Response.json({ access_token: "token" }));
      await using proxy = startProxy(type);
      const { port } = endpoint.addr;
      const by = `${type}:${login}@127.0.0.1:${proxy.port}`;
      const url = `https://localhost:${port}/token`;
      const authorities = [await Deno.readTextFile(files.ca)];
      const found = await request(url, by, { authorities });
      assert.equal(found.accessToken, "token");
      const error = await refuses(request(url, by));
      assert.match(error.message, /issuer|certificate/i);
    },
  });
}

Deno.test("refreshAccessToken() waits no longer for a proxy than for an endpoint", async () => {
  await using proxy = startHttpProxy({ silent: true });
  const asked = request(
    "http://localhost:1/token",
    `HTTP:127.0.0.1:${proxy.port}`,
    { timeoutMs: 200 },
  );
  assert.match((await refuses(asked)).message, /no answer within 1 seconds/);
});

Deno.test("refreshAccessToken() gives up on an endpoint behind a proxy that says nothing", async () => {
  const late = Promise.withResolvers<void>();
  await using endpoint = startTokenEndpoint(async () => {
    await late.promise;
    return issued("late");
  });
  await using proxy = startSocksServer();
  const asked = request(endpoint.url, `SOCKS4:127.0.0.1:${proxy.port}`, {
    timeoutMs: 500,
  });
  assert.match((await refuses(asked)).message, /no answer within 1 seconds/);
  late.resolve();
});

/** Fails, and tells nothing of the proxy's password. */
async function refuses(asked: Promise<unknown>): Promise<MailError> {
  const error = await asked.then(() => undefined, (error) => error);
  assert(error instanceof MailError);
  assert.doesNotMatch(Deno.inspect(error, { depth: 10 }), /hunter2/);
  return error;
}
