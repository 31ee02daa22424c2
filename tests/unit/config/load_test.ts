import assert from "node:assert/strict";
import fc from "fast-check";
import { MailError } from "../../../src/errors.ts";
import {
  failedAccounts,
  loadConfig,
  usableAccounts,
} from "../../../src/config/load.ts";
import {
  configText,
  FILE,
  load,
  loadAccount,
  maildirOf,
  type Parts,
  runError,
  testHost,
} from "./support.ts";

Deno.test("loadConfig() fills in OfflineIMAP's defaults", () => {
  const config = load({});
  assert.deepEqual(config.general, {
    maxSyncAccounts: 1,
    ui: "ttyui",
    pythonFile: undefined,
    ignoreReadonly: false,
    socketTimeoutSeconds: 0,
    sandbox: true,
    fsync: true,
    filenameUseMailTimestamp: false,
    utimeFromHeader: false,
    dryRun: false,
    ignoreKeyring: false,
    updateKeyring: false,
    metadata: "/home/u/.offlineimap",
    sequential: false,
    logFile: undefined,
  });
  const account = loadAccount({});
  assert.equal(account.name, "A");
  assert.equal(account.autorefreshMinutes, 0);
  assert.equal(account.quick, 0);
  assert.equal(account.deleteShare, 0.5);
  assert.equal(account.keepDeletedDays, 7);
  assert.equal(maildirOf(account).separator, ".");
  assert.equal(account.local.createFolders, true);
  assert.equal(account.remote.ssl, true);
  assert.equal(account.remote.starttls, true);
  assert.equal(account.remote.allowPlaintext, false);
  assert.equal(account.remote.remotePort, 993);
  assert.equal(account.remote.maxConnections, 2);
  assert.equal(account.remote.expunge, true);
  assert.deepEqual(account.remote.trust, {
    client: undefined,
    onFirstUse: true,
    version: undefined,
    verifyChain: true,
    caFile: undefined,
    fingerprints: [],
  });
});

Deno.test("loadConfig() gives accounts that survive a structured clone", () => {
  const account = loadAccount({
    local: "customflag_a = $Label1",
    remote: "nametrans = lambda n: n\ncert_fingerprint = " + "ab".repeat(32),
    account: "maxage = 30\nproxy = HTTP:h:1",
  });
  assert.deepEqual(structuredClone(account), account);
});

