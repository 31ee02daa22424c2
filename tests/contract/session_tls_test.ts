import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import {
  type CertificateFiles,
  type Certificates,
  certificates,
} from "../support/certificates.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { until } from "../support/watching.ts";
import { failure, open } from "./session_support.ts";

/** The ways to TLS, which must behave alike. */
const MODES = ["implicit", "starttls"] as const;

for (const tls of MODES) {
  tlsTest(tls, "accepts a certificate of the given authority", async (t) => {
    await t.opens({ caFile: t.files.ca });
    await t.opens({ caFile: t.files.ca, host: "127.0.0.1" });
  });

  tlsTest(tls, "refuses a certificate that nobody vouches for", async (t) => {
    const error = await t.fails({});
    assert.match(error.message, /its certificate is not trusted/);
    assert.match(error.message, /subject CN=server of the tests/);
    assert.match(error.message, /issuer CN=Test authority ca/);
    assert.match(error.message, /valid until Jan {2}1 00:00:00 2045 GMT/);
    assert.match(error.message, /names DNS:localhost, DNS:imap\.test/);
    assert(error.message.includes(hashOf(t.certificate, "sha256")));
    // Doing what the hint says helps.
    const line = /cert_fingerprint = ([0-9a-f]{64})$/.exec(error.hint ?? "");
    assert(line?.[1], error.hint);
    await t.opens({ fingerprints: [line[1]] });
  });

  tlsTest(
    tls,
    "does not ask the system when an authority is given",
    async (t) => {
      await t.fails({ caFile: t.files.strangerCa });
    },
  );

  tlsTest(tls, "checks the name of the host", async (t) => {
    await using proxy = startSocksServer({
      route: () => ({ hostname: "127.0.0.1", port: t.port }),
    });
    const settings = { caFile: t.files.ca, proxy: proxy.url };
    await t.opens({ ...settings, host: "imap.test" });
    await t.opens({ ...settings, host: "any.wild.test" });
    const error = await t.fails({ ...settings, host: "other.test" });
    assert.match(error.message, /it is not for "other\.test"/);
    // Names are resolved by the proxy, never here.
    assert(proxy.requests.every((request) => request.includes(".test:")));
  });

  tlsTest(tls, "takes each kind of fingerprint, however written", async (t) => {
    for (const hash of ["sha1", "sha224", "sha256", "sha384", "sha512"]) {
      const hex = hashOf(t.certificate, hash);
      await t.opens({ fingerprints: [hex] });
      const colons = hex.toUpperCase().match(/../g)?.join(":") ?? "";
      await t.opens({ fingerprints: ["00".repeat(20), colons] });
    }
  });

  tlsTest(
    tls,
    "refuses another fingerprint, good authority or not",
    async (t) => {
      const fingerprints = ["00".repeat(32)];
      for (const settings of [{}, { caFile: t.files.ca }]) {
        const error = await t.fails({ ...settings, fingerprints });
        assert.match(error.message, /another fingerprint/);
        assert.doesNotMatch(error.hint ?? "", /sslcacertfile/);
        assert(error.hint?.includes(hashOf(t.certificate, "sha256")));
      }
    },
  );

  tlsTest(
    tls,
    "wants both, authority and fingerprint, when both are given",
    async (t) => {
      const fingerprints = [hashOf(t.certificate, "sha256")];
      await t.opens({ caFile: t.files.ca, fingerprints });
      const error = await t.fails({ caFile: t.files.strangerCa, fingerprints });
      // The fingerprint is there already: it is not all that is asked for.
      assert.match(error.hint ?? "", /[0-9a-f]{64} and without sslcacertfile/);
    },
  );

  tlsTest(tls, "refuses an expired certificate", async (t) => {
    const error = await t.fails({ caFile: t.files.ca });
    assert.match(error.message, /it expired on Feb {2}1 00:00:00 2020 GMT/);
    // A fingerprint alone is an order to trust just this one.
    await t.opens({ fingerprints: [hashOf(t.certificate, "sha256")] });
  }, (files) => files.expired);

  tlsTest(tls, "refuses a certificate for another host", async (t) => {
    const error = await t.fails({ caFile: t.files.ca });
    assert.match(error.message, /it is not for "localhost"/);
    assert.match(error.message, /names DNS:mail\.elsewhere\.test/);
    const byAddress = { caFile: t.files.ca, host: "127.0.0.1" };
    assert.match((await t.fails(byAddress)).message, /not for "127\.0\.0\.1"/);
  }, (files) => files.wrongHost);

  tlsTest(
    tls,
    "refuses one signed by itself, unless it is the authority",
    async (t) => {
      const error = await t.fails({});
      assert.match(error.message, /it is signed by itself/);
      await t.opens({ caFile: t.certificate.certificate });
    },
    (files) => files.selfSigned,
  );
}

