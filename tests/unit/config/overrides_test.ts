import assert from "node:assert/strict";
import {
  load,
  loadAccount,
  maildirOf,
  type Parts,
  runError,
  warningsOf,
} from "./support.ts";

function accountWith(options: string[], parts: Parts = {}) {
  return loadAccount(parts, { options });
}

Deno.test("-k sets an option of [general] when it names no section", () => {
  const { general } = load({}, { options: ["maxsyncaccounts=3", "fsync=no"] });
  assert.equal(general.maxSyncAccounts, 3);
  assert.equal(general.fsync, false);
});

Deno.test("-k reads each _ of a section's name as a blank", () => {
  assert.equal(
    accountWith(["Account_A:autorefresh=30"]).autorefreshMinutes,
    30,
  );
});

Deno.test("-k takes a section's name as it is, too", () => {
  assert.equal(accountWith(["Account A:quick=2"]).quick, 2);
});

Deno.test("-k reaches sections whose names hold an underscore", () => {
  const text = (name: string) => ({
    more: `[Repository ${name}]\ntype = Maildir\nlocalfolders = /m\nsep = /`,
    account: "",
  });
  for (const section of ["Repository_My_Box", "Repository My_Box"]) {
    const account = loadAccount(
      text("My_Box"),
      { options: ["Account_A:localrepository=My_Box", `${section}:sep=-`] },
    );
    assert.equal(maildirOf(account).separator, "-");
  }
});

Deno.test("-k prefers the literal name, and refuses to guess", () => {
  const more = (names: string[]) =>
    names.map((name) => `[Repository ${name}]\nsep=/\n`).join("");
  const options = ["Repository My_Big Box:sep=-"];
  load({ more: more(["My_Big Box", "My Big Box"]) }, { options });
  const error = runError(() =>
    load({ more: more(["My_Big Box", "My Big_Box"]) }, {
      options: ["Repository_My_Big_Box:sep=-"],
    })
  );
  assert.match(
    error.message,
    /could mean \[Repository My_Big Box\] or \[Repository My Big_Box\]/,
  );
});

Deno.test("-k applies in order and splits at the first delimiters only", () => {
  const account = accountWith([
    "Account_A:presynchook=first",
    "Account_A:presynchook=a:b=c",
  ]);
  assert.equal(account.presyncHook, "a:b=c");
});

Deno.test("-k reaches [DEFAULT], even one that was never written", () => {
  assert.equal(maildirOf(accountWith(["DEFAULT:sep=/"])).separator, "/");
});

Deno.test("-k values are interpolated", () => {
  const account = accountWith(["Account_A:presynchook=echo %(quick)s %%"], {
    account: "quick = 3",
  });
  assert.equal(account.presyncHook, "echo 3 %");
});

Deno.test("-k takes a single % where the option is read raw", () => {
  assert.equal(accountWith(["Account_A:deletelimit=70%"]).deleteShare, 0.7);
});

const REFUSALS: [string, RegExp][] = [
  ["maxsyncaccounts", /it has no "="/],
  ["=1", /the name of the option is missing/],
  ["Account_B:quick=1", /no section \[Account B\]; did you mean "Account A"/],
  ["pythonfile=a%b", /a "%" in the value is followed by neither/],
];
for (const [option, expected] of REFUSALS) {
  Deno.test(`-k ${option} is refused`, () => {
    const error = runError(() => load({}, { options: [option] }));
    assert.equal(error.code, "config.override");
    assert.match(error.message, expected);
  });
}

Deno.test("-k never shows a value, which may be a password", () => {
  for (const option of ["Repository_R:remotepass=hun%ter2", "x:y=hunter2"]) {
    const error = runError(() => load({}, { options: [option] }));
    assert.ok(!/ter2/.test(error.message));
  }
});

Deno.test("-k is named as the place of what it sets", () => {
  const error = runError(() => load({}, { options: ["maxsyncaccounts=x"] }));
  assert.match(error.message, /-k: \[general\] maxsyncaccounts = "x"/);
  const account = accountWith(["Repository_R:folderfilter=lambda f: 1"]);
  assert.deepEqual(account.remote.folderFilter, {
    text: "lambda f: 1",
    file: "-k",
    line: 0,
    lines: [],
    section: "Repository R",
    option: "folderfilter",
  });
});

Deno.test("-o removes autorefresh from accounts and [DEFAULT]", () => {
  const parts = {
    account: "autorefresh = 5",
    more: "[DEFAULT]\nautorefresh = 6",
  };
  assert.equal(loadAccount(parts).autorefreshMinutes, 5);
  assert.equal(loadAccount(parts, { once: true }).autorefreshMinutes, 0);
});

Deno.test("-q makes every account quick", () => {
  assert.equal(
    loadAccount({ account: "quick = 10" }, { quick: true }).quick,
    -1,
  );
});

Deno.test("-u wins over general.ui and is checked alike", () => {
  const parts = { general: "ui = basic" };
  assert.equal(load(parts, { ui: "Noninteractive.Quiet" }).general.ui, "quiet");
  const error = runError(() => load(parts, { ui: "qiet" }));
  assert.match(error.message, /-u: \[general\] ui = "qiet": .*"quiet"/);
});

Deno.test("-1 leaves one account and one connection at a time", () => {
  const config = load({
    general: "maxsyncaccounts = 4",
    remote: "maxconnections = 5",
  }, { sequential: true });
  assert.equal(config.general.maxSyncAccounts, 1);
  assert.equal(config.general.sequential, true);
  const [account] = config.accounts;
  assert.ok(account !== undefined && !("error" in account));
  assert.equal(account.remote.maxConnections, 1);
});

Deno.test("--dry-run and -l end up in the general part", () => {
  const { general } = load({}, { dryRun: true, logFile: "~/log" });
  assert.equal(general.dryRun, true);
  // Nothing is expanded: the shell has done that.
  assert.equal(general.logFile, "/work/~/log");
  assert.equal(load({ general: "dry-run = yes" }).general.dryRun, true);
});

Deno.test("--ignore-keyring and --update-keyring end up in the general part", () => {
  const config = load({}, { ignoreKeyring: true, updateKeyring: true });
  assert.equal(config.general.ignoreKeyring, true);
  assert.equal(config.general.updateKeyring, true);
  assert.deepEqual(warningsOf(config), []);
});

Deno.test("-f replaces the filter and the includes of the remote repository", () => {
  const parts = {
    remote: "folderfilter = f\nfolderincludes = ['x']\nnametrans = g",
    local: "folderfilter = h",
  };
  const account = loadAccount(parts, { folders: "INBOX,Sent" });
  assert.deepEqual(account.onlyFolders, ["INBOX", "Sent"]);
  assert.equal(account.remote.folderFilter, undefined);
  assert.equal(account.remote.folderIncludes, undefined);
  assert.equal(account.remote.nameTrans?.text, "g");
  assert.equal(account.local.folderFilter?.text, "h");
});

Deno.test("-f for other accounts leaves an account its own filter", () => {
  const parts: Parts = {
    remote: "folderfilter = f",
    more: "[Account B]\nlocalrepository = M\nremoterepository = R\n" +
      "[Repository M]\ntype = Maildir\nlocalfolders = /other",
  };
  const account = loadAccount(parts, { accounts: "A,B", folders: "B:INBOX" });
  assert.equal(account.onlyFolders, undefined);
  assert.equal(account.remote.folderFilter?.text, "f");
});
