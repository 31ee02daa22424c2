/** OfflineIMAP's faults while it watches (C), on the real program. */
import assert from "node:assert/strict";
import { acquireLock } from "../../src/account/lock.ts";
import { startWatching } from "../support/watching.ts";
import { mails, openPair, wire } from "./support.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

Deno.test(
  "C19: every one of idlefolders is watched, whatever its name, and again after a loss",
  ON_UNIX,
  async () => {
    const names = ["INBOX", "Two words", "Entwürfe", 'say "x"', "a/b"];
    await using pair = openPair({
      profile: { notify: false },
      mailboxes: names.map((name) => ({ name, messages: mails(1, "old") })),
    }, {
      account: { autorefresh: 60 },
      // One connection does for the syncs.
      remote: {
        maxconnections: 1,
        idlefolders: `['INBOX', 'Two words', 'Entw&APw-rfe', 'say "x"', 'a/b']`,
      },
    });
    const { program, server } = pair;
    const files = (name: string) => program.tree.files(name).length;
    await using run = startWatching(program);
    const idles = () => server.log.names().filter((n) => n === "IDLE").length;
    await run.until(() => idles() === names.length);
    for (const name of names) {
      server.mailbox(name).append(wire("first"));
      await run.until(() => files(name) === 2);
    }
    await server.stop();
    await run.until(() => /not watched for now/.test(run.output));
    await server.restart();
    // The machine slept meanwhile, too.
    run.jump(3_600_000);
    await run.until(() => idles() >= 2 * names.length);
    for (const name of names) {
      server.mailbox(name).append(wire("second"));
      await run.until(() => files(name) === 3);
    }
  },
);

Deno.test(
  "D4: what is heard of is synchronised under the lock, or later",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: { autorefresh: 60 },
      remote: { idlefolders: "['INBOX']" },
    });
    const { program, server } = pair;
    await using run = startWatching(program);
    await run.until(() => server.log.names().includes("IDLE"));
    {
      await using _held = await acquireLock(program.metadata, "test");
      server.mailbox("INBOX").append(wire("locked-out"));
      await run.until(() => /Could not lock account test/.test(run.output));
      assert.equal(program.tree.files("INBOX").length, 3);
    }
    await run.until(() => program.tree.files("INBOX").length === 4);
  },
);