tlsTest("implicit", "accepts what the system trusts", async (t) => {
  const script = fileURLToPath(
    new URL("session_trust_probe.ts", import.meta.url),
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, String(t.port)],
    env: { SSL_CERT_FILE: t.files.ca, DENO_TLS_CA_STORE: "mozilla" },
  }).output();
  const text = new TextDecoder().decode(code === 0 ? stdout : stderr);
  assert.equal(text, "opened twice\n");
});

tlsTest("implicit", "says so when the port speaks plain text", async (t) => {
  const settings: Partial<SessionSettings> = {
    ...{ host: "localhost", port: t.server.port, tls: "implicit" },
    ...{ caFile: t.files.ca },
  };
  const error = await failure(open(settings));
  assert.equal(error.code, "connect.tls");
  assert.match(error.hint ?? "", /speaks plain text on this port/);
});

tlsTest("implicit", "says so when the port speaks TLS", async (t) => {
  const error = await failure(
    open({ port: t.port, tls: "none", replyTimeoutMs: 500 }),
  );
  assert.equal(error.code, "connect.greeting");
  assert.match(error.hint ?? "", /TLS port says nothing to plain text/);
});

dovecotTest("openSession() names a CA file that cannot be used", async () => {
  const missing = "/no/such/ca.pem";
  const error = await failure(open({ tls: "implicit", caFile: missing }));
  assert.equal(error.code, "config.value");
  assert.match(error.message, /sslcacertfile "\/no\/such\/ca\.pem"/);
  const wrong = fileURLToPath(import.meta.url);
  const other = await failure(open({ tls: "implicit", caFile: wrong }));
  assert.match(other.message, /holds no certificates/);
});

dovecotTest("openSession() refuses what is no fingerprint", async () => {
  for (const fingerprint of ["", "abc", "xy".repeat(32), "0".repeat(63)]) {
    const error = await failure(
      open({ tls: "implicit", fingerprints: [fingerprint] }),
    );
    assert.equal(error.code, "config.value");
  }
});

interface TlsTest {
  readonly server: Dovecot;
  readonly files: Certificates;
  readonly certificate: CertificateFiles;
  readonly port: number;
  opens(settings: Partial<SessionSettings>): Promise<void>;
  fails(
    settings: Partial<SessionSettings>,
  ): ReturnType<typeof failure>;
}

function tlsTest(
  tls: "implicit" | "starttls",
  name: string,
  run: (t: TlsTest) => Promise<void>,
  choose: (files: Certificates) => CertificateFiles = (files) => files.server,
): void {
  dovecotTest(`openSession() with ${tls} TLS ${name}`, async () => {
    const files = await certificates();
    const certificate = choose(files);
    await using server = await startDovecot({ tls: true, certificate });
    const port = tls === "implicit" ? server.tlsPort : server.port;
    const base: Partial<SessionSettings> = { host: "localhost", port, tls };
    await run({
      ...{ server, files, certificate, port },
      async opens(settings) {
        const logins = await loginsOf(server);
        const session = await open({ ...base, ...settings });
        assert(session.capabilities.has("UIDPLUS"));
        session.transport.destroy();
        // It may be logged after it was answered, and would count as another's.
        await until(
          async () => await loginsOf(server) > logins,
          10_000,
          () => "the login is not logged",
        );
      },
      async fails(settings) {
        const logins = await loginsOf(server);
        const error = await failure(open({ ...base, ...settings }));
        assert.equal(error.code, "connect.certificate");
        assert.equal(error.retry, "never");
        // Nobody logged in on the way to the error.
        assert.equal(await loginsOf(server), logins);
        return error;
      },
    });
  });
}

/** How often anybody tried to log in. */
async function loginsOf(server: Dovecot): Promise<number> {
  return (await server.log()).split(/Login: |auth failed/).length - 1;
}

function hashOf({ certificate }: CertificateFiles, hash: string): string {
  const { raw } = new X509Certificate(Deno.readTextFileSync(certificate));
  return createHash(hash).update(raw).digest("hex");
}
