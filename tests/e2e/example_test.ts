/** The configurations that a new user copies: the example, and that of README.md. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { certificates, hasOpenssl } from "../support/certificates.ts";
import type { Program } from "../support/program.ts";
import { errorsOf, openPair, type Pair, warningsOf } from "./support.ts";

const ROOT = new URL("../../", import.meta.url);

const WITH_OPENSSL = { ignore: !hasOpenssl() };

async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, ROOT));
}

/** A server that speaks TLS, as all out there do. */
async function openSecurePair(): Promise<Pair> {
  const { server } = await certificates();
  return openPair({
    users: { "jane@example.org": "secret" },
    tls: {
      mode: "implicit",
      cert: await Deno.readTextFile(server.certificate),
      key: await Deno.readTextFile(server.key),
    },
  });
}

/** Writes `text` with what a user must change: names, folders, and the test's server. */
async function fillIn(
  { program, server }: Pair,
  text: string,
  secret: string,
): Promise<void> {
  const { ca } = await certificates();
  const filled = text
    .replace(
      /^remotehost = .*$/m,
      [
        "remotehost = localhost",
        `remoteport = ${server.port}`,
        `sslcacertfile = ${ca}`,
      ].join("\n"),
    )
    .replace(/^(remoteuser = ).*$/m, `$1jane@example.org\n${secret}`)
    .replace(/^remotepassfile = ~.*$/m, "")
    .replace(/^(localfolders = ).*$/m, `$1${program.mail}`)
    .replace(
      /^\[general\]$/m,
      `$&\nmetadata = ${program.metadata}\nui = basic`,
    );
  Deno.writeTextFileSync(program.configFile, filled);
}

function messagesOf({ tree }: Program): number {
  return tree.files("INBOX").length;
}

Deno.test({
  name: "offlineimaprc.example works when its first part is filled in",
  ...WITH_OPENSSL,
  fn: async () => {
    await using pair = await openSecurePair();
    const file = join(pair.program.home, "password");
    Deno.writeTextFileSync(file, "secret\n", { mode: 0o600 });
    const text = await read("offlineimaprc.example");
    await fillIn(pair, text, `remotepassfile = ${file}`);
    const run = await pair.program.sync();
    assert.deepEqual([errorsOf(run), warningsOf(run)], [[], []]);
    assert.equal(messagesOf(pair.program), 3);
  },
});

Deno.test({
  name: "the configuration in README.md works when it is filled in",
  ...WITH_OPENSSL,
  fn: async () => {
    await using pair = await openSecurePair();
    const [, text] = /```ini\n(.*?)```/s.exec(await read("README.md")) ?? [];
    assert.ok(text);
    await fillIn(pair, text, "remotepass = secret");
    const run = await pair.program.sync();
    assert.deepEqual([errorsOf(run), warningsOf(run)], [[], []]);
    assert.equal(messagesOf(pair.program), 3);
  },
});

Deno.test({
  name:
    "a certificate that nobody vouches for is refused with the line to accept it",
  ...WITH_OPENSSL,
  fn: async () => {
    await using pair = await openSecurePair();
    const text = await read("offlineimaprc.example");
    await fillIn(pair, text, "remotepass = secret");
    const config = Deno.readTextFileSync(pair.program.configFile)
      .replace(/^sslcacertfile = .*$/m, "");
    // Without this a server on this machine would be trusted at its first use.
    Deno.writeTextFileSync(
      pair.program.configFile,
      config.replace(/^remotehost = .*$/m, "$&\nsslcacertfile = OS-DEFAULT"),
    );
    const refused = await pair.program.sync();
    assert.equal(refused.code, 1);
    const [, line] = /accept this certificate with: (cert_fingerprint = \w+)/
      .exec(refused.output) ?? [];
    assert.ok(line, refused.output);
    Deno.writeTextFileSync(
      pair.program.configFile,
      config.replace(/^remotehost = .*$/m, `$&\n${line}`),
    );
    assert.deepEqual(errorsOf(await pair.program.sync()), []);
    assert.equal(messagesOf(pair.program), 3);
  },
});
