/** Runs that watch both sides between their syncs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mails, openPair, type Pair, wire } from "./support.ts";
import { start, type Started } from "./started.ts";
import { resting, startWatching } from "../support/watching.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };
const FINISHED = /\*\*\* Finished account 'test'/;

/** A run that has finished its first sync, and listens. */
async function watched(
  { program, server }: Pair,
  listens: RegExp,
): Promise<Started> {
  const run = start(program);
  await run.until(FINISHED);
  await until(() => server.log.names().some((name) => listens.test(name)), run);
  return run;
}

/** Waits until something holds that the run is to bring about. */
async function until(holds: () => boolean, run: Started): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(run.output);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** As a mail program does it. */
function deliver({ program }: Pair, mailbox: string, label: string): void {
  const at = (part: string) => join(program.mail, mailbox, part, label);
  Deno.writeTextFileSync(at("tmp"), wire(label).replaceAll("\r\n", "\n"));
  Deno.renameSync(at("tmp"), at("new"));
}

const MAILBOXES = [
  { name: "INBOX", messages: mails(3) },
  { name: "Archive", messages: mails(1, "old") },
];
const WATCHING = {
  account: { autorefresh: 30 },
  remote: { idlefolders: "['INBOX']" },
};

for (
  const [way, profile, listens] of [
    ["NOTIFY", {}, /^NOTIFY/],
    ["IDLE", { notify: false }, /^IDLE/],
  ] as const
) {
  Deno.test(
    `idlefolders carry changes over both ways at once by ${way}`,
    ON_UNIX,
    async () => {
      await using pair = openPair({ profile, mailboxes: MAILBOXES }, WATCHING);
      const { program, server } = pair;
      await using run = await watched(pair, listens);
      server.mailbox("INBOX").append(wire("from-server"));
      await until(() => program.tree.files("INBOX").length === 4, run);
      deliver(pair, "Archive", "from-here");
      await until(() => server.mailbox("Archive").count === 2, run);
      run.kill("SIGTERM");
      assert.equal(await run.ended(), 0, run.output);
    },
  );
}

Deno.test(
  "idlefolders with NOTIFY tell of folders that are not among them, too",
  ON_UNIX,
  async () => {
    await using pair = openPair({ mailboxes: MAILBOXES }, WATCHING);
    await using run = await watched(pair, /^NOTIFY/);
    pair.server.mailbox("Archive").append(wire("there"));
    await until(() => pair.program.tree.files("Archive").length === 2, run);
  },
);

Deno.test(
  "a change that was heard of costs a SELECT and a FETCH, on a connection that is there",
  ON_UNIX,
  async () => {
    await using pair = openPair({ mailboxes: MAILBOXES }, WATCHING);
    const { program, server } = pair;
    await using run = startWatching(program);
    await run.until(() => server.log.names().includes("IDLE"));
    const steps = () => server.log.names().slice(before);
    let before = 0;
    // These are heard of while nothing is known for sure of any folder.
    for (const [at, label] of ["first", "second"].entries()) {
      server.mailbox("INBOX").append(wire(label));
      await run.until(() => program.tree.files("INBOX").length === 4 + at);
      await resting(run, () => server.log.names().length);
    }
    before = server.log.names().length;
    server.mailbox("INBOX").append(wire("third"));
    await run.until(() => program.tree.files("INBOX").length === 6);
    assert.deepEqual(steps(), ["SELECT", "UID FETCH"]);
  },
);

Deno.test(
  "the echo of our own changes calls no hook, and ends",
  ON_UNIX,
  async () => {
    await using pair = openPair({ mailboxes: MAILBOXES }, WATCHING);
    const { program, server } = pair;
    const hooks = join(program.home, "hooks");
    program.configure({
      account: {
        ...WATCHING.account,
        postsynchook: `echo $OFFLINEIMAPSYNCMODE >> ${hooks}`,
      },
    });
    await using run = startWatching(program);
    await run.until(() => server.log.names().includes("IDLE"));
    await resting(run, () => server.log.names().length);
    deliver(pair, "INBOX", "from-here");
    await run.until(() => server.mailbox("INBOX").count === 4);
    await resting(run, () => server.log.names().length);
    assert.equal(Deno.readTextFileSync(hooks), "full\nidle\n");
  },
);

Deno.test(
  "SIGUSR1 makes a full sync at once while watching, SIGUSR2 ends it without an error",
  ON_UNIX,
  async () => {
    await using pair = openPair({ mailboxes: MAILBOXES }, WATCHING);
    await using run = await watched(pair, /^NOTIFY/);
    const lists = () =>
      pair.server.log.names().filter((name) => name === "LIST").length;
    const before = lists();
    run.kill("SIGUSR1");
    await until(() => lists() > before, run);
    run.kill("SIGUSR2");
    assert.equal(await run.ended(), 0, run.output);
    assert.ok(
      pair.server.log.names().filter((name) => name === "LOGOUT").length >= 2,
      "all connections are ended politely",
    );
  },
);
