/** The ways to a server that a configuration can name, with the whole program. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type CertificateFiles,
  certificates,
} from "../support/certificates.ts";
import { startDelayProxy } from "../support/delay_proxy.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { openProgram, stateFolder } from "../support/program.ts";
import { tunnelTo } from "../support/tunnel.ts";
import { errorsOf, mail, openPair } from "./support.ts";

dovecotTest(
  "preauthtunnel synchronises both ways without user and password",
  async () => {
    await using server = await startDovecot();
    await server.seed("INBOX", [mail("one"), mail("two")]);
    await using program = openProgram({
      server,
      remote: {
        preauthtunnel: `exec doveadm -c ${server.configFile} exec imap -u user`,
        // Not looked at, as in OfflineIMAP.
        remotehost: "",
        remotepass: "wrong",
        ssl: true,
      },
    });
    const first = await program.sync();
    assert.deepEqual(errorsOf(first), []);
    assert.equal(program.tree.files("INBOX").length, 2);
    assert.match(
      first.output,
      /Establishing connection to preauthtunnel \(there\)/,
    );
    program.tree.deliver("INBOX", mail("three"));
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.equal((await server.messages("INBOX")).length, 3);
  },
);

dovecotTest("transporttunnel logs in behind it", async () => {
  await using server = await startDovecot({ tls: true });
  await server.seed("INBOX", [mail("one")]);
  const { ca } = await certificates();
  await using program = openProgram({
    server,
    remote: {
      transporttunnel:
        `openssl s_client -quiet -verify_return_error -CAfile ${ca} ` +
        `-connect 127.0.0.1:${server.tlsPort}`,
      starttls: true,
    },
  });
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(program.tree.files("INBOX").length, 1);
  const info = await program.sync({ args: ["--info"] });
  assert.match(info.output, /reached by +transporttunnel/);
});

dovecotTest("transporttunnel has STARTTLS in it with ssl = no", async () => {
  await using server = await startDovecot({ tls: true });
  await server.seed("INBOX", [mail("one")]);
  const { ca } = await certificates();
  await using program = openProgram({
    server,
    remote: {
      transporttunnel: tunnelTo(server.port).command,
      ...{ ssl: false, starttls: true },
      ...{ remotehost: "imap.test", sslcacertfile: ca },
    },
  });
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(program.tree.files("INBOX").length, 1);
  assert.match(await server.log(), /Login: .*, TLS\b/);
  const wrong = await program.sync({
    args: ["-k", "Repository_there:remotehost=other.test"],
  });
  assert.equal(wrong.code, 1);
  assert.match(errorsOf(wrong).join(), /it is not for "other\.test"/);
});

dovecotTest(
  "a tunnel that cannot be started is told once, with its words",
  async () => {
    await using server = await startDovecot();
    await using program = openProgram({
      server,
      remote: { transporttunnel: "no-such-tunnel --password hunter2" },
    });
    const run = await program.sync();
    assert.equal(run.code, 1);
    assert.match(errorsOf(run).join(), /command not found.*no-such-tunnel/);
    assert(!run.output.includes("hunter2"));
  },
);

dovecotTest(
  "a mail bridge is trusted at its first use, and told when it changes",
  async () => {
    const files = await certificates();
    const identity = (found: CertificateFiles) => ({
      cert: Deno.readTextFileSync(found.certificate),
      key: Deno.readTextFileSync(found.key),
    });
    const tls = { mode: "starttls", ...identity(files.selfSigned) } as const;
    await using bridge = openPair({ tls }, { remote: { starttls: true } });
    const { program, server } = bridge;
    const first = await program.sync();
    assert.deepEqual(errorsOf(first), []);
    assert.match(first.output, /Trusting the certificate of 127\.0\.0\.1:\d+/);
    const second = await program.sync();
    assert.deepEqual(errorsOf(second), []);
    assert.doesNotMatch(second.output, /Trusting/);
    // As if it had been another one.
    const file = join(stateFolder(program), "known-certificates");
    const text = Deno.readTextFileSync(file);
    assert.match(text, new RegExp(`^127\\.0\\.0\\.1:${server.port} `, "m"));
    Deno.writeTextFileSync(
      file,
      text.replace(/ [0-9a-f]{64} /, ` ${"ab".repeat(32)} `),
    );
    server.log.clear();
    const changed = await program.sync();
    assert.equal(changed.code, 1);
    assert.match(
      errorsOf(changed).join(),
      /not the one that was remembered on/,
    );
    assert.match(changed.output, /remove the line of 127\.0\.0\.1/);
    assert.equal(
      server.log.count("AUTHENTICATE") + server.log.count("LOGIN"),
      0,
    );
  },
);

Deno.test("usecompression = yes compresses for a server that is not near", async () => {
  await using pair = openPair({ profile: { compress: true } });
  const { program, server } = pair;
  await using far = startDelayProxy({ target: server.port, delayMs: 10 });
  program.configure({
    server: { port: far.port },
    remote: { usecompression: true },
  });
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.ok(server.log.count("COMPRESS") > 0);
  assert.equal(program.tree.files("INBOX").length, 3);
});

dovecotTest(
  "the error about a certificate says what accepts it, beside sslcacertfile too",
  async () => {
    const files = await certificates();
    await using server = await startDovecot({ tls: true });
    await using program = openProgram({
      server,
      remote: {
        ssl: true,
        remoteport: server.tlsPort,
        remotehost: "localhost",
      },
    });
    // An authority that did not sign it, and the ones of the system.
    for (const file of [files.strangerCa, "OS-DEFAULT"]) {
      const ca = ["-k", `Repository_there:sslcacertfile=${file}`];
      const first = await program.sync({ args: ca });
      assert.equal(first.code, 1);
      const [, line = "", rest = ""] =
        /(cert_fingerprint = [0-9a-f]{64})(.*)/.exec(first.output) ?? [];
      assert.match(rest, /and without sslcacertfile/);
      const accept = ["-k", `Repository_there:${line.replaceAll(" ", "")}`];
      assert.equal((await program.sync({ args: [...ca, ...accept] })).code, 1);
      const accepted = await program.sync({ args: accept });
      assert.deepEqual(errorsOf(accepted), []);
    }
  },
);
