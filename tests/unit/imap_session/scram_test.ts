import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import type { SaslExchange } from "../../../src/imap/session/sasl.ts";
import { saslPrep } from "../../../src/imap/session/sasl_prep.ts";
import { scram } from "../../../src/imap/session/scram.ts";
import { scramServer } from "../../support/imap_server/scram.ts";

const USER = { user: "user" };

const VECTORS = [
  {
    rfc: "RFC 5802 §5",
    hash: "SHA-1",
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    challenge:
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    rfc: "RFC 7677 §3",
    hash: "SHA-256",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    challenge: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
] as const;

for (const { rfc, hash, nonce, challenge, proof, signature } of VECTORS) {
  Deno.test(`scram() is the example of ${rfc}`, () => {
    const exchange = scram(hash, USER, "pencil", nonce);
    assert.equal(exchange.mechanism, `SCRAM-${hash}`);
    assert.equal(text(exchange.initial), `n,,n=user,r=${nonce}`);
    const full = /r=([^,]*)/.exec(challenge)?.[1];
    assert.equal(say(exchange, challenge), `c=biws,r=${full},p=${proof}`);
    // An OK at this point would come from somebody who proved nothing.
    assert.match(exchange.unproven ?? "", /did not prove/);
    assert.equal(say(exchange, `v=${signature}`), "");
    assert.equal(exchange.unproven, undefined);
    assert.equal(exchange.fault, undefined);
  });
}

const [VECTOR] = VECTORS;
const GOOD = VECTOR.challenge;

for (
  const [what, challenge, fault] of [
    ["another nonce", GOOD.replace("fyko", "oops"), /not for this login/],
    ["no nonce of its own", `r=${VECTOR.nonce},s=QSXC,i=4096`, /not for this/],
    ["few iterations", GOOD.replace("4096", "1"), /asks for 1 iterations/],
    ["endless iterations", GOOD.replace("4096", "4294967296"), /iterations/],
    ["what it does not know", `m=x,${GOOD}`, /cannot be read/],
    ["nothing", "", /cannot be read/],
  ] as const
) {
  Deno.test(`scram() gives up on a challenge with ${what}`, () => {
    const exchange = scram("SHA-1", USER, "pencil", VECTOR.nonce);
    assert.equal(say(exchange, challenge), undefined);
    assert.match(exchange.fault ?? "", fault);
  });
}

Deno.test("scram() gives up on a server that does not know the password", () => {
  for (const said of ["v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v=", "hello", ""]) {
    const exchange = scram("SHA-1", USER, "pencil", VECTOR.nonce);
    say(exchange, GOOD);
    assert.equal(say(exchange, said), undefined);
    assert.match(exchange.fault ?? "", /did not prove/);
  }
});

Deno.test("scram() tells what a server complains of", () => {
  const exchange = scram("SHA-1", USER, "pencil", VECTOR.nonce);
  say(exchange, GOOD);
  assert.equal(say(exchange, "e=invalid-proof"), "");
  assert.equal(exchange.complaint, "invalid-proof");
  assert.equal(exchange.fault, undefined);
  assert.match(exchange.unproven ?? "", /did not prove/);
});

Deno.test("scram() and a server agree on any name and password", async () => {
  const word = fc.string({ minLength: 1, unit: "grapheme" });
  await fc.assert(
    fc.asyncProperty(word, word, async (user, password) => {
      const prepared = saslPrep(password);
      const exchange = scram("SHA-256", { user, identity: user }, password);
      const server = scramServer("SHA-256", text(exchange.initial), (name) => {
        assert.equal(name, saslPrep(user));
        return prepared;
      });
      const answer = say(exchange, server.challenge);
      const final = await server.verify(answer ?? "");
      assert.equal(say(exchange, final ?? ""), "");
      assert.equal(exchange.unproven, undefined);
    }),
    { numRuns: 30 },
  );
});

// RFC 4013 §3 and what it maps to nothing or a blank.
for (
  const [given, prepared] of [
    ["I\u00ADX", "IX"],
    ["user", "user"],
    ["USER", "USER"],
    ["\u00AA", "a"],
    ["\u2168", "IX"],
    ["a\u00A0b\u3000c\u200Bd", "a b c d"],
    ["a\u200C\uFEFF\uFE0Fb", "ab"],
    ["p\u0061\u0308ss", "p\u00E4ss"],
  ] as const
) {
  Deno.test(`saslPrep() makes ${JSON.stringify(prepared)} of ${escaped(given)}`, () => {
    assert.equal(saslPrep(given), prepared);
  });
}

function escaped(given: string): string {
  return given.replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `U+${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function say(exchange: SaslExchange, challenge: string): string | undefined {
  const answer = exchange.respond(Buffer.from(challenge));
  return answer && text(answer);
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("utf8");
}
