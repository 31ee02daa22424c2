import assert from "node:assert/strict";
import {
  accountError,
  configText,
  load,
  type Parts,
  runError,
} from "./support.ts";

/** Parts of a configuration in which only the account A fails. */
const BAD: [string, Parts, string, RegExp][] = [
  [
    "a bad number",
    { remote: "remoteport = imaps" },
    "config.value",
    /^Account A cannot be synchronised: \/home\/u\/\.offlineimaprc:15: \[Repository R\] remoteport = "imaps": a whole number is allowed$/,
  ],
  [
    "a port out of range",
    { remote: "remoteport = 70000" },
    "config.value",
    /a whole number from 1 to 65535 is allowed/,
  ],
  [
    "a bad boolean",
    { local: "readonly = y" },
    "config.value",
    /readonly = "y": "yes" or "no" is allowed/,
  ],
  ["an empty boolean", { remote: "ssl =" }, "config.value", /ssl = ""/],
  [
    "a bad fingerprint",
    { remote: "cert_fingerprint = abc" },
    "config.value",
    /as many as SHA-1 \(40\)/,
  ],
  [
    "a bad mechanism",
    { remote: "auth_mechanisms = PLAIM" },
    "config.value",
    /did you mean "PLAIN"/,
  ],
  [
    "only GSSAPI",
    { remote: "auth_mechanisms = GSSAPI" },
    "config.unsupported",
    /names only GSSAPI \(Kerberos\), which is not supported/,
  ],
  [
    "a long separator",
    { local: "sep = .." },
    "config.value",
    /one character is allowed/,
  ],
  [
    "an impossible keyword",
    { local: "customflag_x = two words" },
    "config.value",
    /customflag_x = "two words": an IMAP keyword is allowed/,
  ],
  [
    "a bad age",
    { account: "maxage = 0" },
    "config.value",
    /a number of days \(at least 1\) or a date/,
  ],
  [
    "a start in the future",
    { remote: "startdate = 2030-01-01" },
    "config.value",
    /the date is in the future/,
  ],
  [
    "two age limits",
    { account: "maxage = 5", local: "startdate = 2024-01-01" },
    "config.value",
    /maxage and the startdate of either repository exclude/,
  ],
  [
    "a bad proxy",
    { account: "proxy = localhost:9050" },
    "config.value",
    /TYPE:host:port or TYPE:user:password@host:port is allowed/,
  ],
  [
    "an empty expression",
    { remote: "nametrans =" },
    "config.value",
    /a Python expression is allowed/,
  ],
  [
    "a lone percent sign",
    { account: "presynchook = date +%d" },
    "config.value",
    /presynchook = "date \+%d": "%" is followed by neither/,
  ],
  [
    "an unknown reference",
    { account: "presynchook = %(x)s" },
    "config.value",
    /it refers to "x" that neither \[Account A\] nor \[DEFAULT\]/,
  ],
  [
    "two tunnels",
    { remote: "preauthtunnel = ssh h imapd\ntransporttunnel = nc h 143" },
    "config.value",
    /transporttunnel: there is a preauthtunnel as well/,
  ],
  [
    "a version of TLS that is broken",
    { remote: "ssl_version = tls1_1" },
    "config.unsupported",
    /ssl_version: TLS 1\.1 is broken.* begins with TLS 1\.2/,
  ],
  [
    "utf8foldernames beside decodefoldernames",
    { account: "utf8foldernames = yes", remote: "decodefoldernames = yes" },
    "config.value",
    /utf8foldernames and decodefoldernames exclude each other/,
  ],
];
for (const [what, parts, code, expected] of BAD) {
  Deno.test(`loadConfig() fails the account for ${what}`, () => {
    const error = accountError(parts);
    assert.equal(error.code, code);
    assert.equal(error.retry, "never");
    assert.match(error.message, expected);
  });
}

