import assert from "node:assert/strict";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { open } from "./session_support.ts";
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
