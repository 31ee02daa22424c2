import assert from "node:assert/strict";
import { refreshAccessToken } from "../../src/auth/oauth2/refresh_token.ts";
import { parseProxy, proxyUrl } from "../../src/config/proxy.ts";
import { MailError } from "../../src/errors.ts";
import { startSocksServer } from "../support/socks_server.ts";

const LOGIN = { user: "jane@x", password: "hunter2:/?#@%41" };

function request(url: string, proxy: string) {
  return refreshAccessToken({
    repository: "Remote",
    url: new URL(url),
    clientId: "client",
    clientSecret: undefined,
    refreshToken: "refresh",
    scope: undefined,
    proxy: proxyUrl(parseProxy(proxy), "socks5h"),
    authorities: [],
  });
}

/** Answers with a token; as a proxy too, which must see the right login. */
function serveToken(wantLogin: boolean) {
  const right = `Basic ${btoa(`${LOGIN.user}:${LOGIN.password}`)}`;
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (received) => {
      const given = received.headers.get("proxy-authorization");
      return wantLogin && given !== right
        ? new Response("No", { status: 407 })
        : Response.json({ access_token: "token" });
    },
  );
}

Deno.test("refreshAccessToken() logs in to an HTTP proxy", async () => {
  await using proxy = serveToken(true);
  const { user, password } = LOGIN;
  const at = `127.0.0.1:${proxy.addr.port}`;
  const found = await request(
    "http://tokens.invalid/token",
    `HTTP:${user}:${password}@${at}`,
  );
  assert.equal(found.accessToken, "token");
  await refuses(request(
    "http://tokens.invalid/token",
    `HTTP:${user}:hunter2-wrong@${at}`,
  ));
});

Deno.test("refreshAccessToken() logs in to a SOCKS5 proxy", async () => {
  await using endpoint = serveToken(false);
  await using proxy = startSocksServer({ credentials: LOGIN });
  const { user, password } = LOGIN;
  const url = `http://localhost:${endpoint.addr.port}/token`;
  const at = `127.0.0.1:${proxy.port}`;
  const found = await request(url, `SOCKS5:${user}:${password}@${at}`);
  assert.equal(found.accessToken, "token");
  assert.deepEqual(proxy.requests, [`localhost:${endpoint.addr.port}`]);
  await refuses(request(url, `SOCKS5:${user}:hunter2-wrong@${at}`));
});

/** Fails, and tells nothing of the proxy's password. */
async function refuses(asked: Promise<unknown>): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert(error instanceof MailError);
    assert.doesNotMatch(Deno.inspect(error, { depth: 10 }), /hunter2/);
    return true;
  });
}
