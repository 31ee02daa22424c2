/** OAuth 2 with a real Dovecot, which asks a token endpoint about each token. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Credentials } from "../../src/auth/credentials.ts";
import { openSession } from "../../src/imap/session/open_session.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { failure, open } from "./session_support.ts";

interface TokenServer extends AsyncDisposable {
  readonly dovecot: Dovecot;
  /** Only these are good, for this user. */
  valid: string[];
}

/** Dovecot and the endpoint (RFC 7662) that says which tokens are good. */
async function startTokenServer(): Promise<TokenServer> {
  const folder = await Deno.makeTempDir({ prefix: "oi-introspection-" });
  await Deno.chmod(folder, 0o755);
  const server: { valid: string[] } = { valid: [] };
  const endpoint = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const form = new URLSearchParams(await request.text());
      const active = server.valid.includes(form.get("token") ?? "");
      return Response.json(active ? { active, username: "user" } : { active });
    },
  );
  const config = join(folder, "oauth2.conf.ext");
  await Deno.writeTextFile(
    config,
    `introspection_url = http://127.0.0.1:${endpoint.addr.port}/
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
`,
  );
  const dovecot = await startDovecot({
    authMechanisms: ["plain", "xoauth2", "oauthbearer"],
    extra: `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${config}
}`,
  });
  return Object.assign(server, {
    dovecot,
    async [Symbol.asyncDispose]() {
      await dovecot[Symbol.asyncDispose]();
      await endpoint.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  });
}

dovecotTest("openSession() logs in to Dovecot with access tokens", async () => {
  await using server = await startTokenServer();
  server.valid = ["good.token"];
  const { port } = server.dovecot;
  for (const mechanism of ["XOAUTH2", "OAUTHBEARER"] as const) {
    const settings = { port, mechanisms: [mechanism] };
    (await open(settings, { token: "good.token" })).transport.destroy();
    const error = await failure(open(settings, { token: "hunter2" }));
    assert.equal(error.code, "auth.rejected");
    assert.match(error.message, new RegExp(`\\(${mechanism}\\)`));
    assert.match(error.message, /status (401|invalid_token)/);
  }
  const log = await server.dovecot.log();
  assert.match(log, /Login: user=<user>, method=XOAUTH2/);
  assert.match(log, /Login: user=<user>, method=OAUTHBEARER/);
});

dovecotTest(
  "openSession() gets another token when Dovecot refuses one",
  async () => {
    await using server = await startTokenServer();
    server.valid = ["second"];
    const { host, port } = server.dovecot;
    const tokens = ["first", "second"];
    const credentials = new Credentials({
      ...{ repository: "Remote", host, user: "user", netrcFiles: [] },
      tokenEval: () => Promise.resolve(tokens.shift()),
    });
    const session = await openSession(
      {
        repository: "Remote",
        host,
        port,
        tls: "none",
        mechanisms: ["XOAUTH2"],
      },
      { credentials },
    );
    session.transport.destroy();
    assert.deepEqual(tokens, []);
  },
);