/** Whole files in which the account A fails. */
const BROKEN: [string, string, string, RegExp][] = [
  [
    "a missing section",
    "[general]\naccounts = A",
    "config.missing",
    /there is no section \[Account A\]/,
  ],
  [
    "a missing section like another",
    "[general]\naccounts = Persnal\n[Account Personal]",
    "config.missing",
    /no section \[Account Persnal\]; did you mean "Personal"/,
  ],
  [
    "missing repositories",
    "[general]\naccounts = A\n[Account A]",
    "config.missing",
    /:3: \[Account A\] has no option "localrepository": it must be set\n.*remoterepository/,
  ],
  [
    "an unknown repository",
    configText().replace("[Repository L]", "[Repository LL]"),
    "config.value",
    /localrepository: there is no section \[Repository L\]; did you mean "LL"/,
  ],
  [
    "a missing type",
    configText().replace("type = IMAP", ""),
    "config.missing",
    /\[Repository R\] has no option "type"/,
  ],
  [
    "a type in the wrong case",
    configText().replace("type = IMAP", "type = imap"),
    "config.value",
    /type = "imap": allowed are .*; did you mean "IMAP"/,
  ],
  [
    "a missing host",
    configText().replace("remotehost = imap.example.org", ""),
    "config.missing",
    /\[Repository R\] has no option "remotehost"/,
  ],
  [
    "a missing folder",
    configText().replace("localfolders = /mail", ""),
    "config.missing",
    /\[Repository L\] has no option "localfolders"/,
  ],
  [
    "an empty folder",
    configText().replace("= /mail", "="),
    "config.value",
    /localfolders = "": it must be set/,
  ],
  [
    "one server as both sides",
    configText().replace("= L", "= R"),
    "config.value",
    /localrepository R and remoterepository R are the same user on the same/,
  ],
  [
    "one server as both sides, in two sections",
    configText({
      remote: "remoteuser = ada",
      more: "[Repository M]\ntype = IMAP\nremotehost = IMAP.example.org\n" +
        "remoteuser = ada",
    }).replace("= L", "= M"),
    "config.value",
    /localrepository M and remoterepository R are the same user on the same/,
  ],
  [
    "two Maildirs",
    configText().replace("= R", "= L"),
    "config.value",
    /L is of type Maildir, which only a local repository can be/,
  ],
];
for (const [what, text, code, expected] of BROKEN) {
  Deno.test(`loadConfig() fails the account for ${what}`, () => {
    const error = accountError(text);
    assert.equal(error.code, code);
    assert.match(error.message, expected);
  });
}

Deno.test("loadConfig() reports all mistakes of an account together", () => {
  const { message } = accountError({
    account: "quick = x\nautorefresh = y",
    local: "sep = ..",
    remote: "ssl = z",
  });
  assert.match(message, /4 mistakes/);
  assert.equal(message.split("\n").length, 5);
});

Deno.test("loadConfig() hints at comments after a value", () => {
  const error = accountError({ remote: "remoteport = 993 ; tls" });
  assert.equal(error.hint, "A comment must stand on a line of its own");
});

/** Texts, flags and the error of the run that they give. */
const FATAL: [
  string,
  string | Parts,
  Parameters<typeof load>[1],
  string,
  RegExp,
][] = [
  ["a text that is no configuration", "x", {}, "config.syntax", /line 1/],
  [
    "no [general]",
    "[Account A]",
    {},
    "config.missing",
    /has no section \[general\]/,
  ],
  [
    "no accounts",
    "[general]\nui=basic",
    {},
    "config.missing",
    /:1: \[general\] has no option "accounts"/,
  ],
  [
    "an empty list of accounts",
    "[general]\naccounts = ,",
    {},
    "config.missing",
    /has no option "accounts" that names an account/,
  ],
  [
    "an unknown account of -a",
    {},
    { accounts: "A,Aa" },
    "config.account",
    /-a: in \S+ there is no section \[Account Aa\]; did you mean "A"/,
  ],
  ["an empty -a", {}, { accounts: "" }, "config.missing", /-a: it names no/],
  [
    "a bad value in [general]",
    { general: "maxsyncaccounts = 0" },
    {},
    "config.value",
    /maxsyncaccounts = "0": a whole number of at least 1/,
  ],
  [
    "an unknown interface",
    { general: "ui = ttiui" },
    {},
    "config.value",
    /ui = "ttiui": .*did you mean "ttyui"/,
  ],
];
for (const [what, text, overrides, code, expected] of FATAL) {
  Deno.test(`loadConfig() stops the run for ${what}`, () => {
    const error = runError(() => load(text, overrides));
    assert.equal(error.code, code);
    assert.match(error.message, expected);
  });
}

const SECRETS = [
  "remotepass",
  "remotepasseval",
  "remotepasscmd",
  "oauth2_access_token",
  "oauth2_access_token_eval",
  "oauth2_client_secret",
  "oauth2_client_secret_eval",
  "oauth2_refresh_token",
  "oauth2_refresh_token_eval",
];
for (const option of SECRETS) {
  Deno.test(`loadConfig() never shows a part of ${option}`, () => {
    for (
      const value of ["hun%ter2", "hun%(ter2)s", "hun%(ter2", "%(x)s hunter2"]
    ) {
      const { message, hint } = accountError({
        remote: `${option} = ${value}`,
      });
      assert.ok(!/hun|ter2/.test(message + hint), message);
      assert.ok(message.includes(option));
    }
  });
}
