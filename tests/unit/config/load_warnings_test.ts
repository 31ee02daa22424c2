import assert from "node:assert/strict";
import { usableAccounts } from "../../../src/config/load.ts";
import { FILE, load, type Parts, warningsOf } from "./support.ts";

Deno.test("loadConfig() is silent about what is not supported at its default", () => {
  const config = load({
    remote: "subscribedonly = no\ntls_level = tls_compat\n" +
      'reference = ""\nretrycount = 2\ndecodefoldernames = off',
    account: "synclabels = no\nlabelsheader = X-Keywords\nignorelabels =",
  });
  assert.deepEqual(warningsOf(config), []);
  assert.equal(usableAccounts(config).length, 1);
});

Deno.test("loadConfig() is silent about sections that do not run", () => {
  const more = "[Account B]\nlocalrepository = L\nremoterepository = S\n" +
    "[Repository S]\ntype = IMAP\nkeepalive = 60\npreauthtunnel = x";
  assert.deepEqual(warningsOf(load({ more })), []);
});

Deno.test("loadConfig() names GSSAPI only when it is asked for", () => {
  const config = load({ remote: "auth_mechanisms = GSSAPI, PLAIN" });
  assert.match(
    warningsOf(config).join(),
    /names GSSAPI \(Kerberos\), .*the others are tried/,
  );
});

const SUSPECT: [string, Parts, RegExp | undefined][] = [
  ["quotes", { remote: 'remoteuser = "jane"' }, /:15: .*the quotes are part/],
  [
    "a comment",
    { local: "sep = .", remote: "remoteuser = jane ; me" },
    /must stand on a line of its own/,
  ],
  ["a negative autorefresh", { account: "autorefresh = -5" }, /negative/],
  [
    "a key without its certificate",
    { remote: "sslclientkey = ~/k.pem" },
    /sslclientkey: it is of no use without sslclientcert/,
  ],
  // OfflineIMAP wants an ssl_version with it, but there is nothing left to forbid.
  ["tls_level alone", { remote: "tls_level = tls_secure" }, undefined],
  [
    "old versions of TLS where none is spoken",
    { remote: "ssl_version = tls1\nssl = no\nstarttls = no" },
    undefined,
  ],
  ["a shell command", { account: "presynchook = a ; b # c" }, undefined],
  ["a password", { remote: "remotepass = a ; b" }, undefined],
  ["an expression", { remote: "nametrans = f # why" }, undefined],
];
for (const [what, parts, expected] of SUSPECT) {
  Deno.test(`loadConfig() ${expected ? "warns of" : "accepts"} ${what}`, () => {
    const text = warningsOf(load(parts)).join("\n");
    if (expected === undefined) assert.equal(text, "");
    else assert.match(text, expected);
  });
}

Deno.test("loadConfig() takes [mbnames] with missing options as switched off", () => {
  const config = load({ more: "[mbnames]\nenabled = no" });
  assert.deepEqual(warningsOf(config), []);
  assert.equal(config.mbnames, undefined);
});

Deno.test("loadConfig() says what [mbnames] lacks, and reads the rest", () => {
  const { mbnames, accounts } = load({
    more: "[mbnames]\nenabled = yes\nfilename = ~/m\nheader = 'x'\nsep = ''",
  });
  assert.ok(mbnames !== undefined && "error" in mbnames);
  assert.equal(
    mbnames.error.message,
    `No list of folders is written: 2 mistakes\n` +
      `  ${FILE}:16: [mbnames] has no option "peritem"\n` +
      `  ${FILE}:16: [mbnames] has no option "footer"`,
  );
  assert.equal(accounts.length, 1);
});

Deno.test("loadConfig() reads peritem of [mbnames] as it stands", () => {
  const { mbnames } = load({
    more: "[mbnames]\nenabled = yes\nfilename = ~/m\nheader = 'x'\n" +
      "peritem = \"+%(foldername)s\" %%\nsep = ' '\nfooter = '\\n'",
  });
  assert.ok(mbnames !== undefined && !("error" in mbnames));
  assert.equal(mbnames.perItem.text, '"+%(foldername)s" %%');
  assert.equal(mbnames.perItem.line, 20);
  assert.equal(mbnames.incremental, false);
});

Deno.test("loadConfig() says that synclabels needs both of Gmail's types", () => {
  const warnings = warningsOf(load({ account: "synclabels = yes" }));
  assert.match(warnings.join("\n"), /synclabels has no effect: it needs/);
});
