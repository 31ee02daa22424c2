import assert from "node:assert/strict";
import { CertificateFile } from "../../src/account/known_certificates.ts";
import { openSession } from "../../src/imap/session/open_session.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { Credentials } from "../../src/auth/credentials.ts";
import { join } from "node:path";
import {
  type CertificateFiles,
  type Certificates,
  certificates,
} from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { failure } from "./session_support.ts";

for (const tls of ["implicit", "starttls"] as const) {
  firstUse(
    tls,
    "trusts a bridge at its first use and remembers it",
    async (t) => {
      await using _server = await t.serve(t.files.selfSigned);
      await t.opens();
      await t.opens();
      assert.deepEqual(t.kept, [`localhost:${t.port}`]);
      // A later run reads what the first one wrote.
      t.forget();
      await t.opens();
      assert.equal(t.kept.length, 1);
      if (Deno.build.os !== "windows") {
        const { mode } = await Deno.stat(t.file);
        assert.equal((mode ?? 0) & 0o077, 0);
      }
    },
  );

  firstUse(
    tls,
    "refuses a bridge that shows another certificate",
    async (t) => {
      await using _first = await t.serve(t.files.selfSigned);
      await t.opens();
      t.forget();
      await using second = await t.serve(t.files.wrongHost);
      const error = await failure(t.open());
      assert.equal(error.code, "connect.certificate-changed");
      assert.equal(error.retry, "never");
      assert.match(error.message, /not the one that was remembered on \d{4}-/);
      assert.match(error.message, /valid until .*; names DNS:mail\.elsewhere/);
      assert.ok(error.hint?.includes(t.file));
      assert.equal(await second.logins(), 0);
      // Both ways out that the hint names.
      const [, line] =
        /cert_fingerprint = ([0-9a-f]{64})$/.exec(error.hint ?? "") ??
          [];
      assert(line);
      await t.opens({ fingerprints: [line] });
      const text = await Deno.readTextFile(t.file);
      await Deno.writeTextFile(
        t.file,
        text.split("\n").filter((row) => !row.includes(":")).join("\n"),
      );
      t.forget();
      await t.opens();
    },
  );

  firstUse(
    tls,
    "refuses one that nobody vouches for behind a proxy",
    async (t) => {
      await using _server = await t.serve(t.files.selfSigned);
      await using proxy = startSocksServer();
      const error = await failure(t.open({ proxy: proxy.url }));
      assert.equal(error.code, "connect.certificate");
      assert.deepEqual(t.kept, []);
    },
  );

  firstUse(
    tls,
    "asks for more than the first use where more is configured",
    async (t) => {
      await using _server = await t.serve(t.files.selfSigned);
      for (
        const settings of [
          { caFile: t.files.ca },
          { fingerprints: ["00".repeat(32)] },
        ]
      ) {
        const error = await failure(t.open(settings));
        assert.equal(error.code, "connect.certificate");
      }
      assert.deepEqual(t.kept, []);
    },
  );

  firstUse(tls, "remembers nothing in a dry run", async (t) => {
    await using _server = await t.serve(t.files.selfSigned);
    t.forget({ readOnly: true });
    await t.opens();
    await assert.rejects(Deno.stat(t.file), Deno.errors.NotFound);
  });
}

firstUse(
  "starttls",
  "refuses a known bridge that offers no TLS any more",
  async (t) => {
    await using _secure = await t.serve(t.files.selfSigned);
    await t.opens();
    await using plain = await t.serve(undefined);
    const error = await failure(t.open());
    assert.equal(error.code, "connect.plaintext");
    assert.match(error.message, /offers no STARTTLS any more/);
    assert.equal(await plain.logins(), 0);
  },
);

Deno.test("CertificateFile says so when it cannot be read or written", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oi-known-" });
  try {
    const file = new CertificateFile(join(folder, "missing"), {
      readOnly: false,
      onKept: () => {},
    });
    await assert.rejects(file.keep("localhost:1", "ab".repeat(32)), {
      code: "state.write",
    });
    await Deno.mkdir(join(folder, "known-certificates"));
    const other = new CertificateFile(folder, {
      readOnly: false,
      onKept: () => {},
    });
    await assert.rejects(other.get("localhost:1"), { code: "state.read" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A server of a test. */
interface Served extends AsyncDisposable {
  /** How often anybody tried to log in. */
  logins(): Promise<number>;
}

interface FirstUse {
  readonly files: Certificates;
  /** Where certificates are remembered. */
  readonly file: string;
  /** Addresses whose certificate was remembered. */
  readonly kept: string[];
  /** The address of the server started last. */
  readonly port: number;
  /** A server with this certificate, or without TLS, in place of the one before. */
  serve(certificate: CertificateFiles | undefined): Promise<Served>;
  open(settings?: Partial<SessionSettings>): ReturnType<typeof openSession>;
  opens(settings?: Partial<SessionSettings>): Promise<void>;
  /** As a new run of the program does. */
  forget(options?: { readOnly: boolean }): void;
}

function firstUse(
  tls: "implicit" | "starttls",
  name: string,
  run: (t: FirstUse) => Promise<void>,
): void {
  dovecotTest(`openSession() with ${tls} TLS ${name}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "oi-known-" });
    const board = switchboard();
    const kept: string[] = [];
    let known: CertificateFile;
    const t: FirstUse = {
      files: await certificates(),
      file: join(folder, "known-certificates"),
      kept,
      port: board.port,
      async serve(certificate) {
        const server = await startDovecot({
          tls: certificate !== undefined,
          ...(certificate === undefined ? {} : { certificate }),
        });
        board.target = tls === "implicit" ? server.tlsPort : server.port;
        return {
          logins: async () =>
            (await server.log()).split(/Login: |auth failed/).length - 1,
          [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
        };
      },
      async open(settings = {}) {
        const host = "localhost";
        const credentials = new Credentials({
          ...{ repository: "Remote", host, user: "user", password: "secret" },
          netrcFiles: [],
        });
        return await openSession(
          { repository: "Remote", host, port: board.port, tls, ...settings },
          { credentials, known },
        );
      },
      async opens(settings) {
        (await t.open(settings)).transport.destroy();
      },
      forget(options = { readOnly: false }) {
        known = new CertificateFile(folder, {
          ...options,
          onKept: (address) => kept.push(address),
        });
      },
    };
    t.forget();
    try {
      await run(t);
    } finally {
      await board.close();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** One address whose connections go to whatever port is the target right now. */
function switchboard() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const board = {
    port: listener.addr.port,
    target: 0,
    async close(): Promise<void> {
      listener.close();
      await accepting;
    },
  };
  const accept = async () => {
    for await (const client of listener) {
      const port = board.target;
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      client.readable.pipeTo(server.writable).catch(() => {});
      server.readable.pipeTo(client.writable).catch(() => {});
    }
  };
  const accepting = accept().catch(() => {});
  return board;
}
