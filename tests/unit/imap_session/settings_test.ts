import assert from "node:assert/strict";
import {
  addressOf,
  isLoopback,
  portOf,
} from "../../../src/imap/session/settings.ts";

for (
  const host of [
    "localhost",
    "LOCALHOST",
    "mail.localhost",
    "localhost.",
    "127.0.0.1",
    "127.1.2.3",
    "::1",
    "[::1]",
  ]
) {
  Deno.test(`isLoopback() knows ${host}`, () => assert(isLoopback(host)));
}

for (
  const host of [
    "localhost.example.org",
    "127.0.0.1.example.org",
    "mylocalhost",
    "128.0.0.1",
    "::2",
    "",
  ]
) {
  Deno.test(`isLoopback() is not taken in by "${host}"`, () => {
    assert(!isLoopback(host));
  });
}

Deno.test("portOf() is 993 with implicit TLS, else 143", () => {
  const base = { repository: "R", host: "h" };
  assert.equal(portOf({ ...base, tls: "implicit" }), 993);
  assert.equal(portOf({ ...base, tls: "starttls" }), 143);
  assert.equal(portOf({ ...base, tls: "none", port: 10143 }), 10143);
});

Deno.test("addressOf() puts an IPv6 address in brackets", () => {
  const base = { repository: "R", tls: "implicit" } as const;
  assert.equal(addressOf({ ...base, host: "::1" }), "[::1]:993");
  assert.equal(addressOf({ ...base, host: "imap.test" }), "imap.test:993");
});
