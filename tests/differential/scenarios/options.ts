/** Options that decide how a run is done, on mail that has changed. */
import { mail } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import type { Options, World } from "../world.ts";

/** A flag, a deletion and a new message, without an upload: names stay equal. */
async function change(world: World): Promise<void> {
  const { tree } = world;
  await world.mark("add", "\\Flagged", "INBOX", "bravo");
  await world.seed("INBOX", [mail("november", "S")]);
  tree.setLetters(tree.find("delta"), "FRS");
  tree.remove(tree.find("echo"));
}

/** A command that speaks to the server on its standard input and output. */
const CONNECT = 'python3 -c "import socket,sys,threading,os;' +
  "s=socket.create_connection(('127.0.0.1',{port}));" +
  "t=threading.Thread(target=lambda:[s.sendall(d) for d in " +
  "iter(lambda:os.read(0,65536),b'')],daemon=True);t.start();" +
  "[os.write(1,d) for d in iter(lambda:s.recv(65536),b'')]\"";

/** What changes nothing in the outcome, in either value. */
const HARMLESS: readonly (readonly [name: string, options: Options])[] = [
  ["fsync = no", { general: { fsync: false } }],
  ["fsync = yes", { general: { fsync: true } }],
  ["socktimeout = 30", { general: { socktimeout: 30 } }],
  ["ignore-readonly = yes, readonly = yes on the server's side", {
    general: { "ignore-readonly": true },
    remote: { readonly: true },
  }],
  ["ignore-readonly = no, readonly = yes on the server's side", {
    general: { "ignore-readonly": false },
    remote: { readonly: true },
  }],
  ["dry-run = yes in the file", { general: { "dry-run": true } }],
  ["dry-run = no in the file", { general: { "dry-run": false } }],
  ["restoreatime = yes", { local: { restoreatime: true } }],
  ["restoreatime = no", { local: { restoreatime: false } }],
  ["filename_use_mail_timestamp = no", {
    general: { filename_use_mail_timestamp: true },
    local: { filename_use_mail_timestamp: false },
  }],
  ["utime_from_header = no", {
    general: { utime_from_header: true },
    local: { utime_from_header: false },
  }],
  ["maildir-windows-compatible = no", {
    account: { "maildir-windows-compatible": false },
  }],
  ["expunge = yes", { remote: { expunge: true } }],
  ["sync_deletes = yes on both sides", {
    local: { sync_deletes: true },
    remote: { sync_deletes: true },
  }],
  ["createfolders = yes on both sides", {
    local: { createfolders: true },
    remote: { createfolders: true },
  }],
  ["readonly = no on both sides", {
    local: { readonly: false },
    remote: { readonly: false },
  }],
  ["maxconnections = 1", { remote: { maxconnections: 1 } }],
  ["remotehosteval, remoteporteval, remoteusereval, remotepasseval", {
    remote: {
      remotehost: "host.invalid",
      remoteport: 1,
      remoteuser: "nobody",
      remotepass: "",
      remotehosteval: "'127.0.' + '0.1'",
      remoteporteval: "int('{port}')",
      remoteusereval: "'{user}'",
      remotepasseval: "'sec' + 'ret'",
    },
  }],
  ["auth_mechanisms = PLAIN", { remote: { auth_mechanisms: "PLAIN" } }],
  ["auth_mechanisms = LOGIN", { remote: { auth_mechanisms: "LOGIN" } }],
  ["ipv6 = no", { remote: { ipv6: false } }],
  ["transporttunnel", { remote: { transporttunnel: CONNECT } }],
  ["holdconnectionopen = yes, keepalive = 60", {
    remote: { holdconnectionopen: true, keepalive: 60 },
  }],
  ["holdconnectionopen = no, keepalive = 0", {
    remote: { holdconnectionopen: false, keepalive: 0 },
  }],
  ["retrycount = 1", { remote: { retrycount: 1 } }],
  ["usecompression = no", { remote: { usecompression: false } }],
  ["quick = 0", { account: { quick: 0 } }],
  ["presynchook and postsynchook that do nothing", {
    account: { presynchook: "true", postsynchook: "false" },
  }],
];

export const RUN_OPTIONS: readonly Scenario[] = [
  ...HARMLESS.map(([name, options]): Scenario => ({
    name,
    before: {},
    options,
    change,
  })),
  {
    name: "autorefresh = 5 with -o",
    before: {},
    options: { account: { autorefresh: 5 } },
    args: ["-o"],
    change,
  },
  {
    name: "idlefolders = ['INBOX'] with -o",
    before: {},
    options: { remote: { idlefolders: "['INBOX']" } },
    args: ["-o"],
    change,
  },
  {
    name: "quick = -1 with new mail on the server",
    before: {},
    options: { account: { quick: -1 } },
    change: async (world) => {
      await world.seed("INBOX", [mail("november", "S")]);
    },
  },
  {
    name: "presynchook that flags a message, postsynchook that looks",
    before: {},
    options: {
      account: {
        presynchook: "cd '{home}/mail/INBOX/cur' && " +
          'for f in *,U=1,*; do mv "$f" "${f%%:2,*}:2,FS"; done',
        postsynchook: "ls '{home}/mail/INBOX/cur' > /dev/null",
      },
    },
  },
];