/** Parts of a configuration, and what one of its typed values must be. */
const VALUES: [
  string,
  Parts,
  (a: ReturnType<typeof loadAccount>) => unknown,
  unknown,
][] = [
  [
    "[DEFAULT] for every section",
    { more: "[DEFAULT]\nreadonly = yes" },
    (a) => [a.local.readonly, a.remote.readonly],
    [true, true],
  ],
  [
    "a section before [DEFAULT]",
    {
      more: "[DEFAULT]\nexpunge = no",
      remote: "expunge = yes",
    },
    (a) => a.remote.expunge,
    true,
  ],
  ["paths", { local: "", more: "" }, (a) => maildirOf(a).localFolders, "/mail"],
  [
    "remotepassfile without variables",
    { remote: "remotepassfile = ~/$X" },
    (a) => a.remote.remotePassFile,
    "/home/u/$X",
  ],
  [
    "a certificate file below the working directory",
    {
      remote: "sslcacertfile = ca.pem",
    },
    (a) => a.remote.trust,
    {
      client: undefined,
      onFirstUse: false,
      version: undefined,
      verifyChain: true,
      caFile: "/work/ca.pem",
      fingerprints: [],
    },
  ],
  [
    "OS-DEFAULT as the system's certificates",
    {
      remote: "sslcacertfile = OS-DEFAULT",
    },
    (a) => a.remote.trust,
    {
      client: undefined,
      onFirstUse: false,
      version: undefined,
      verifyChain: true,
      caFile: undefined,
      fingerprints: [],
    },
  ],
  [
    "a fingerprint alone",
    { remote: "cert_fingerprint = " + "AB:".repeat(20) },
    (a) => a.remote.trust,
    {
      client: undefined,
      onFirstUse: false,
      version: undefined,
      verifyChain: false,
      caFile: undefined,
      fingerprints: ["ab".repeat(20)],
    },
  ],
  [
    "fingerprints beside OS-DEFAULT",
    {
      remote: `cert_fingerprint = ${"01".repeat(32)}, ${"02".repeat(64)}\n` +
        "sslcacertfile = OS-DEFAULT",
    },
    (a) => a.remote.trust,
    {
      client: undefined,
      onFirstUse: false,
      version: undefined,
      verifyChain: true,
      caFile: undefined,
      fingerprints: ["01".repeat(32), "02".repeat(64)],
    },
  ],
  [
    "the port without ssl",
    { remote: "ssl = no" },
    (a) => a.remote.remotePort,
    143,
  ],
  [
    "a port of one's own",
    { remote: "remoteport = 1_143" },
    (a) => a.remote.remotePort,
    1143,
  ],
  [
    "an empty password as set",
    { remote: "remotepass =" },
    (a) => a.remote.remotePass,
    "",
  ],
  [
    "a password with a percent sign",
    { remote: "remotepass = a%%b" },
    (a) => a.remote.remotePass,
    "a%b",
  ],
  [
    "a password with blanks and quotes",
    { remote: 'remotepass = "a # b"' },
    (a) => a.remote.remotePass,
    '"a # b"',
  ],
  [
    "an empty hook as none",
    { account: "presynchook =" },
    (a) => a.presyncHook,
    undefined,
  ],
  [
    "customflags by their letters",
    {
      local: "customflag_b = NonJunk\ncustomflag_a = $Label1",
    },
    (a) => maildirOf(a).customFlags,
    { a: "$Label1", b: "NonJunk" },
  ],
  [
    "[general]'s value where a Maildir has none",
    {
      general: "utime_from_header = yes\nfilename_use_mail_timestamp = yes",
      local: "filename_use_mail_timestamp = no",
    },
    (
      a,
    ) => [maildirOf(a).utimeFromHeader, maildirOf(a).filenameUseMailTimestamp],
    [
      true,
      false,
    ],
  ],
  ["maxage as days", { account: "maxage = 30" }, (a) => a.maxAge, {
    kind: "days",
    days: 30,
  }],
  [
    "maxsize 0 as none",
    { account: "maxsize = 0" },
    (a) => a.maxSizeBytes,
    undefined,
  ],
  [
    "deletelimit with one percent sign",
    { account: "deletelimit = 80%" },
    (a) => a.deleteShare,
    0.8,
  ],
  [
    "deletelimit with two percent signs",
    { account: "deletelimit = 80%%" },
    (a) => a.deleteShare,
    0.8,
  ],
  [
    "deletelimit switched off",
    { account: "deletelimit = no" },
    (a) => a.deleteShare,
    undefined,
  ],
  [
    "a client certificate and a version of TLS",
    {
      remote: "sslclientcert = ~/c.pem\nsslclientkey = /k.pem\n" +
        "ssl_version = tls1_2\ntls_level = tls_secure",
    },
    ({ remote: { trust } }) => ({
      client: trust.client,
      version: trust.version,
    }),
    {
      client: { certificate: "/home/u/c.pem", key: "/k.pem" },
      version: "TLSv1.2",
    },
  ],
  [
    "ssl23 as any version",
    { remote: "ssl_version = ssl23" },
    (a) => a.remote.trust.version,
    undefined,
  ],
  [
    "a tunnel",
    { remote: "preauthtunnel = ssh -q h '/bin/imapd' # all of it" },
    (a) => a.remote.tunnel,
    { option: "preauthtunnel", command: "ssh -q h '/bin/imapd' # all of it" },
  ],
  [
    "mechanisms in their order and in any case",
    {
      remote: "auth_mechanisms = plain,  OAUTHBEARER",
    },
    (a) => a.remote.authMechanisms,
    ["PLAIN", "OAUTHBEARER"],
  ],
  [
    "a negative autorefresh as none",
    { account: "autorefresh = -1" },
    (a) => a.autorefreshMinutes,
    0,
  ],
  [
    "a fraction of a minute",
    { account: "autorefresh = .5" },
    (a) => a.autorefreshMinutes,
    0.5,
  ],
];
for (const [what, parts, pick, expected] of VALUES) {
  Deno.test(`loadConfig() reads ${what}`, () => {
    assert.deepEqual(pick(loadAccount(parts)), expected);
  });
}

Deno.test("loadConfig() leaves Python as it is, with the lines it came from", () => {
  const remote = "nametrans = lambda n: re.sub('%%',\n\n    # why\n    '', n)";
  assert.deepEqual(loadAccount({ remote }).remote.nameTrans, {
    text: "lambda n: re.sub('%',\n\n'', n)",
    file: FILE,
    line: 15,
    lines: [15, 16, 18],
    section: "Repository R",
    option: "nametrans",
  });
});

Deno.test("loadConfig() knows Gmail's server", () => {
  const more = "[Repository G]\ntype = Gmail\nssl = no\nremoteuser = u\n" +
    "[Account B]\nlocalrepository = L\nremoterepository = G";
  const { remote } = loadAccount({ more }, { accounts: "B" });
  assert.equal(remote.type, "Gmail");
  assert.equal(remote.remoteHost, "imap.gmail.com");
  assert.equal(remote.remotePort, 993);
  assert.equal(remote.trashFolder, undefined);
  assert.equal(remote.realDelete, false);
});

