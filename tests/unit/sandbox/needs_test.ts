import assert from "node:assert/strict";
import { isUsable } from "../../../src/config/config.ts";
import type { Host } from "../../../src/config/host.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { accountNeeds, type Needs } from "../../../src/sandbox/needs.ts";

const host: Host = {
  platform: "linux",
  home: "/home/x",
  cwd: "/",
  now: new Date(),
  env: () => undefined,
  homeOf: () => undefined,
};

interface Lines {
  general?: string;
  account?: string;
  local?: string;
  remote?: string;
}

/** The needs of account A with these lines in its sections. */
function needsOf(lines: Lines = {}, platform = host.platform): Needs {
  const text = `[general]
accounts = A
${lines.general ?? ""}
[Account A]
localrepository = L
remoterepository = R
${lines.account ?? ""}
[Repository L]
type = Maildir
localfolders = ~/Mail
${lines.local ?? ""}
[Repository R]
type = IMAP
remoteuser = x
${lines.remote?.includes("remotepass") ? "" : "remotepass = secret"}
${lines.remote ?? "remotehost = imap.example.org"}
`;
  const here = { ...host, platform };
  const config = loadConfig({ file: "/rc", text }, {}, here);
  const [account] = config.accounts;
  assert.ok(account !== undefined && isUsable(account));
  return accountNeeds(account, config.general, here);
}

Deno.test("accountNeeds() are a server, a Maildir and the account's own state", () => {
  const needs = needsOf();
  assert.deepEqual(needs.net, ["imap.example.org:993"]);
  assert.deepEqual(needs.write, [
    "/home/x/.offlineimap/A.lock",
    "/home/x/.offlineimap/A.lock-holder",
    "/home/x/.offlineimap/Account-A",
    "/home/x/.offlineimap/Repository-L",
    "/home/x/.offlineimap/Repository-R",
    "/home/x/Mail",
  ]);
  assert.deepEqual(
    needs.read.filter((path) => !needs.write.includes(path)),
    ["/etc/netrc", "/home/x/.netrc"],
  );
  assert.deepEqual(needs.run, []);
  assert.ok(!needs.env?.includes("PATH"));
});

const SERVER = "remotehost = imap.example.org\n";

Deno.test.each<{ lines: Lines; net: readonly string[] | undefined }>([
  {
    lines: { remote: "remotehost = ::1\nremoteport = 1143" },
    net: ["[::1]:1143"],
  },
  {
    lines: { account: "proxy = SOCKS5:localhost:9050" },
    net: ["localhost:9050"],
  },
  { lines: { remote: "transporttunnel = ssh a" }, net: [] },
  {
    lines: {
      remote: `${SERVER}oauth2_refresh_token = x\noauth2_request_url = ` +
        "https://login.example.org/token",
    },
    net: ["imap.example.org:993", "login.example.org:443"],
  },
  { lines: { remote: "remotehosteval = host()" }, net: undefined },
  {
    lines: { remote: `${SERVER}remoteporteval = port()` },
    net: ["imap.example.org"],
  },
])("accountNeeds() with $lines connect to $net", ({ lines, net }) => {
  assert.deepEqual(needsOf(lines).net, net);
});

Deno.test.each<{ lines: Lines; file: string }>([
  { lines: { remote: `${SERVER}sslcacertfile = /ca.pem` }, file: "/ca.pem" },
  { lines: { remote: `${SERVER}remotepassfile = ~/pw` }, file: "/home/x/pw" },
  { lines: { general: "pythonfile = ~/h.py" }, file: "/home/x/h.py" },
])("accountNeeds() with $lines read $file and do not write it", (example) => {
  const { read, write } = needsOf(example.lines);
  assert.ok(read.includes(example.file));
  assert.ok(!write.includes(example.file));
});

Deno.test.each<{ lines: Lines; run: string[] }>([
  { lines: { account: "presynchook = true" }, run: ["/bin/sh"] },
  { lines: { remote: "preauthtunnel = ssh a" }, run: ["/bin/sh"] },
  { lines: { remote: `${SERVER}remotepasscmd = pass x` }, run: ["/bin/sh"] },
  { lines: { general: "update-keyring = yes" }, run: ["secret-tool"] },
  // Without an expression nothing of the file is called.
  { lines: { general: "pythonfile = ~/h.py" }, run: [] },
  {
    lines: {
      general: "pythonfile = ~/h.py",
      remote: `${SERVER}folderfilter = mine`,
    },
    run: ["python", "python3"],
  },
])("accountNeeds() with $lines start $run", ({ lines, run }) => {
  const needs = needsOf(lines);
  assert.deepEqual(needs.run, run);
  // What is started sees all variables.
  assert.equal(needs.env === undefined, run.length > 0);
});

Deno.test("accountNeeds() ask the keyring where no password is configured", () => {
  const tools = (["linux", "darwin", "windows"] as const).map((platform) =>
    needsOf({ remote: `${SERVER}remotepass =` }, platform).run
  );
  assert.deepEqual(tools, [["secret-tool"], ["security"], ["powershell.exe"]]);
  const general = "ignore-keyring = yes";
  assert.deepEqual(
    needsOf({ general, remote: `${SERVER}remotepass =` }).run,
    [],
  );
});

Deno.test("accountNeeds() grant variables to an expression that reads them", () => {
  const line = `${SERVER}nametrans = lambda n: os.environ.get('A', n)`;
  assert.equal(needsOf({ remote: line }).env, undefined);
});

Deno.test("accountNeeds() of one account hold nothing of another", () => {
  const needs = needsOf();
  assert.ok(needs.read.every((path) => path !== "/home/x/.offlineimap"));
});

Deno.test("accountNeeds() look for _netrc on Windows too", () => {
  const { read } = needsOf({}, "windows");
  assert.ok(read.some((path) => path.endsWith("_netrc")));
});
