/** What goes wrong: told in few words, the rest goes on, and the exit code says so. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ImapServerOptions } from "../support/imap_server/mod.ts";
import type { Program } from "../support/program.ts";
import { errorsOf, mails, openPair, wire } from "./support.ts";

Deno.test("a server that is not there is told with what to check", async () => {
  await using pair = openPair();
  await pair.server.stop();
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  assert.match(
    output,
    /ERROR: Cannot connect to 127\.0\.0\.1:\d+ for repository "there": nothing listens there\n +Check remotehost and remoteport; otherwise the server is down\n/,
  );
});

Deno.test("a folder that cannot be written to is told briefly; the others go on", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(40) },
      { name: "Sent", messages: mails(2, "sent") },
    ],
  });
  const { program } = pair;
  program.tree.create("INBOX");
  // Nobody, not even root, can create files in what is no directory.
  const tmp = join(program.mail, "INBOX", "tmp");
  Deno.removeSync(tmp);
  Deno.writeTextFileSync(tmp, "");
  const synced = await program.sync();
  const { code, output } = synced;
  assert.equal(code, 1);
  assert.equal(program.tree.files("Sent").length, 2);
  // Told once, and not one body is fetched for it: those are of Sent.
  assert.equal(errorsOf(synced).length, 1, output);
  const bodies = pair.server.log.lines()
    .filter((line) => line.includes("BODY.PEEK[]"));
  assert.equal(bodies.length, 1, bodies.join("\n"));
  const lines = output.split("\n");
  assert.ok(lines.length < 40, `${lines.length} lines: ${output}`);
  const hints = lines.filter((line) =>
    /^ {2}\S/.test(line) && lines.filter((other) => other === line).length > 2
  );
  assert.deepEqual(hints, [], "advice again and again");
  // What was wrong is gone, and so is the failure.
  Deno.removeSync(tmp);
  Deno.mkdirSync(tmp);
  assert.equal((await program.sync()).code, 0);
  assert.equal(program.tree.files("INBOX").length, 40);
});

const cutOnce = (): ImapServerOptions => ({
  mailboxes: [{ name: "INBOX", messages: mails(50) }],
  vices: [{
    kind: "cutReply",
    afterBytes: 3_000,
    when: { command: /FETCH$/, times: 1 },
  }],
});

Deno.test("retrycount goes on with another connection when one ends in the middle", async () => {
  await using pair = openPair(cutOnce());
  const run = await pair.program.sync();
  assert.equal(run.code, 0, run.output);
  assert.match(run.output, /WARNING: Lost a connection .* going on with/);
  assert.equal(pair.program.tree.files("INBOX").length, 50);
});

Deno.test("a connection that ends in the middle is told, and the next run goes on from there", async () => {
  await using pair = openPair(cutOnce(), { remote: { retrycount: 1 } });
  const run = await pair.program.sync();
  assert.equal(run.code, 1);
  assert.deepEqual(errorsOf(run), [
    "Lost the connection of repository there: Connection ended (during UID FETCH)",
  ]);
  assert.match(run.output, /What was done stays done/);
  assert.deepEqual(errorsOf(await pair.program.sync()), []);
  assert.equal(pair.program.tree.files("INBOX").length, 50);
});

Deno.test("a server that goes away in the middle is told with its repository, and nothing is lost", async () => {
  await using pair = openPair({
    // More than what is under way at once.
    mailboxes: [{
      name: "INBOX",
      messages: Array.from(
        { length: 50 },
        (_, at) => wire(`big-${at}`, `${"x".repeat(76)}\n`.repeat(5_000)),
      ),
    }],
  });
  const { program, server } = pair;
  let copied = 0;
  const run = await program.sync({
    onEvent: (event) => {
      if (event.type === "message.copied" && ++copied === 1) void server.stop();
    },
  });
  assert.equal(run.code, 1, run.output);
  assert.match(run.output, /ERROR: .*(repository "?there|127\.0\.0\.1)/);
  await server.restart();
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(program.tree.files("INBOX").length, 50);
  assert.deepEqual(program.tree.leftovers(), []);
});

/** A second account on the same server that fails at once. */
function addFailingAccount(program: Program): void {
  const text = Deno.readTextFileSync(program.configFile);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace(/^accounts = .*$/m, "accounts = broken, test") + `
[Account broken]
localrepository = broken-here
remoterepository = broken-there

[Repository broken-here]
type = Maildir
localfolders = ${program.home}/broken

[Repository broken-there]
type = IMAP
remotehost = 127.0.0.1
remoteport = 1
remoteuser = user
remotepass = secret
ssl = no
`,
  );
}

Deno.test("an account that fails leaves the others alone", async () => {
  await using pair = openPair();
  addFailingAccount(pair.program);
  for (const most of ["1", "2"]) {
    const run = await pair.program.sync({
      args: ["-k", `maxsyncaccounts=${most}`],
    });
    assert.equal(run.code, 1);
    assert.equal(errorsOf(run).length, 1);
    assert.match(run.output, /\*\*\* Finished account 'test'/);
  }
  assert.equal(pair.program.tree.files("INBOX").length, 3);
});

Deno.test("a mistake in the configuration of one account leaves the others alone", async () => {
  await using pair = openPair();
  const { program } = pair;
  addFailingAccount(program);
  const text = Deno.readTextFileSync(program.configFile);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace("remoteport = 1\n", "remoteport = one\nremotehst = x\n"),
  );
  const run = await program.sync();
  assert.equal(run.code, 1);
  assert.match(
    run.output,
    /ERROR: Account broken cannot be synchronised: \S+offlineimaprc:\d+: \[Repository broken-there\] remoteport = "one"/,
  );
  assert.match(
    run.output,
    /WARNING: .* remotehst is unknown; did you mean "remotehost"\?/,
  );
  assert.equal(program.tree.files("INBOX").length, 3);
});
