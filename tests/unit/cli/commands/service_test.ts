import assert from "node:assert/strict";
import { runCommandLine } from "../../../../src/cli/command_line.ts";
import { specOf } from "../../../../src/cli/commands/service.ts";
import type { Host } from "../../../../src/config/host.ts";
import { loadConfig } from "../../../../src/config/load.ts";
import type { Terminal } from "../../../../src/ui/terminal.ts";

const host: Host = {
  platform: "linux",
  home: "/home/x",
  cwd: "/here",
  now: new Date(),
  env: (name) => name === "PATH" ? "/usr/bin" : undefined,
  homeOf: () => undefined,
};

function configOf(accountLines: string) {
  const text = `[general]
accounts = A
[Account A]
localrepository = L
remoterepository = R
${accountLines}
[Repository L]
type = Maildir
localfolders = ~/Mail
[Repository R]
type = IMAP
remotehost = imap.example.org
remoteuser = x
`;
  return loadConfig({ file: "/home/x/.offlineimaprc", text }, {}, host);
}

const options = {
  host,
  program: ["/bin/offlineimap"],
  logFile: "/log",
  writable: [],
};

Deno.test("specOf() runs once every five minutes where nothing else is said", () => {
  assert.deepEqual(specOf(configOf(""), options), {
    command: [
      ...["/bin/offlineimap", "-c", "/home/x/.offlineimaprc"],
      ...["-u", "basic", "-o"],
    ],
    everyMinutes: 5,
    writable: ["/home/x/.offlineimap", "/home/x/Mail"],
    searchPath: "/usr/bin",
    logFile: "/log",
  });
});

Deno.test("specOf() runs for ever with autorefresh, unless --every is given", () => {
  const config = configOf("autorefresh = 3");
  const endless = specOf(config, options);
  assert.equal(endless.everyMinutes, undefined);
  assert.ok(!endless.command.includes("-o"));
  const spec = specOf(config, { ...options, every: "10" });
  assert.equal(spec.everyMinutes, 10);
  assert.ok(spec.command.includes("-o"));
});

Deno.test("specOf() takes accounts, and folders that are written to besides", () => {
  const spec = specOf(configOf(""), {
    ...options,
    accounts: "A",
    writable: ["index", "/srv/hook"],
  });
  assert.deepEqual(spec.command.slice(-2), ["-a", "A"]);
  assert.deepEqual(spec.writable.slice(-2), ["/here/index", "/srv/hook"]);
});

Deno.test.each([
  { every: "0" },
  { every: "1441" },
  { every: "2.5" },
  { every: "soon" },
])('specOf() refuses --every "$every"', ({ every }) => {
  assert.throws(
    () => specOf(configOf(""), { ...options, every }),
    /wanted is a number of minutes/,
  );
});

Deno.test("specOf() speaks only of trouble where nobody keeps the log in bounds", () => {
  const mac = { ...options, host: { ...host, platform: "darwin" as const } };
  assert.ok(specOf(configOf(""), mac).command.includes("quiet"));
});

Deno.test("specOf() refuses a configuration without an account that works", () => {
  assert.throws(() => specOf(configOf("autorefresh = x"), options), {
    code: "service.accounts",
  });
});

/** What a command line writes. */
async function wordsOf(...argv: string[]) {
  let text = "";
  const stream = {
    isTerminal: false,
    color: false,
    live: false,
    columns: () => 80,
    write: (words: string) => void (text += words),
  };
  const terminal: Terminal = { out: stream, err: stream, keyboard: undefined };
  return { code: await runCommandLine(argv, terminal), text };
}

Deno.test("runService() explains itself", async () => {
  const { code, text } = await wordsOf("service", "--help");
  assert.equal(code, 0);
  assert.match(text, /^Usage: offlineimap service ACTION/);
});

Deno.test.each([
  { words: ["service"], said: /needs one of install, status, logs, uninstall/ },
  { words: ["service", "start"], said: /needs one of/ },
  { words: ["service", "install", "now"], said: /What is "now"\?/ },
  { words: ["service", "--now"], said: /'--now'/ },
])("runService() refuses $words", async ({ words, said }) => {
  const { code, text } = await wordsOf(...words);
  assert.equal(code, 2);
  assert.match(text, said);
});