Deno.test("loadConfig() ignores a preauthtunnel of Gmail, as OfflineIMAP does", () => {
  const more = "[Repository G]\ntype = Gmail\npreauthtunnel = x\n" +
    "transporttunnel = y\n" +
    "[Account B]\nlocalrepository = L\nremoterepository = G";
  const { remote } = loadAccount({ more }, { accounts: "B" });
  assert.deepEqual(remote.tunnel, { option: "transporttunnel", command: "y" });
});

Deno.test("loadConfig() lets an expression stand for Gmail's host", () => {
  const more = "[Repository G]\ntype = Gmail\nremotehosteval = h()\n" +
    "[Account B]\nlocalrepository = L\nremoterepository = G";
  const { remote } = loadAccount({ more }, { accounts: "B" });
  assert.equal(remote.remoteHost, undefined);
  assert.equal(remote.remoteHostEval?.text, "h()");
});

Deno.test("loadConfig() lets the other accounts go on", () => {
  const config = load({
    general: "",
    more: "[Account B]\nlocalrepository = X\nremoterepository = R",
  }, { accounts: " B ,A," });
  assert.deepEqual(config.accounts.map(({ name }) => name), ["B", "A"]);
  assert.deepEqual(usableAccounts(config).map(({ name }) => name), ["A"]);
  assert.deepEqual(failedAccounts(config).map(({ name }) => name), ["B"]);
});

Deno.test("loadConfig() trims account names on both sides and drops twins", () => {
  const text = configText().replace("accounts = A", "accounts =  A , B, A,");
  const names = load(text).accounts.map(({ name }) => name);
  assert.deepEqual(names, ["A", "B"]);
});

Deno.test("loadConfig() finds sections with blanks round the name", () => {
  const text = configText().replace("[Account A]", "[Account  A ]");
  assert.equal(loadAccount(text).name, "A");
});

Deno.test("loadConfig() needs no general.accounts with -a", () => {
  const text = configText().replace("accounts = A", "");
  assert.equal(loadAccount(text, { accounts: "A" }).name, "A");
});

Deno.test("loadConfig() needs a metadata folder where no home is known", () => {
  const host = testHost({ home: undefined });
  assert.match(
    runError(() => load({}, {}, host)).message,
    /no option "metadata", and your home folder is not known/,
  );
  assert.equal(
    load({ general: "metadata = /m" }, {}, host).general.metadata,
    "/m",
  );
});

Deno.test("loadConfig() keeps its metadata on Windows where it stays on the machine", () => {
  const windows = {
    platform: "windows",
    home: "C:\\Users\\u",
    cwd: "C:\\",
  } as const;
  const local = testHost({
    ...windows,
    env: { LOCALAPPDATA: "C:\\Users\\u\\AppData\\Local" },
  });
  assert.equal(
    load({}, {}, local).general.metadata,
    "C:\\Users\\u\\AppData\\Local\\offlineimap",
  );
  assert.equal(
    load({}, {}, testHost(windows)).general.metadata,
    "C:\\Users\\u\\.offlineimap",
  );
});

Deno.test("loadConfig() takes Windows' variables in paths, and nowhere else", () => {
  const host = testHost({
    platform: "windows",
    home: "C:\\Users\\u",
    cwd: "C:\\",
    env: { MAIL: "D:\\Mail" },
  });
  const general = "metadata = %MAIL%\\meta\\%%x";
  assert.equal(
    load({ general }, {}, host).general.metadata,
    "D:\\Mail\\meta\\%x",
  );
  assert.match(
    runError(() => load({ general })).message,
    /"%" is followed by neither/,
  );
  assert.match(
    runError(() => load({ general: "ui = %MAIL%" }, {}, host)).message,
    /"%" is followed by neither/,
  );
});

Deno.test("loadConfig() throws nothing but MailErrors, whatever the text", () => {
  const name = fc.constantFrom(
    ...["accounts", "ui", "type", "localrepository", "remoterepository"],
    ...["localfolders", "remotehost", "maxage", "quick", "sep", "__proto__"],
    ...["customflag_a", "proxy", "deletelimit", "cert_fingerprint"],
  );
  const value = fc.oneof(
    fc.constantFrom("A", "L", "R", "IMAP", "Maildir", "~", "%(ui)s", "1", "no"),
    fc.string({ maxLength: 6 }),
  );
  const line = fc.oneof(
    fc.tuple(name, value).map(([n, v]) => `${n} = ${v}`),
    fc.constantFrom(
      "[general]",
      "[Account A]",
      "[Repository L]",
      "[Repository R]",
      "[DEFAULT]",
      "[mbnames]",
      "accounts = A",
    ),
    fc.string({ maxLength: 8 }),
  );
  const text = fc.array(line, { maxLength: 14 }).map((lines) =>
    lines.join("\n")
  );
  fc.assert(
    fc.property(text, (text) => {
      try {
        loadConfig({ file: FILE, text: "[general]\n" + text }, {}, testHost());
      } catch (error) {
        assert.ok(error instanceof MailError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
