/** OfflineIMAP's faults of security (S), on the real program. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { certificates, hasOpenssl } from "../support/certificates.ts";
import { fakePrograms, SECRET_TOOL } from "../support/fake_programs.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { startTokenEndpoint } from "../support/token_endpoint.ts";
import { assertBoth, mails, openPair } from "./support.ts";

const LABELS = ["m-0", "m-1", "m-2"];

function opensslTest(name: string, fn: () => Promise<void>): void {
  const missing = !hasOpenssl();
  const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";
  Deno.test({
    name: missing ? `${name} (openssl is not installed)` : name,
    ignore: missing && !required,
    fn,
  });
}

for (const mode of ["implicit", "starttls"] as const) {
  opensslTest(
    `S1, S2: a certificate that nobody vouches for is refused with the line that would accept it (${mode})`,
    async () => {
      const made = await certificates();
      const cert = Deno.readTextFileSync(made.server.certificate);
      const key = Deno.readTextFileSync(made.server.key);
      await using pair = openPair({ tls: { mode, cert, key } }, {
        remote: {
          ssl: mode === "implicit",
          starttls: true,
          // A server on this machine could else be trusted at its first use.
          sslcacertfile: "OS-DEFAULT",
        },
      });
      const { server, program } = pair;
      const refused = await program.sync();
      assert.equal(refused.code, 1);
      assert.equal(server.log.count("LOGIN"), 0);
      assert.equal(server.log.count("AUTHENTICATE"), 0);
      const line = /cert_fingerprint = ([0-9a-fA-F:]+)/.exec(refused.output)
        ?.[1];
      assert.ok(line !== undefined, refused.output);
      program.configure({
        remote: {
          ssl: mode === "implicit",
          starttls: true,
          cert_fingerprint: line,
        },
      });
      assert.equal((await program.sync()).code, 0);
      program.configure({
        remote: {
          ssl: mode === "implicit",
          starttls: true,
          sslcacertfile: made.ca,
        },
      });
      assert.equal((await program.sync()).code, 0);
      assertBoth(pair, LABELS);
    },
  );
}

Deno.test("S3: with a proxy every connection goes through it, names too", async () => {
  await using socks = startSocksServer();
  await using pair = openPair({}, {
    account: { proxy: `SOCKS5:127.0.0.1:${socks.port}` },
    remote: { remotehost: "localhost" },
  });
  const { server, program } = pair;
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair, LABELS);
  assert.ok(socks.requests.length > 0);
  assert.equal(socks.requests.length, server.connections.length);
  assert.equal(socks.requests[0], `localhost:${server.port}`);
});

Deno.test("S4: a failing renewal of a token tells no secret", async () => {
  const secrets = ["hunter2-client", "hunter2-refresh"];
  await using endpoint = startTokenEndpoint((_, form) => ({
    status: 400,
    body: {
      error: "invalid_grant",
      error_description: `Bad: ${JSON.stringify(form)}`,
    },
  }));
  await using pair = openPair({}, {
    remote: {
      auth_mechanisms: "XOAUTH2",
      oauth2_client_id: "id",
      oauth2_client_secret: "hunter2-client",
      oauth2_refresh_token: "hunter2-refresh",
      oauth2_request_url: endpoint.url,
    },
  });
  const log = join(pair.program.home, "log");
  const run = await pair.program.sync({ args: ["-d", "all", "-l", log] });
  assert.equal(run.code, 1);
  assert.match(run.output, /the refresh token is not valid \(any more\)/);
  for (const text of [run.output, Deno.readTextFileSync(log)]) {
    for (const secret of secrets) assert.ok(!text.includes(secret), text);
  }
});

Deno.test("S5: files with code that others can change are told", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using pair = openPair();
  const { program } = pair;
  const python = join(program.home, "helpers.py");
  Deno.writeTextFileSync(python, "def nothing(): return True\n");
  program.configure({ general: { pythonfile: python } });
  for (const mode of [0o600, 0o644, 0o664, 0o666]) {
    Deno.chmodSync(program.configFile, mode);
    Deno.chmodSync(python, mode);
    const { code, output } = await program.sync();
    assert.equal(code, 0, output);
    for (const file of [program.configFile, python]) {
      const warning = `WARNING: ${file}: other users can change it`;
      assert.equal(output.includes(warning), mode === 0o666, output);
    }
  }
});

Deno.test("S5: expressions run in no Python unless they need one", async () => {
  await using pair = openPair({}, {
    remote: { folderfilter: "lambda name: not re.search('Trash|Junk', name)" },
  });
  await using needy = openPair({}, {
    remote: { folderfilter: "lambda name: __import__('os').getpid() > 0" },
  });
  // No program is to be found there.
  const env = { PATH: pair.program.home };
  const without = await pair.program.run({ env });
  assert.equal(without.code, 0, without.stdout + without.stderr);
  const told = await needy.program.run({ env });
  assert.equal(told.code, 1);
  assert.match(told.stdout + told.stderr, /[Pp]ython/);
});

Deno.test("S6: a refused secret is not tried by other, weaker mechanisms", async () => {
  await using pair = openPair({}, {
    remote: {
      remotepass: "hunter2",
      auth_mechanisms: "SCRAM-SHA-256, CRAM-MD5, PLAIN, LOGIN",
    },
    server: { port: 0 },
  });
  const { server, program } = pair;
  program.configure({ server });
  assert.equal((await program.sync()).code, 1);
  assert.equal(server.log.count("AUTHENTICATE"), 1);
  assert.equal(server.log.count("LOGIN"), 0);
});

Deno.test({
  name: "S8: --update-keyring keeps a password only after it has worked",
  // The keyring's tool is a shell script here.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using fake = fakePrograms({ "secret-tool": SECRET_TOOL });
    await using pair = openPair({ users: { user: "good hunter2" } });
    const { program, server } = pair;
    const entry = join(fake.folder, "entry-127.0.0.1-user");
    const sync = async (password: string) => {
      program.configure({ server, remote: { remotepass: password } });
      return await program.run({
        args: ["--update-keyring", "-d", "all"],
        env: fake.env,
      });
    };
    assert.equal((await sync("bad hunter2")).code, 1);
    assert.equal(fake.calls(), "");
    const { code, stdout } = await sync("good hunter2");
    assert.equal(code, 0, stdout);
    assert.equal(Deno.readTextFileSync(entry), "good hunter2");
    assert.doesNotMatch(stdout + fake.calls(), /hunter2/);
    // One that came from there is not stored again.
    const stores = () => fake.calls().match(/^secret-tool store/gm)?.length;
    assert.equal(stores(), 1);
    Deno.writeTextFileSync(
      program.configFile,
      Deno.readTextFileSync(program.configFile).replace(/^remotepass.*\n/m, ""),
    );
    const again = await program.run({
      args: ["--update-keyring"],
      env: fake.env,
    });
    assert.equal(again.code, 0, again.stdout);
    assert.equal(stores(), 1);
  },
});

for (const user of ['odd "name"\\', "a b", "LOGIN) x", "naïve"]) {
  Deno.test(`S7: the user name ${JSON.stringify(user)} is quoted`, async () => {
    await using pair = openPair({
      users: { [user]: "secret" },
      mailboxes: [{ name: "INBOX", messages: mails(3) }],
    }, {
      server: { port: 0 },
    });
    const { server, program } = pair;
    program.configure({
      server: { port: server.port, user },
      remote: { auth_mechanisms: "LOGIN" },
    });
    assert.equal((await program.sync()).code, 0);
    assert.equal(program.tree.files("INBOX").length, 3);
  });
}

Deno.test({
  name: "S9: what is remembered is for its owner's eyes only",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using pair = openPair();
    const { program } = pair;
    const before = Deno.umask(0o000);
    try {
      await program.sync({ args: ["-l", join(program.home, "log")] });
    } finally {
      Deno.umask(before);
    }
    const open = [...walk(program.metadata), join(program.home, "log")]
      .filter((path) => ((Deno.statSync(path).mode ?? 0) & 0o077) !== 0);
    assert.deepEqual(open, []);
  },
});

function* walk(path: string): Generator<string> {
  yield path;
  if (!Deno.statSync(path).isDirectory) return;
  for (const { name } of Deno.readDirSync(path)) yield* walk(join(path, name));
}

Deno.test("no password is in any output, whatever goes wrong", async () => {
  await using pair = openPair({}, {
    remote: { remotepass: "hunter2-very-secret" },
  });
  const { program } = pair;
  for (const args of [[], ["-d", "all"], ["--info"], ["--dry-run"]]) {
    const { output, code } = await program.sync({ args });
    assert.equal(code, 1);
    assert.ok(!output.includes("hunter2"), args.join(" "));
  }
});
