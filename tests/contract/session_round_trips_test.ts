import assert from "node:assert/strict";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { open, scriptedServer } from "./session_support.ts";
import { tap } from "./session_tap.ts";

// The table of docs/sessions.md.
const COSTS: {
  name: string;
  settings: Partial<SessionSettings>;
  /** Those of the TLS handshake (1.3), which are counted as well. */
  tlsRoundTrips: number;
  roundTrips: number;
}[] = [
  {
    name: "in plain text by PLAIN",
    settings: { tls: "none", mechanisms: ["PLAIN"] },
    ...{ tlsRoundTrips: 0, roundTrips: 3 },
  },
  {
    name: "in plain text by LOGIN",
    settings: { tls: "none", mechanisms: ["LOGIN"] },
    ...{ tlsRoundTrips: 0, roundTrips: 3 },
  },
  {
    name: "in plain text by CRAM-MD5",
    settings: { tls: "none", mechanisms: ["CRAM-MD5"] },
    ...{ tlsRoundTrips: 0, roundTrips: 4 },
  },
  {
    name: "with TLS",
    settings: { tls: "implicit" },
    ...{ tlsRoundTrips: 1, roundTrips: 3 },
  },
  {
    name: "with TLS and COMPRESS",
    settings: { tls: "implicit", compression: true },
    ...{ tlsRoundTrips: 1, roundTrips: 3 },
  },
  {
    name: "with STARTTLS",
    settings: { tls: "starttls" },
    ...{ tlsRoundTrips: 1, roundTrips: 5 },
  },
];

for (const { name, settings, tlsRoundTrips, roundTrips } of COSTS) {
  dovecotTest(
    `openSession() takes ${roundTrips} round trips ${name}`,
    async () => {
      await using server = await startDovecot({ tls: true, compress: true });
      const implicit = settings.tls === "implicit";
      // The delay keeps what belongs together together.
      await using wire = tap(implicit ? server.tlsPort : server.port, 10);
      const session = await open({
        ...{ host: "localhost", port: wire.port, ipv6: false },
        ...{ caFile: (await certificates()).ca, ...settings },
      });
      session.transport.destroy();
      assert.equal(wire.roundTrips() - tlsRoundTrips, roundTrips);
      // All was agreed on within them.
      assert(session.enabled.has("QRESYNC"));
      assert.equal(session.namespace.separator, "/");
      assert.equal(session.serverId.get("name"), "Dovecot");
    },
  );
}

Deno.test("openSession() asks for COMPRESS only where the server is far enough", async () => {
  const rows: [SessionSettings["compression"], boolean][] = [
    [false, false],
    [true, true],
    [{ beyondMs: 60_000 }, false],
    [{ beyondMs: 0 }, true],
  ];
  for (const [compression, wanted] of rows) {
    await using server = scriptedServer(async (peer) => {
      await peer.send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n");
      await peer.expect(
        "AUTHENTICATE",
        "TAG OK [CAPABILITY IMAP4rev1 NAMESPACE COMPRESS=DEFLATE] in",
      );
      for (;;) {
        const [tag, name] = (await peer.line()).split(" ");
        if (name === "NAMESPACE") {
          await peer.send('* NAMESPACE (("" "/")) NIL NIL\r\n');
        }
        await peer.send(`${tag} OK done\r\n`);
      }
    });
    const session = await open({
      port: server.port,
      ...(compression === undefined ? {} : { compression }),
    });
    session.transport.destroy();
    const asked = server.received.some((line) => / COMPRESS /.test(line));
    assert.equal(asked, wanted, JSON.stringify(compression));
  }
});
