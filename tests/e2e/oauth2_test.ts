/** OAuth 2: where access tokens come from, and what happens when they end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startSocksServer } from "../support/socks_server.ts";
import {
  issued,
  startTokenEndpoint,
  type TokenAnswer,
} from "../support/token_endpoint.ts";
import { errorsOf, openPair, type Pair } from "./support.ts";
import type { ImapServerOptions } from "../support/imap_server/mod.ts";
import { start } from "./started.ts";

const SECRETS = ["hunter2-refresh", "hunter2-client", "hunter2-access"];
const CLIENT = {
  oauth2_client_id: "client.example.org",
  oauth2_client_secret: "hunter2-client",
  oauth2_refresh_token: "hunter2-refresh",
};

/** The usual server, for tokens only. */
function openTokenPair(
  remote: Record<string, string | number>,
  { tokens = [], ...more }: ImapServerOptions & { tokens?: string[] } = {},
  account: Record<string, string | number> = {},
): Pair {
  return openPair({
    profile: { base: "dovecot", auth: ["XOAUTH2"] },
    users: { user: { password: "x", tokens } },
    ...more,
  }, { remote: { auth_mechanisms: "XOAUTH2", ...remote }, account });
}

/** Lets only the newest token in, as a provider does. */
function newestOnly(pair: Pair, tokens: readonly string[]) {
  return (n: number): TokenAnswer => {
    const token = tokens[n - 1] ?? "none-left";
    pair.server.setTokens([token]);
    return issued(token);
  };
}

/** Nothing that the program wrote or said holds a secret. */
function assertSecret({ program }: Pair, output: string): void {
  for (const secret of SECRETS) {
    assert.ok(!output.includes(secret), output);
    assert.ok(!output.includes(btoa(secret)), output);
  }
  for (const folder of [program.metadata, program.mail]) {
    for (const path of filesBelow(folder)) {
      const text = new TextDecoder("latin1").decode(Deno.readFileSync(path));
      assert.ok(!SECRETS.some((secret) => text.includes(secret)), path);
    }
  }
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesBelow(path);
    else yield path;
  }
}

// shows: repository.oauth2_client_id, repository.oauth2_client_secret
Deno.test("oauth2_refresh_token gets an access token, once for a run", async () => {
  await using endpoint = startTokenEndpoint(() => issued("hunter2-access"));
  await using pair = openTokenPair({
    ...CLIENT,
    oauth2_request_url: endpoint.url,
    oauth2_scope: "mail",
    maxconnections: 3,
  }, { tokens: ["hunter2-access"] });
  const run = await pair.program.sync({ args: ["-d", "all"] });
  assert.deepEqual(errorsOf(run), []);
  assert.equal(pair.program.tree.files("INBOX").length, 3);
  assert.deepEqual(endpoint.requests, [{
    grant_type: "refresh_token",
    refresh_token: "hunter2-refresh",
    client_id: "client.example.org",
    client_secret: "hunter2-client",
    scope: "mail",
  }]);
  assertSecret(pair, run.output);
});

Deno.test("oauth2_*_eval give what the plain options do not, for each request", async () => {
  await using endpoint = startTokenEndpoint(() => issued("hunter2-access"));
  await using pair = openTokenPair({
    oauth2_client_id_eval: "'client' + '.org\\n'",
    oauth2_client_secret_eval: "None",
    oauth2_refresh_token_eval: "'hunter2-' + 'refresh'",
    oauth2_access_token_eval: "None",
    oauth2_request_url: endpoint.url,
  }, { tokens: ["hunter2-access"] });
  const run = await pair.program.sync();
  assert.deepEqual(errorsOf(run), []);
  // What is None is left out, not sent as a word.
  assert.deepEqual(endpoint.requests, [{
    grant_type: "refresh_token",
    refresh_token: "hunter2-refresh",
    client_id: "client.org",
  }]);
});

Deno.test("a token that ends in the middle of a run is renewed once, and the run goes on", async () => {
  await using endpoint = startTokenEndpoint((n) =>
    issued(n === 1 ? "hunter2-access" : "second")
  );
  const mailboxes = ["INBOX", "a", "b", "c"];
  await using pair = openTokenPair({
    ...CLIENT,
    oauth2_request_url: endpoint.url,
    maxconnections: 3,
  }, {
    tokens: ["hunter2-access"],
    mailboxes: mailboxes.map((name) => ({
      name,
      messages: Array.from({ length: 20 }, (_, n) => `Subject: ${n}\r\n\r\nx`),
    })),
  });
  // The first session is open; for the next ones the token is good no more.
  let logins = 0;
  pair.server.onCommand(({ name }) => {
    if (name !== "AUTHENTICATE" || ++logins !== 2) return;
    pair.server.setTokens(["second"]);
  });
  const run = await pair.program.sync({ args: ["-d", "all"] });
  assert.deepEqual(errorsOf(run), []);
  assert.ok(logins > 2);
  assert.equal(endpoint.requests.length, 2);
  for (const name of mailboxes) {
    assert.equal(pair.program.tree.files(name).length, 20);
  }
  assertSecret(pair, run.output);
});

