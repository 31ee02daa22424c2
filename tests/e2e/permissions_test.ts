/** The program with exactly the rights that `offlineimap permissions` names. */
import assert from "node:assert/strict";
import { currentHost } from "../../src/config/host.ts";
import { isUsable } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/load.ts";
import { permissionFlags } from "../../src/sandbox/flags.ts";
import { commandNeeds } from "../../src/sandbox/command_needs.ts";
import { accountNeeds } from "../../src/sandbox/needs.ts";
import { assertInStep, serverContents } from "../support/contents.ts";
import {
  sampleMailboxes,
  startImapServer,
} from "../support/imap_server/mod.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { openProgram, type Program } from "../support/program.ts";
import { runSource } from "../support/run_source.ts";

/** The flags for the only account, as the command shows them. */
async function flagsOf(program: Program): Promise<string[]> {
  const config = await readConfig({}, program.configFile);
  const [account] = config.accounts;
  assert.ok(account !== undefined && isUsable(account));
  const { general, file } = config;
  const needs = accountNeeds(account, general.metadata, currentHost());
  const command = commandNeeds(account, general, currentHost());
  const read = [file, ...command.read];
  return permissionFlags(needs, { ...command, read });
}

const CASES: Record<string, ConfigOptions> = {
  "as it is": {},
  "with expressions": {
    remote: { folderfilter: "lambda name: name != 'Trash'" },
  },
  "with hooks": { account: { presynchook: "true", postsynchook: "true" } },
};

for (const [title, config] of Object.entries(CASES)) {
  Deno.test(`permissions are enough for an account ${title}, both ways`, {
    ignore: Deno.build.os === "windows",
  }, async () => {
    await using server = startImapServer({
      mailboxes: sampleMailboxes({ messages: 12 }),
    });
    await using program = openProgram({ server, ...config });
    Deno.mkdirSync(program.metadata, { mode: 0o700 });
    Deno.mkdirSync(program.mail, { mode: 0o700 });
    const flags = await flagsOf(program);
    for (const change of ["first copy", "both ways", "nothing to do"]) {
      if (change === "both ways") {
        program.tree.deliver("Sent", "Subject: up\nMessage-ID: <up@x>\n\nup\n");
        server.mailbox("INBOX").append(
          "Subject: down\r\nMessage-ID: <down@x>\r\n\r\ndown\r\n",
        );
        server.mailbox("INBOX").expunge(1);
      }
      const { code, output } = await runSource(
        program,
        flags,
        ...["-k", "general:sandbox=no"],
      );
      assert.equal(code, 0, `${change}: ${output}`);
      assert.doesNotMatch(output, /NotCapable|Requires/);
      const remote = new Map(serverContents(server));
      if (config.remote !== undefined) remote.delete("Trash");
      assertInStep(program.tree.contents(), remote, {
        ignoredFlags: ["$Forwarded", "todo"],
      });
    }
  });
}

Deno.test("permissions do not let an account reach another server or Maildir", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
  await using other = startImapServer({ mailboxes: [{ name: "INBOX" }] });
  await using program = openProgram({ server });
  Deno.mkdirSync(program.metadata, { mode: 0o700 });
  Deno.mkdirSync(program.mail, { mode: 0o700 });
  const flags = await flagsOf(program);
  program.configure({ server: other });
  const { code, output } = await runSource(
    program,
    flags,
    ...["-k", "general:sandbox=no"],
  );
  assert.equal(code, 1);
  assert.match(output, /net access/);
  assert.equal(other.connections.length, 0);
});
