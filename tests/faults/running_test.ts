/** OfflineIMAP's faults while it runs (C), on the real program. */
import assert from "node:assert/strict";
import { start } from "../e2e/started.ts";
import { PROFILES } from "../support/imap_server/mod.ts";
import { assertBoth, mail, mails, openPair } from "./support.ts";

Deno.test("C17: maxconnections is one number, for connections and for folders at once", async () => {
  const mailboxes = ["INBOX", "a", "b", "c", "d", "e"].map((name) => ({
    name,
    messages: mails(3, name),
  }));
  for (const [maxconnections, most] of [[undefined, 2], [1, 1], [4, 4]]) {
    await using pair = openPair({ mailboxes }, {
      remote: maxconnections === undefined ? {} : { maxconnections },
    });
    const { code } = await pair.program.sync();
    assert.equal(code, 0);
    assert.ok(pair.server.connections.length <= (most ?? 0));
    assertBoth(pair);
  }
});

Deno.test("C25: autorefresh goes on after more than three failures in a row", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using pair = openPair({
    vices: [{ kind: "refuse", reply: "BYE", when: { command: "LIST" } }],
  }, { account: { autorefresh: 0.001 } });
  const { program, server } = pair;
  await using run = start(program);
  await run.until(/ERROR: /, 4);
  assert.equal(program.tree.folders().length, 0);
  server.vices.clear();
  const deadline = performance.now() + 30_000;
  while (
    program.tree.folders().length === 0 ||
    program.tree.files("INBOX").length < 3
  ) {
    assert.ok(performance.now() < deadline, run.output);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  run.kill("SIGTERM");
  await run.ended();
});

Deno.test("C26: -q misses neither flags nor as many arrivals as deletions", async () => {
  await using pair = openPair();
  const { program, server } = pair;
  await program.sync();
  const inbox = server.mailbox("INBOX");
  inbox.setFlags(1, ["\\Seen", "\\Flagged"]);
  assert.equal((await program.sync({ args: ["-q"] })).code, 0);
  assertBoth(pair, ["m-0", "m-1", "m-2"]);
  inbox.expunge(2);
  inbox.appendAll(mails(1, "new"));
  assert.equal((await program.sync({ args: ["-q"] })).code, 0);
  assertBoth(pair, ["m-0", "m-2", "new-0"]);
});

Deno.test("C27: a message goes as it is to a server without UIDPLUS, and is found again by its content", async () => {
  await using pair = openPair({ profile: PROFILES.bare });
  const { program, server } = pair;
  await program.sync();
  program.tree.deliver("INBOX", mail("with-id"), "S");
  program.tree.deliver("INBOX", "Subject: without-id\n\nNo name.\n", "S");
  for (let run = 0; run < 3; run++) {
    assert.equal((await program.sync()).code, 0);
    assertBoth(pair, ["m-0", "m-1", "m-2", "with-id", "without-id"]);
  }
  for (const { source } of server.mailbox("INBOX").messages()) {
    assert.doesNotMatch(new TextDecoder().decode(source), /^X-OfflineIMAP/im);
  }
});

Deno.test("C30: a message that the server lists and does not give costs itself alone, and is told once", async () => {
  await using pair = openPair({
    vices: [{ kind: "nilBodies", uids: [2] }],
  });
  const { program, server } = pair;
  const first = await program.sync();
  assert.equal(first.code, 1);
  assert.match(first.output, /Message 2 of "INBOX"/);
  assert.equal(program.tree.files("INBOX").length, 2);
  server.log.clear();
  const second = await program.sync();
  assert.equal(second.code, 0, second.output);
  assert.equal(server.mailbox("INBOX").count, 3);
  assert.doesNotMatch(second.output, /Message 2 of "INBOX"/);
});

Deno.test("C33: whatever an account fails by, the exit status is 1, and the log has not all of it to itself", async () => {
  for (
    const vice of [
      { kind: "refuse", reply: "NO", when: { command: "LIST" } },
      { kind: "refuse", reply: "NO", when: { command: "APPEND" } },
      { kind: "cutBefore", when: { command: /FETCH/ } },
    ] as const
  ) {
    await using pair = openPair({ vices: [vice] });
    const { program } = pair;
    program.tree.create("INBOX");
    program.tree.deliver("INBOX", mail("up"), "S");
    const log = `${program.home}/log`;
    const { code, output } = await program.sync({ args: ["-l", log] });
    assert.equal(code, 1, output);
    assert.match(output, /ERROR: /);
    assert.match(Deno.readTextFileSync(log), /ERROR: /);
  }
});
