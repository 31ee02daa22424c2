/** EXTERNAL with a real Dovecot, which takes the name from the certificate. */
import assert from "node:assert/strict";
import { errorsOf } from "../e2e/support.ts";
import { certificates } from "../support/certificates.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { openProgram, type Program } from "../support/program.ts";

/** No password at all, but a certificate of the test's authority. */
async function startExternal(): Promise<Dovecot> {
  const { ca } = await certificates();
  return await startDovecot({
    tls: true,
    authMechanisms: ["external", "plain"],
    extra: `ssl_ca = <${ca}
ssl_verify_client_cert = yes
ssl_require_crl = no
ssl_cert_username_field = commonName
auth_ssl_username_from_cert = yes
passdb {
  driver = static
  mechanisms = external
  args = nopassword
}`,
  });
}

/** The program with a client certificate and no name or password. */
async function openExternal(
  dovecot: Dovecot,
  remote: Record<string, string | number | boolean> = {},
): Promise<Program> {
  const { ca, client } = await certificates();
  const program = openProgram({
    server: dovecot,
    remote: {
      ...{ remotehost: "localhost", remoteport: dovecot.tlsPort, ssl: true },
      ...{ sslcacertfile: ca, auth_mechanisms: "EXTERNAL" },
      ...{ sslclientcert: client.certificate, sslclientkey: client.key },
      ...remote,
    },
  });
  const text = Deno.readTextFileSync(program.configFile);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace(/^remote(user|pass) = .*\n/gm, ""),
  );
  return program;
}

dovecotTest(
  "auth_mechanisms = EXTERNAL logs in with sslclientcert alone",
  async () => {
    await using dovecot = await startExternal();
    await dovecot.seed("", ["Subject: one\r\n\r\nx\r\n"]);
    await using program = await openExternal(dovecot);
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.equal(program.tree.files("INBOX").length, 1);
    assert.match(await dovecot.log(), /Login: user=<user>, method=EXTERNAL/);
    // By STARTTLS as well.
    await using second = await openExternal(dovecot, {
      ...{ ssl: false, starttls: true, remoteport: dovecot.port },
    });
    assert.deepEqual(errorsOf(await second.sync()), []);
  },
);

dovecotTest(
  "auth_mechanisms = EXTERNAL without sslclientcert says what is missing",
  async () => {
    await using dovecot = await startExternal();
    await using program = await openExternal(dovecot);
    const text = Deno.readTextFileSync(program.configFile);
    Deno.writeTextFileSync(
      program.configFile,
      text.replace(/^sslclient.*\n/gm, ""),
    );
    const { code, output } = await program.sync();
    assert.equal(code, 1);
    assert.match(output, /sslclientcert/);
  },
);
