import assert from "node:assert/strict";
import { mustVerify, tlsOptions } from "../../../src/imap/session/secure.ts";
import type { SessionSettings } from "../../../src/imap/session/settings.ts";

const BASE: SessionSettings = {
  repository: "Remote",
  host: "imap.test",
  tls: "implicit",
};
const fingerprints = ["0".repeat(64)];
const caFile = "ca.pem";

const CASES: [settings: Partial<SessionSettings>, verified: boolean][] = [
  [{}, true],
  [{ caFile }, true],
  [{ fingerprints: [] }, true],
  [{ fingerprints }, false],
  [{ fingerprints, caFile }, true],
  [{ fingerprints, verifyChain: true }, true],
  [{ fingerprints, caFile, verifyChain: false }, false],
  // Nothing would be checked at all.
  [{ verifyChain: false }, true],
  [{ fingerprints: [], verifyChain: false }, true],
];

for (const [settings, verified] of CASES) {
  const name = JSON.stringify(settings);
  Deno.test(`mustVerify() is ${verified} for ${name}`, () => {
    assert.equal(mustVerify({ ...BASE, ...settings }), verified);
  });
}

Deno.test("tlsOptions() refuses what the runtime does not trust, by default", async () => {
  const options = await tlsOptions(BASE, "runtime");
  assert.equal(options.rejectUnauthorized, true);
  assert.equal(options.minVersion, "TLSv1.2");
  assert.equal(options.ca, undefined);
});

Deno.test("tlsOptions() adds the system's authorities to the runtime's", async () => {
  const { ca } = await tlsOptions(BASE, "system");
  assert(Array.isArray(ca) && ca.length > 0);
});
