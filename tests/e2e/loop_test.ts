/** Runs that go on: autorefresh, signals, a second instance, a log. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mails, openPair, wire } from "./support.ts";
import { start } from "./started.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };
const FINISHED = /\*\*\* Finished account 'test'/;

// shows: account.autorefresh
Deno.test(
  "autorefresh goes on over a restart of the server, and sees what came meanwhile",
  ON_UNIX,
  async () => {
    // A minute and a half: only a signal ends the pause.
    await using pair = openPair({}, { account: { autorefresh: 1.5 } });
    const { program, server } = pair;
    await using run = start(program);
    await run.until(FINISHED);
    await server.stop();
    run.kill("SIGUSR1");
    await run.until(FINISHED, 2);
    assert.match(run.output, /ERROR: Cannot connect to 127\.0\.0\.1:\d+/);
    await server.restart();
    server.mailbox("INBOX").append(wire("meanwhile"));
    run.kill("SIGUSR1");
    await run.until(FINISHED, 3);
    assert.equal(program.tree.files("INBOX").length, 4);
    run.kill("SIGUSR2");
    // One sync failed: that is what a caller must know.
    assert.equal(await run.ended(), 1, run.output);
    assert.match(run.output, /WARNING: Terminating after this sync\.\.\./);
  },
);

Deno.test(
  "SIGTERM in the middle leaves everything consistent, and the next run goes on",
  ON_UNIX,
  async () => {
    const messages = Array.from({ length: 800 }, (_, at) => ({
      source: wire(`big-${at}`, `${"x".repeat(76)}\n`.repeat(1_000)),
      flags: ["\\Seen"],
    }));
    await using pair = openPair({ mailboxes: [{ name: "INBOX", messages }] });
    const { program } = pair;
    await using run = start(program);
    await run.until(/Copy message/, 10);
    run.kill("SIGTERM");
    assert.equal(await run.ended(), 0, run.output);
    assert.match(run.output, /WARNING: Preparing to shutdown after sync/);
    const copied = program.tree.files("INBOX").length;
    assert.ok(copied >= 10 && copied < 800, `${copied}`);
    assert.deepEqual(program.tree.leftovers(), []);
    const { code, steps } = await program.sync();
    assert.equal(code, 0);
    assert.equal(program.tree.files("INBOX").length, 800);
    const written = steps.filter((step) => step === "file write").length;
    assert.ok(written <= 800 - copied, "nothing is copied twice");
  },
);

Deno.test(
  "a second instance on the same account is told of the first, and leaves it alone",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, { account: { presynchook: "sleep 15" } });
    const { program } = pair;
    await using first = start(program);
    await first.until(/Processing account/);
    const note = join(program.metadata, "test.lock-holder");
    const deadline = performance.now() + 10_000;
    while ((await Deno.readTextFile(note).catch(() => "")) === "") {
      assert.ok(performance.now() < deadline, first.output);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const second = await program.run();
    assert.equal(second.code, 1);
    assert.match(
      second.stdout,
      /ERROR: Could not lock account test\. Is another instance using this account\?\n +Process \d+ has been at it since \d{4}-/,
    );
    first.kill("SIGTERM");
    assert.equal(await first.ended(), 0, first.output);
    program.configure({ account: {} });
    assert.equal((await program.sync()).code, 0);
  },
);

Deno.test(
  "-l appends a log that only its owner reads, without what -k set",
  ON_UNIX,
  async () => {
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: mails(1) }],
    });
    const { program } = pair;
    const log = join(program.home, "log");
    const secret = "Repository_there:remotepass=secret";
    for (let run = 0; run < 2; run++) {
      assert.equal(
        (await program.sync({ args: ["-l", log, "-k", secret] })).code,
        0,
      );
    }
    const text = Deno.readTextFileSync(log);
    assert.equal((Deno.statSync(log).mode ?? 0) & 0o777, 0o600);
    const starts =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO: OfflineImap \d.* starting\.\.\.\n +imapflow .*\n +Args: /gm;
    assert.equal(text.match(starts)?.length, 2, text);
    assert.match(
      text,
      /INFO: Copy message UID 1 \(1\/1\) there:INBOX -> here:INBOX\n/,
    );
    assert.ok(!text.includes("secret"), text);
  },
);

Deno.test("-d imap tells commands and replies, and no secret", async () => {
  await using pair = openPair({ users: { user: "hunter2" } }, {
    remote: { remotepass: "hunter2" },
  });
  const { code, output } = await pair.program.sync({ args: ["-d", "imap"] });
  assert.equal(code, 0);
  assert.match(output, /\[imap\]: > S1 (AUTHENTICATE \S+|LOGIN)( \*{4})?$/m);
  assert.match(output, /\[imap\]: > \S+ LIST "" /);
  assert.match(output, /\[imap\]: < \* LIST \(.*INBOX/);
  assert.match(output, /\[imap\]: > \S+ UID FETCH .*BODY\.PEEK\[\]/);
  assert.match(output, /\[imap\]: < \* 1 FETCH .*BODY\[\] \{\d+\}/);
  // The mail itself is nobody's business.
  assert.ok(!output.includes("Message-ID"), output);
  assert.ok(!output.includes("hunter2"));
  assert.ok(!output.includes(btoa("\0user\0hunter2")));
});

Deno.test("-u takes old names and lists as OfflineIMAP's users have them", async () => {
  await using pair = openPair();
  const { program } = pair;
  const quiet = await program.sync({ args: ["-u", "Noninteractive.Quiet"] });
  assert.match(
    quiet.output,
    /^WARNING: -u: \[general\] ui: an old name; write "quiet"\n$/,
  );
  program.configure({
    general: { ui: "Curses.Blinkenlights, TTY.TTYUI, Noninteractive.Basic" },
  });
  const listed = await program.sync();
  assert.equal(listed.code, 0);
  assert.match(
    listed.output,
    /WARNING: .* ui: a list of interfaces; "blinkenlights" is used/,
  );
});
