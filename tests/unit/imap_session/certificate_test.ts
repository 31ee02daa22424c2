import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
  describeCertificate,
  matchesFingerprint,
  normalizeFingerprint,
} from "../../../src/imap/session/certificate.ts";

// Made for this test: CN=imap.example.org, names imap.example.org and 192.0.2.7,
// from 2024-01-01 to 2034-01-01, signed by itself.
const PEM = await Deno.readTextFile(
  new URL("certificate_test.pem", import.meta.url),
);
const DER = new X509Certificate(PEM).raw;
const THEN = new Date("2025-06-01T00:00:00Z");

Deno.test("normalizeFingerprint() leaves out colons, blanks and case", () => {
  assert.equal(
    normalizeFingerprint(" AA:bb" + ":CC".repeat(18)),
    "aabb" + "cc".repeat(18),
  );
  for (const length of [40, 56, 64, 96, 128]) {
    assert.equal(normalizeFingerprint("0".repeat(length))?.length, length);
  }
});

for (const text of ["", "ab", "0".repeat(39), "g".repeat(40), "sha256"]) {
  Deno.test(`normalizeFingerprint() refuses "${text}"`, () => {
    assert.equal(normalizeFingerprint(text), undefined);
  });
}

Deno.test("matchesFingerprint() needs one that matches", () => {
  const { sha256 } = describeCertificate(DER, "h", THEN);
  assert(matchesFingerprint(DER, [sha256]));
  assert(matchesFingerprint(DER, ["0".repeat(64), sha256.toUpperCase()]));
  assert(!matchesFingerprint(DER, []));
  assert(!matchesFingerprint(DER, ["0".repeat(64), "", "nonsense"]));
  // A prefix or the hash of another kind is none.
  assert(!matchesFingerprint(DER, [sha256.slice(0, 40)]));
});

Deno.test("describeCertificate() tells what people need", () => {
  const facts = describeCertificate(DER, "imap.example.org", THEN);
  assert.equal(facts.subject, "CN=imap.example.org, O=Example");
  assert.equal(facts.issuer, facts.subject);
  assert.equal(facts.validTo, "Jan  1 00:00:00 2034 GMT");
  assert.equal(facts.names, "DNS:imap.example.org, IP Address:192.0.2.7");
  assert.match(facts.sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(facts.faults, ["it is signed by itself"]);
});

const FAULTS: [host: string, now: string, fault: RegExp | undefined][] = [
  ["imap.example.org", "2025-01-01", undefined],
  ["192.0.2.7", "2025-01-01", undefined],
  ["example.org", "2025-01-01", /it is not for "example\.org"/],
  ["192.0.2.8", "2025-01-01", /it is not for "192\.0\.2\.8"/],
  ["imap.example.org", "2035-01-01", /it expired on Jan {2}1 00:00:00 2034/],
  ["imap.example.org", "2023-01-01", /it begins on Jan {2}1 00:00:00 2024/],
];

for (const [host, now, fault] of FAULTS) {
  Deno.test(`describeCertificate() judges it for ${host} on ${now}`, () => {
    const { faults } = describeCertificate(DER, host, new Date(now));
    const [first = "", ...rest] = faults;
    if (fault) assert.match(first, fault);
    else assert.deepEqual([first, ...rest], ["it is signed by itself"]);
  });
}
