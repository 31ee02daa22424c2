import assert from "node:assert/strict";
import { join } from "node:path";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startTlsServer } from "../support/openssl_server.ts";
import { failure, open } from "./session_support.ts";

for (const tls of ["implicit", "starttls"] as const) {
  dovecotTest(
    `openSession() with ${tls} TLS shows a client certificate`,
    async () => {
      const files = await certificates();
      await using server = await startDovecot({
        tls: true,
        extra: `ssl_ca = <${files.ca}\nssl_verify_client_cert = yes\n` +
          "auth_ssl_require_client_cert = yes\nssl_require_crl = no\n",
      });
      const port = tls === "implicit" ? server.tlsPort : server.port;
      const settings = { host: "localhost", port, tls, caFile: files.ca };
      const refused = await failure(open(settings));
      assert.match(refused.code, /^auth\./);
      const { certificate, key } = files.client;
      const session = await open({
        ...settings,
        clientCertificate: { certificate, key },
      });
      session.transport.destroy();
      // Both in one file, as many authorities deliver them.
      const folder = await Deno.makeTempDir({ prefix: "oi-client-" });
      try {
        const both = join(folder, "both.pem");
        await Deno.writeTextFile(
          both,
          await Deno.readTextFile(certificate) + await Deno.readTextFile(key),
        );
        const again = await open({
          ...settings,
          clientCertificate: { certificate: both },
        });
        again.transport.destroy();
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  );
}

dovecotTest(
  "openSession() says so when a client certificate is missing",
  async () => {
    const files = await certificates();
    for (const version of ["-tls1_2", "-tls1_3"]) {
      await using server = await startTlsServer(files.server, [
        ...[version, "-Verify", "1", "-verify_return_error"],
        ...["-CAfile", files.ca],
      ]);
      const error = await failure(open({
        ...{ host: "localhost", port: server.port, tls: "implicit" },
        caFile: files.ca,
      }));
      assert.equal(error.code, "connect.tls");
      assert.match(error.hint ?? "", /sslclientcert and sslclientkey/);
    }
  },
);

// shows: repository.sslclientcert, repository.sslclientkey
dovecotTest(
  "openSession() says so when its client certificate is refused",
  async () => {
    const files = await certificates();
    await using server = await startTlsServer(files.server, [
      ...["-Verify", "1", "-verify_return_error", "-CAfile", files.strangerCa],
    ]);
    const error = await failure(open({
      ...{ host: "localhost", port: server.port, tls: "implicit" },
      caFile: files.ca,
      clientCertificate: files.client,
    }));
    assert.equal(error.code, "connect.tls");
    assert.match(error.message, /does not accept the client certificate/);
  },
);

// shows: repository.tls_level, repository.ssl_version
dovecotTest(
  "openSession() speaks the version of TLS that is asked for",
  async () => {
    const files = await certificates();
    await using server = await startDovecot({
      tls: true,
      extra: 'login_log_format_elements = "user=<%u> %k"',
    });
    for (const tls of ["implicit", "starttls"] as const) {
      const port = tls === "implicit" ? server.tlsPort : server.port;
      const base = { host: "localhost", port, tls, caFile: files.ca };
      for (const tlsVersion of ["TLSv1.2", "TLSv1.3"] as const) {
        const before = countOf(await server.log(), `${tlsVersion} with`);
        (await open({ ...base, tlsVersion })).transport.destroy();
        const after = countOf(await server.log(), `${tlsVersion} with`);
        assert(after > before, await server.log());
      }
    }
  },
);

dovecotTest(
  "openSession() explains a server of another version of TLS",
  async () => {
    const files = await certificates();
    const base = {
      host: "localhost",
      tls: "implicit",
      caFile: files.ca,
    } as const;
    await using newer = await startTlsServer(files.server, ["-tls1_3"]);
    const pinned = await failure(
      open({ ...base, port: newer.port, tlsVersion: "TLSv1.2" }),
    );
    assert.match(pinned.message, /it does not speak TLS 1\.2/);
    assert.match(pinned.hint ?? "", /Remove ssl_version/);
    await using older = await startTlsServer(files.server, [
      ...["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
    ]);
    const old = await failure(open({ ...base, port: older.port }));
    assert.match(old.message, /it does not speak TLS 1\.2 or newer/);
    assert.match(old.hint ?? "", /transporttunnel/);
  },
);

dovecotTest(
  "openSession() names a client certificate that cannot be used",
  async () => {
    const files = await certificates();
    const folder = await Deno.makeTempDir({ prefix: "oi-client-" });
    try {
      const locked = join(folder, "locked.key");
      const { success } = await new Deno.Command("openssl", {
        args: [
          ...["pkey", "-in", files.client.key, "-aes128"],
          ...["-passout", "pass:hunter2", "-out", locked],
        ],
      }).output();
      assert(success);
      const { certificate, key } = files.client;
      const rows: [files: { certificate: string; key?: string }, RegExp][] = [
        [{ certificate: "/no/such.pem" }, /sslclientcert "\/no\/such\.pem"/],
        [{ certificate: key }, /sslclientcert .* holds no certificate/],
        [{ certificate }, /sslclientcert .* holds no private key/],
        [{ certificate, key: certificate }, /sslclientkey .* no private key/],
        [
          { certificate, key: locked },
          /sslclientkey .* locked with a passphrase/,
        ],
        [
          { certificate, key: files.server.key },
          /belongs to another certificate/,
        ],
      ];
      for (const [clientCertificate, message] of rows) {
        const error = await failure(
          open({ tls: "implicit", clientCertificate }),
        );
        assert.equal(error.code, "config.value");
        assert.match(error.message, message);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}
