/** Accounts in workers with rights of their own: what every run does. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { currentHost } from "../../src/config/host.ts";
import { isUsable } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/load.ts";
import { grant } from "../../src/sandbox/grant.ts";
import { accountNeeds } from "../../src/sandbox/needs.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import { assertInStep, serverContents } from "../support/contents.ts";
import {
  sampleMailboxes,
  startImapServer,
} from "../support/imap_server/mod.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { openProgram, type Program } from "../support/program.ts";
import { hasStrace, traced } from "../support/reached.ts";
import { runSource, runSourceUnder } from "../support/run_source.ts";

const POSIX = { ignore: Deno.build.os === "windows" };

function run(program: Program, ...args: string[]) {
  return runSource(program, PERMISSIONS, ...args);
}

const CASES: Record<string, ConfigOptions> = {
  "as it is": {},
  "with expressions": {
    remote: { folderfilter: "lambda name: name != 'Trash'" },
  },
  "with hooks": { account: { presynchook: "true", postsynchook: "true" } },
  "with folders in folders": { local: { sep: "/" } },
  "whose server has a name": { remote: { remotehost: "localhost" } },
};

for (const [title, config] of Object.entries(CASES)) {
  Deno.test(
    `The sandbox synchronises an account ${title}, both ways`,
    POSIX,
    async () => {
      await using server = startImapServer({
        mailboxes: sampleMailboxes({ messages: 12 }),
      });
      await using program = openProgram({ server, ...config });
      for (const change of ["first copy", "both ways", "nothing to do"]) {
        if (change === "both ways") {
          program.tree.deliver(
            "Sent",
            "Subject: up\nMessage-ID: <up@x>\n\nup\n",
          );
          server.mailbox("INBOX").append(
            "Subject: down\r\nMessage-ID: <down@x>\r\n\r\ndown\r\n",
          );
          server.mailbox("INBOX").expunge(1);
        }
        const { code, output } = await run(program);
        assert.equal(code, 0, `${change}: ${output}`);
        assert.doesNotMatch(output, /NotCapable|Requires|broke off/);
        const remote = new Map(serverContents(server));
        if (config.remote?.folderfilter) remote.delete("Trash");
        assertInStep(program.tree.contents(), remote, {
          ignoredFlags: ["$Forwarded", "todo"],
        });
      }
    },
  );
}

Deno.test("The sandbox follows a Maildir that is a link", POSIX, async () => {
  await using server = startImapServer({
    mailboxes: sampleMailboxes({ messages: 4 }),
  });
  await using program = openProgram({ server });
  const elsewhere = join(program.home, "elsewhere");
  Deno.mkdirSync(elsewhere);
  Deno.symlinkSync(elsewhere, program.mail);
  const { code, output } = await run(program);
  assert.equal(code, 0, output);
  assert.ok([...Deno.readDirSync(elsewhere)].length > 0);
});

Deno.test(
  "The sandbox makes an empty Maildir anew that is gone",
  POSIX,
  async () => {
    await using server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
    await using program = openProgram({ server });
    assert.equal((await run(program)).code, 0);
    Deno.removeSync(program.mail, { recursive: true });
    server.mailbox("INBOX").append("Subject: x\r\n\r\nx\r\n");
    const { code, output } = await run(program);
    assert.equal(code, 0, output);
    assertInStep(program.tree.contents(), serverContents(server));
  },
);

Deno.test(
  "The sandbox takes a Maildir that is gone with its mail for a disk that is not there",
  POSIX,
  async () => {
    await using server = startImapServer({
      mailboxes: sampleMailboxes({ messages: 4 }),
    });
    await using program = openProgram({ server });
    assert.equal((await run(program)).code, 0);
    const before = serverContents(server);
    Deno.removeSync(program.mail, { recursive: true });
    const { code, output } = await run(program);
    assert.equal(code, 1, output);
    assert.match(output, /Mount the disk/);
    assert.deepEqual(serverContents(server), before);
  },
);

Deno.test(
  "The sandbox has the names of all that it makes brought to the disk",
  { ignore: !hasStrace() },
  async () => {
    await using server = startImapServer({
      mailboxes: sampleMailboxes({ messages: 4 }),
    });
    await using program = openProgram({ server });
    const log = join(program.home, "calls");
    const { code, output } = await runSourceUnder(
      traced(log, "fsync,fdatasync"),
      program,
      PERMISSIONS,
    );
    assert.equal(code, 0, output);
    const calls = Deno.readTextFileSync(log);
    const { home, mail, metadata } = program;
    for (const folder of [home, mail, join(mail, "INBOX"), metadata]) {
      assert.ok(calls.includes(`<${folder}>`), `${folder} is not synced`);
    }
  },
);

Deno.test(
  "The sandbox still says who holds the lock, and ends with 1",
  POSIX,
  async () => {
    await using server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
    await using program = openProgram({ server });
    const { acquireLock } = await import("../../src/account/lock.ts");
    await using _lock = await acquireLock(program.metadata, "test");
    const { code, output } = await run(program);
    assert.equal(code, 1);
    assert.match(output, /account test/);
  },
);

Deno.test(
  "The sandbox reports a refused login as any run does",
  POSIX,
  async () => {
    await using server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
    await using program = openProgram({
      server,
      remote: { remotepass: "wrong" },
    });
    const { code, output } = await run(program);
    assert.equal(code, 1);
    assert.doesNotMatch(output, /NotCapable|Requires|broke off|wrong/);
  },
);

Deno.test(
  "grant() leaves a worker that wants more with nothing",
  POSIX,
  async () => {
    await using server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
    await using other = startImapServer({ mailboxes: [{ name: "INBOX" }] });
    await using program = openProgram({ server });
    const config = await readConfig({}, program.configFile);
    const [account] = config.accounts;
    assert.ok(account !== undefined && isUsable(account));
    const { promise, resolve } = Promise.withResolvers<
      { denied: string[]; done: string[] }
    >();
    const neighbour = join(program.home, "neighbour");
    Deno.writeTextFileSync(neighbour, "another account's mail");
    const worker = new Worker(
      new URL("../support/hostile_worker.ts", import.meta.url),
      {
        type: "module",
        deno: {
          permissions: grant(
            accountNeeds(account, config.general.metadata, currentHost()),
          ),
        },
      },
    );
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage({
      config: program.configFile,
      neighbour,
      port: other.port,
      mail: program.mail,
    });
    const { denied, done } = await promise;
    worker.terminate();
    assert.deepEqual(done, []);
    assert.deepEqual(denied, [
      "read /etc/passwd",
      "read the configuration",
      "read another account's mail",
      "write beside the Maildir",
      "climb out of the Maildir",
      "make a link to elsewhere",
      "read a variable",
      "start a program",
      "connect elsewhere",
      "load native code",
      "get more rights by a worker",
    ]);
  },
);
