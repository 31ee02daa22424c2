import assert from "node:assert/strict";
import {
  type CommandNeeds,
  commandNeeds,
} from "../../../src/sandbox/command_needs.ts";
import { accountNeeds, type Needs } from "../../../src/sandbox/needs.ts";
import { accountOf, host, type Lines } from "./support.ts";

/** The needs of account A with these lines in its sections. */
function needsOf(
  lines: Lines = {},
  platform = host.platform,
): Needs & { readonly command: CommandNeeds } {
  const { account, general, here } = accountOf(lines, platform);
  return {
    ...accountNeeds(account, general.metadata, here),
    command: commandNeeds(account, general, here),
  };
}

Deno.test("accountNeeds() are a server, a Maildir and the account's own state", () => {
  const needs = needsOf();
  assert.deepEqual(needs.net, ["imap.example.org:993"]);
  assert.deepEqual(needs.write, [
    "/home/x/.offlineimap/Account-A",
    "/home/x/.offlineimap/Repository-L",
    "/home/x/.offlineimap/Repository-R",
    "/home/x/Mail",
  ]);
  assert.deepEqual(needs.read, needs.write);
  assert.ok(!needs.env.includes("PATH"));
});

Deno.test("commandNeeds() are the locks and where passwords may be", () => {
  const { command } = needsOf();
  assert.deepEqual(command, {
    read: [
      "/etc/netrc",
      "/home/x/.netrc",
      "/home/x/.offlineimap/A.lock",
      "/home/x/.offlineimap/A.lock-holder",
    ],
    write: [
      "/home/x/.offlineimap/A.lock",
      "/home/x/.offlineimap/A.lock-holder",
    ],
    start: [],
    run: [],
    allVariables: false,
  });
});

const SERVER = "remotehost = imap.example.org\n";

Deno.test.each<{ lines: Lines; net: readonly string[] }>([
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
  // Not before they were evaluated.
  { lines: { remote: "remotehosteval = host()" }, net: [] },
  { lines: { remote: `${SERVER}remoteporteval = port()` }, net: [] },
])("accountNeeds() with $lines connect to $net", ({ lines, net }) => {
  assert.deepEqual(needsOf(lines).net, net);
});

Deno.test("accountNeeds() read the files that a connection is trusted by", () => {
  const { read, write } = needsOf({
    remote: `${SERVER}sslcacertfile = /ca.pem`,
  });
  assert.ok(read.includes("/ca.pem"));
  assert.ok(!write.includes("/ca.pem"));
});

Deno.test.each<{ lines: Lines; file: string }>([
  { lines: { remote: `${SERVER}remotepassfile = ~/pw` }, file: "/home/x/pw" },
  { lines: { general: "pythonfile = ~/h.py" }, file: "/home/x/h.py" },
])(
  "commandNeeds() with $lines read $file, and the worker does not",
  (example) => {
    const { read, command } = needsOf(example.lines);
    assert.ok(command.read.includes(example.file));
    assert.ok(!read.includes(example.file));
  },
);

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
])("commandNeeds() with $lines start $run", ({ lines, run }) => {
  assert.deepEqual(needsOf(lines).command.run, run);
});

Deno.test("commandNeeds() tell command lines by their options", () => {
  const { start } = needsOf({
    account: "presynchook = a b\npostsynchook = c",
    remote: "transporttunnel = ssh d",
  }).command;
  assert.deepEqual(start, [
    ["presynchook", "a b"],
    ["postsynchook", "c"],
    ["transporttunnel", "ssh d"],
  ]);
});

Deno.test("commandNeeds() ask the keyring where no password is configured", () => {
  const tools = (["linux", "darwin", "windows"] as const).map((platform) =>
    needsOf({ remote: `${SERVER}remotepass =` }, platform).command.run
  );
  assert.deepEqual(tools, [["secret-tool"], ["security"], ["powershell.exe"]]);
  const general = "ignore-keyring = yes";
  assert.deepEqual(
    needsOf({ general, remote: `${SERVER}remotepass =` }).command.run,
    [],
  );
});

Deno.test("accountNeeds() grant no variable to an expression that reads one", () => {
  const line = `${SERVER}nametrans = lambda n: os.environ.get('A', n)`;
  assert.deepEqual(needsOf({ remote: line }).env, needsOf().env);
});

Deno.test("accountNeeds() of one account hold nothing of another", () => {
  const needs = needsOf();
  assert.ok(needs.read.every((path) => path !== "/home/x/.offlineimap"));
});

Deno.test("commandNeeds() look for _netrc on Windows too", () => {
  const { read } = needsOf({}, "windows").command;
  assert.ok(read.some((path) => path.endsWith("_netrc")));
});
