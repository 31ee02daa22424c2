/** The options about folders on the local side of two servers. */
import assert from "node:assert/strict";
import { startImapServer } from "../support/imap_server/mod.ts";
import { openProgram } from "../support/program.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { errorsOf, mails } from "./support.ts";

async function between(
  config: ConfigOptions,
  run: (
    parts: {
      there: ReturnType<typeof startImapServer>;
      here: ReturnType<typeof startImapServer>;
      program: ReturnType<typeof openProgram>;
    },
  ) => Promise<void>,
): Promise<void> {
  await using there = startImapServer({
    mailboxes: ["INBOX", "Work", "Old"].map((name) => ({
      name,
      messages: mails(2, name),
    })),
  });
  await using here = startImapServer({
    mailboxes: [
      { name: "INBOX" },
      { name: "Old", subscribed: false },
      { name: "Mine", messages: mails(2, "mine") },
    ],
  });
  await using program = openProgram({
    server: there,
    localServer: here,
    ...config,
  });
  await run({ there, here, program });
}

Deno.test("subscribedonly on the local server leaves alone what is not subscribed there", () =>
  between({ local: { subscribedonly: true } }, async (parts) => {
    const { there, here, program } = parts;
    for (let run = 0; run < 2; run++) {
      assert.deepEqual(errorsOf(await program.sync()), []);
      assert.equal(here.mailbox("Old").count, 0);
      assert.equal(there.mailbox("Old").count, 2);
      assert.equal(here.mailbox("Work").count, 2);
      assert.equal(there.mailbox("Mine").count, 2);
    }
    // It was subscribed to when it was made, or it would not be seen again.
    assert.ok(here.log.lines().includes("SUBSCRIBE Work"));
  }));

Deno.test("reference on the local server keeps folders from being made beyond it", () =>
  between({ local: { reference: "Mirror/" } }, async (parts) => {
    const { there, here, program } = parts;
    const run = await program.sync();
    assert.equal(run.code, 1);
    assert.match(
      errorsOf(run).join("\n"),
      /"Work" of repository there is not created as "Work" .*"Mirror\/"/,
    );
    assert.deepEqual(here.mailboxNames(), ["INBOX", "Mine", "Old"]);
    program.configure({
      local: {
        reference: "Mirror/",
        nametrans: "lambda n: re.sub('^Mirror/', '', n)",
      },
      remote: { nametrans: "lambda n: 'Mirror/' + n" },
    });
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(errorsOf(await program.sync()), []);
      assert.equal(here.mailbox("Mirror/Work").count, 2);
      assert.equal(there.mailboxNames().length, 3);
    }
  }));

Deno.test("copy_ignore_eval of the local server keeps its messages from being copied", () =>
  between(
    { local: { copy_ignore_eval: "lambda f: {'Mine': [2]}.get(f)" } },
    async ({ there, here, program }) => {
      for (let run = 0; run < 2; run++) {
        assert.deepEqual(errorsOf(await program.sync()), []);
        assert.equal(there.mailbox("Mine").count, 1);
        assert.equal(here.mailbox("Mine").count, 2);
        assert.equal(here.mailbox("Work").count, 2);
      }
    },
  ));
