import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  cramMd5,
  explainBearerError,
  login,
  oauthBearer,
  plain,
  xoauth2,
} from "../../../src/imap/session/sasl.ts";

const NONE = new Uint8Array(0);

Deno.test("plain() is the example of RFC 4616 §4", () => {
  const own = plain({ user: "tim" }, "tanstaaftanstaaf");
  assert.equal(text(own.initial), "\0tim\0tanstaaftanstaaf");
  const other = plain({ user: "Kurt", identity: "Ursel" }, "xipj3plmq");
  assert.equal(text(other.initial), "Ursel\0Kurt\0xipj3plmq");
  assert.equal(other.respond(NONE), undefined);
});

Deno.test("plain() sends UTF-8", () => {
  const { initial } = plain({ user: "käse" }, "€");
  assert.equal(
    Buffer.from(initial ?? NONE).toString("hex"),
    "006bc3a4736500e282ac",
  );
});

Deno.test("login() sends the name, then the password, then gives up", () => {
  const exchange = login({ user: "tim" }, "secret");
  assert.equal(exchange.initial, undefined);
  assert.equal(text(exchange.respond(Buffer.from("Username:"))), "tim");
  assert.equal(text(exchange.respond(Buffer.from("Password:"))), "secret");
  assert.equal(exchange.respond(NONE), undefined);
});

Deno.test("cramMd5() is the example of RFC 2195 §2", () => {
  const exchange = cramMd5({ user: "tim" }, "tanstaaftanstaaf");
  const challenge = "<1896.697170952@postoffice.reston.mci.net>";
  assert.equal(
    text(exchange.respond(Buffer.from(challenge))),
    "tim b913a602c7eda7a495b4e6e7334d3890",
  );
  assert.equal(exchange.respond(Buffer.from(challenge)), undefined);
});

Deno.test("xoauth2() is the example of Google's description", () => {
  const token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
  const { initial } = xoauth2({ user: "someuser@example.com" }, token);
  assert.equal(
    Buffer.from(initial ?? NONE).toString("base64"),
    "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRj" +
      "Mk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==",
  );
});

Deno.test("oauthBearer() is the example of RFC 7628 §4.1", () => {
  const token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
  const server = { host: "server.example.com", port: 143 };
  const { initial } = oauthBearer({ user: "user@example.com" }, token, server);
  assert.equal(
    text(initial),
    "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01" +
      `auth=Bearer ${token}\x01\x01`,
  );
});

Deno.test("oauthBearer() escapes what would end the name", () => {
  const server = { host: "h", port: 1 };
  const { initial } = oauthBearer({ user: "a,b=c" }, "t", server);
  assert.match(text(initial), /^n,a=a=2Cb=3Dc,/);
});

Deno.test("oauthBearer() asks for the mailbox of another identity", () => {
  const server = { host: "h", port: 1 };
  const who = { user: "me", identity: "you" };
  assert.match(text(oauthBearer(who, "t", server).initial), /^n,a=you,/);
});

for (
  const [exchange, acknowledgement] of [
    [xoauth2({ user: "u" }, "t"), ""],
    [oauthBearer({ user: "u" }, "t", { host: "h", port: 1 }), "\x01"],
  ] as const
) {
  Deno.test(`${exchange.mechanism} acknowledges the server's error`, () => {
    const error = '{"status":"invalid_token","scope":"mail"}';
    assert.equal(text(exchange.respond(Buffer.from(error))), acknowledgement);
    assert.equal(exchange.complaint, "status invalid_token, scope mail");
  });
}

const COMPLAINTS: [challenge: string, words: string | undefined][] = [
  ['{"status":"400","schemes":"Bearer"}', "status 400, schemes Bearer"],
  [
    '{"error":"x","error_description":"y","z":1}',
    "error x, error_description y",
  ],
  ["plain words", "plain words"],
  ["[1]", "[1]"],
  ["null", "null"],
  ["{", "{"],
  ["", undefined],
];

for (const [challenge, words] of COMPLAINTS) {
  Deno.test(`explainBearerError() reads ${JSON.stringify(challenge)}`, () => {
    assert.equal(explainBearerError(Buffer.from(challenge)), words);
  });
}

function text(bytes: Uint8Array | undefined): string {
  assert(bytes);
  return Buffer.from(bytes).toString("utf8");
}
