/** The bundle does what the sources do, however the server is reached. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "../../scripts/bundle.ts";
import { assertBoth, mails, openPair } from "../faults/support.ts";
import { certificates } from "../support/certificates.ts";
import type { ImapServerOptions } from "../support/imap_server/mod.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { startSocksServer } from "../support/socks_server.ts";

const LABELS = mails(3).map((_, at) => `m-${at}`);

Deno.test("bundle() makes a program that syncs in plain text, by TLS, STARTTLS, COMPRESS and a proxy", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "oi-bundle-" });
  try {
    const { entry } = await bundle(folder);
    const url = pathToFileURL(entry).href;
    const made = await certificates();
    const cert = Deno.readTextFileSync(made.server.certificate);
    const key = Deno.readTextFileSync(made.server.key);
    const trusted = { remotehost: "localhost", sslcacertfile: made.ca };
    await using socks = startSocksServer();
    const ways: Record<string, [ImapServerOptions, ConfigOptions]> = {
      "in plain text": [{}, {}],
      "by TLS": [
        { tls: { mode: "implicit", cert, key } },
        { remote: { ...trusted, ssl: true } },
      ],
      "by STARTTLS": [
        { tls: { mode: "starttls", cert, key } },
        { remote: { ...trusted, ssl: false, starttls: true } },
      ],
      "in a sandbox": [{}, { general: { sandbox: true } }],
      "by COMPRESS": [
        { profile: { compress: true } },
        { remote: { usecompression: true } },
      ],
      "by a proxy": [
        {},
        { account: { proxy: `SOCKS5:127.0.0.1:${socks.port}` } },
      ],
    };
    for (const [name, [server, program]] of Object.entries(ways)) {
      await t.step(name, async () => {
        await using pair = openPair(server, program);
        const { code, stderr } = await pair.program.run({
          entry: { url, args: [] },
        });
        assert.equal(code, 0, stderr);
        assertBoth(pair, LABELS);
      });
    }
    assert.equal(socks.requests.length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bundle() needs no package beside it, and keeps apart what starts late", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oi-bundle-" });
  try {
    await bundle(folder);
    let bytes = 0;
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      if (!isFile) continue;
      const text = Deno.readTextFileSync(join(folder, name));
      bytes += text.length;
      assert.doesNotMatch(text, /^import .*"(?!node:|\.\/)[^"]*";$/m, name);
    }
    assert.ok(bytes < 2_100_000, `${bytes} bytes`);
    assert.ok(Deno.statSync(join(folder, "main.js")).size < 10_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
