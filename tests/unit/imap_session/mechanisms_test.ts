import assert from "node:assert/strict";
import { chooseMechanisms } from "../../../src/imap/session/mechanisms.ts";
import type {
  MechanismName,
  SessionSettings,
} from "../../../src/imap/session/settings.ts";

const BASE: SessionSettings = {
  repository: "Remote",
  host: "imap.test",
  tls: "implicit",
};
const ALL = "AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5 AUTH=XOAUTH2 AUTH=OAUTHBEARER";

const SCRAM = "AUTH=SCRAM-SHA-1 AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-256-PLUS";

const CHOICES: {
  configured?: MechanismName[];
  offered: string;
  secure?: boolean;
  identity?: string;
  ways: string;
}[] = [
  { offered: ALL, ways: "XOAUTH2 PLAIN LOGIN CRAM-MD5" },
  { offered: ALL, secure: false, ways: "XOAUTH2 CRAM-MD5 PLAIN LOGIN" },
  {
    // Written out, it is still the default.
    configured: ["GSSAPI", "XOAUTH2", "CRAM-MD5", "PLAIN", "LOGIN"],
    ...{ offered: ALL, ways: "XOAUTH2 PLAIN LOGIN CRAM-MD5" },
  },
  {
    configured: ["CRAM-MD5", "PLAIN"],
    ...{ offered: ALL, ways: "CRAM-MD5 PLAIN" },
  },
  { offered: "", ways: "LOGIN" },
  { offered: "AUTH=PLAIN LOGINDISABLED", ways: "PLAIN" },
  { offered: "AUTH=LOGIN LOGINDISABLED", ways: "AUTH=LOGIN" },
  { offered: "LOGINDISABLED", ways: "" },
  { configured: ["GSSAPI"], offered: "AUTH=GSSAPI " + ALL, ways: "" },
  {
    configured: ["XOAUTH2"],
    ...{ offered: "AUTH=OAUTHBEARER", ways: "OAUTHBEARER" },
  },
  { configured: ["OAUTHBEARER"], offered: "AUTH=XOAUTH2", ways: "" },
  {
    // Under TLS the password may go to the server; SCRAM is the last resort.
    ...{ offered: `${ALL} ${SCRAM}` },
    ways: "XOAUTH2 PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5",
  },
  {
    ...{ offered: `${ALL} ${SCRAM}`, secure: false },
    ways: "XOAUTH2 SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN",
  },
  { offered: `LOGINDISABLED ${SCRAM}`, ways: "SCRAM-SHA-256 SCRAM-SHA-1" },
  {
    configured: ["SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"],
    ...{ offered: `${ALL} ${SCRAM}`, ways: "SCRAM-SHA-1 SCRAM-SHA-256 PLAIN" },
  },
  { offered: `AUTH=EXTERNAL ${ALL}`, ways: "XOAUTH2 PLAIN LOGIN CRAM-MD5" },
  { configured: ["EXTERNAL"], offered: "AUTH=EXTERNAL", ways: "EXTERNAL" },
  { configured: ["EXTERNAL"], offered: ALL, ways: "" },
  { offered: ALL, identity: "other", ways: "PLAIN" },
  {
    configured: ["EXTERNAL", "CRAM-MD5", "SCRAM-SHA-1"],
    offered: `AUTH=EXTERNAL ${ALL} ${SCRAM}`,
    ...{ identity: "other", ways: "EXTERNAL SCRAM-SHA-1" },
  },
  {
    configured: ["LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"],
    ...{ offered: ALL, identity: "other", ways: "OAUTHBEARER" },
  },
];

for (const { configured, offered, secure, identity, ways } of CHOICES) {
  const name = `[${configured ?? "default"}] of "${offered}"` +
    (secure === false ? " in plain text" : "") + (identity ? " for other" : "");
  Deno.test(`chooseMechanisms() makes ${ways || "nothing"} of ${name}`, () => {
    const settings = {
      ...BASE,
      ...(configured ? { mechanisms: configured } : {}),
      ...(identity ? { identity } : {}),
    };
    const set = new Set(offered.split(" "));
    const choice = chooseMechanisms(settings, set, secure ?? true);
    assert.equal(choice.ways.map((way) => way.mechanism).join(" "), ways);
    assert.equal(choice.refusal.code, "auth.mechanism");
  });
}

const HINTS: {
  configured?: MechanismName[];
  offered: string;
  secure?: boolean;
  hint: RegExp;
}[] = [
  {
    ...{ configured: ["GSSAPI"], offered: ALL },
    hint: /GSSAPI \(Kerberos\) is not supported: use PLAIN over TLS/,
  },
  {
    offered: "AUTH=GSSAPI LOGINDISABLED",
    hint: /GSSAPI \(Kerberos\) is not supported: ask .* PLAIN over TLS/,
  },
  { configured: ["EXTERNAL"], offered: ALL, hint: /set sslclientcert/ },
];

for (const { configured, offered, hint } of HINTS) {
  Deno.test(`chooseMechanisms() says what to do about [${configured ?? "default"}] of "${offered}"`, () => {
    const settings = {
      ...BASE,
      ...(configured ? { mechanisms: configured } : {}),
    };
    const set = new Set(offered.split(" "));
    const { ways, refusal } = chooseMechanisms(settings, set, true);
    assert.deepEqual(ways, []);
    assert.match(refusal.hint ?? "", hint);
  });
}