Deno.test("a new session gets a new token when the old one is about to end", async () => {
  // Only the newest is let in: an old one would be refused and show in the log.
  await using endpoint = startTokenEndpoint((n) => {
    pair.server.setTokens([`token-${n}`]);
    return issued(`token-${n}`, { expires_in: 0 });
  });
  await using pair = openTokenPair({
    ...CLIENT,
    oauth2_request_url: endpoint.url,
    maxconnections: 3,
  }, {
    mailboxes: ["INBOX", "a", "b", "c"].map((name) => ({
      name,
      messages: Array.from({ length: 20 }, (_, n) => `Subject: ${n}\r\n\r\nx`),
    })),
  });
  const run = await pair.program.sync();
  assert.deepEqual(errorsOf(run), []);
  const connections = pair.server.connections.length;
  assert.ok(connections > 1);
  assert.equal(pair.server.log.count("AUTHENTICATE"), connections);
  assert.ok(endpoint.requests.length >= connections);
});

Deno.test("a refused token is renewed once, on a new connection", async () => {
  await using endpoint = startTokenEndpoint((n) => answer(n));
  await using pair = openTokenPair({
    ...CLIENT,
    oauth2_access_token: "hunter2-access",
    oauth2_request_url: endpoint.url,
    maxconnections: 1,
  });
  const answer = newestOnly(pair, ["second"]);
  const run = await pair.program.sync({ args: ["-d", "all"] });
  assert.deepEqual(errorsOf(run), []);
  assert.equal(endpoint.requests.length, 1);
  assert.equal(pair.server.connections.length, 2);
  assertSecret(pair, run.output);
});

Deno.test("a token that is refused again ends it, with what the server said", async () => {
  await using endpoint = startTokenEndpoint((n) => issued(`token-${n}`));
  await using pair = openTokenPair({
    ...CLIENT,
    oauth2_request_url: endpoint.url,
  });
  const run = await pair.program.sync();
  assert.equal(run.code, 1);
  assert.equal(endpoint.requests.length, 2);
  assert.equal(pair.server.log.count("AUTHENTICATE"), 2);
  const [error = ""] = errorsOf(run);
  assert.match(error, /Cannot log in to .* as "user" \(XOAUTH2\)/);
  assert.match(error, /status 401/);
  assert.match(run.output, /token is new, so look at what it is for/);
  assert.doesNotMatch(run.output, /token-[12]/);
});

Deno.test("autorefresh keeps the token, and the refresh token that came with it", async () => {
  await using endpoint = startTokenEndpoint((n) =>
    issued(`token-${n}`, { refresh_token: `rotated-${n}`, expires_in: 2 })
  );
  await using pair = openTokenPair(
    { ...CLIENT, oauth2_request_url: endpoint.url },
    { tokens: Array.from({ length: 50 }, (_, n) => `token-${n}`) },
    { autorefresh: 0.005 },
  );
  await using run = start(pair.program);
  await run.until(/Finished account/, 6);
  run.kill("SIGUSR2");
  assert.equal(await run.ended(), 0, run.output);
  const used = endpoint.requests.map((form) => form.refresh_token);
  assert.ok(used.length < 6, `${used}`);
  assert.deepEqual(
    used,
    used.map((_, n) => n === 0 ? "hunter2-refresh" : `rotated-${n}`),
  );
});

Deno.test("remotepasscmd prints the token where only tokens are to be tried", async () => {
  await using pair = openTokenPair({ remotepasscmd: "echo hunter2-access" }, {
    tokens: ["hunter2-access"],
  });
  const run = await pair.program.sync({ args: ["-d", "all"] });
  assert.deepEqual(errorsOf(run), []);
  assertSecret(pair, run.output);
});

Deno.test("no token at all is told, with where tokens come from", async () => {
  await using pair = openTokenPair({});
  const run = await pair.program.sync();
  assert.equal(run.code, 1);
  assert.match(run.output, /No access token is known for repository "there"/);
  assert.match(run.output, /oauth2_refresh_token with oauth2_client_id/);
  assert.match(run.output, /oauth2_access_token_eval/);
  assert.match(run.output, /remotepasscmd/);
});

