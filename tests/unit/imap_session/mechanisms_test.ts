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
  { offered: ALL, identity: "other", ways: "PLAIN" },
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