Deno.test("authproxy is for tokens only, and may be nothing", async () => {
  await using socks = startSocksServer();
  await using mail = startSocksServer();
  await using endpoint = startTokenEndpoint(() => issued("hunter2-access"));
  const { port } = new URL(endpoint.url);
  for (
    const [authproxy, viaSocks, viaMail] of [
      [`SOCKS5:127.0.0.1:${socks.port}`, 1, 0],
      ["", 1, 0],
      [undefined, 1, 1],
    ] as const
  ) {
    await using pair = openTokenPair(
      {
        ...CLIENT,
        oauth2_request_url: `http://localhost:${port}/token`,
        maxconnections: 1,
      },
      { tokens: ["hunter2-access"] },
      {
        proxy: `SOCKS5:127.0.0.1:${mail.port}`,
        ...(authproxy === undefined ? {} : { authproxy }),
      },
    );
    const run = await pair.program.sync();
    assert.deepEqual(errorsOf(run), []);
    const count = (list: readonly string[]) =>
      list.filter((to) => to === `localhost:${port}`).length;
    assert.equal(count(socks.requests), viaSocks);
    assert.equal(count(mail.requests), viaMail);
    assert.ok(mail.requests.includes(`127.0.0.1:${pair.server.port}`));
  }
});

const REFUSALS: [
  what: string,
  answer: TokenAnswer,
  text: RegExp,
  code: string,
][] = [
  [
    "invalid_grant",
    {
      status: 400,
      body: {
        error: "invalid_grant",
        error_description:
          "Token hunter2-refresh has been expired\nor revoked.",
      },
    },
    /the refresh token is not valid \(any more\).*Token \*\*\* has been expired or revoked.*Get a new refresh token/s,
    "auth.oauth2",
  ],
  [
    "invalid_client",
    { status: 401, body: { error: "invalid_client" } },
    /client id or the client secret is wrong.*Check oauth2_client_id/s,
    "auth.oauth2",
  ],
  [
    "an error with status 200",
    { body: { error: "unauthorized_client" } },
    /this client id may not use this refresh token/,
    "auth.oauth2",
  ],
  [
    "an unknown error",
    { status: 400, body: { error: "consent_required" } },
    /it said: consent_required/,
    "auth.oauth2",
  ],
  [
    "a page",
    { status: 404, body: "<html>hunter2-refresh</html>" },
    /its answer is no JSON \(status 404\).*Check oauth2_request_url/s,
    "auth.oauth2",
  ],
  [
    "no token",
    { body: { hello: "hunter2-access" } },
    /its answer has no access_token/,
    "auth.oauth2",
  ],
  [
    "a redirect",
    { status: 302, body: "", headers: { location: "http://127.0.0.1:9/" } },
    /points to another address .* your secrets are not sent/,
    "auth.oauth2",
  ],
  [
    "a server in trouble",
    { status: 503, body: "busy" },
    /cannot answer now \(status 503\)/,
    "auth.oauth2-unavailable",
  ],
  [
    "a limit",
    { status: 429, body: { error: "slow_down" } },
    /slow_down/,
    "auth.oauth2-unavailable",
  ],
];

for (const [what, answer, text, code] of REFUSALS) {
  Deno.test(`a token endpoint that answers ${what} is explained, without secrets`, async () => {
    await using endpoint = startTokenEndpoint(() => answer);
    await using pair = openTokenPair({
      ...CLIENT,
      oauth2_request_url: endpoint.url,
    });
    const run = await pair.program.sync({ args: ["-d", "all"] });
    assert.equal(run.code, 1);
    assert.match(
      run.output,
      /Cannot get an access token for repository "there" from 127\.0\.0\.1:/,
    );
    assert.match(run.output, text);
    const codes = run.events.flatMap((event) =>
      event.type === "error" ? [event.error.code] : []
    );
    assert.deepEqual(codes, [code]);
    assertSecret(pair, run.output);
  });
}

Deno.test("a token endpoint that cannot be reached is told, without secrets", async () => {
  const url = await (async () => {
    await using endpoint = startTokenEndpoint(() => issued("x"));
    return endpoint.url;
  })();
  await using pair = openTokenPair({ ...CLIENT, oauth2_request_url: url });
  const run = await pair.program.sync();
  assert.equal(run.code, 1);
  assert.match(run.output, /from 127\.0\.0\.1:\d+: .*[Cc]onnection refused/);
  assertSecret(pair, run.output);
});

for (
  const [url, text] of [
    ["http://login.example.org/token", /without TLS/],
    ["login.example.org", /is no address: login\.example\.org/],
    ["", /is not set.*token endpoint of your provider/s],
  ] as const
) {
  Deno.test(`oauth2_request_url = ${url || "nothing"} is refused before anything is sent`, async () => {
    await using pair = openTokenPair({ ...CLIENT, oauth2_request_url: url });
    const run = await pair.program.sync();
    assert.equal(run.code, 1);
    assert.match(run.output, text);
    assertSecret(pair, run.output);
  });
}
