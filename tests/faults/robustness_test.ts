/** OfflineIMAP's faults of robustness and speed (P), on the real program. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mail, mails, openPair, type Pair } from "./support.ts";

const MANY = Array.from({ length: 60 }, (_, at) => ({
  name: at === 0 ? "INBOX" : `folder-${at}`,
  messages: mails(3, `f${at}`),
}));

/** In step, and long enough ago for the times of folders to be trusted. */
async function settled(pair: Pair): Promise<void> {
  const { program, server } = pair;
  await program.sync();
  const old = new Date(Date.now() - 60_000);
  for (const folder of program.tree.folders()) {
    for (const part of ["new", "cur"]) {
      Deno.utimeSync(join(program.mail, folder, part), old, old);
    }
  }
  await program.sync();
  server.log.clear();
}

Deno.test("P1: a run with nothing to do opens no folder and asks for no message, however many there are", async () => {
  await using pair = openPair({ mailboxes: MANY });
  const { program, server } = pair;
  await settled(pair);
  const { code } = await program.sync();
  assert.equal(code, 0);
  const names = server.log.names();
  assert.ok(!names.some((name) => /SELECT|EXAMINE|FETCH|SEARCH/.test(name)));
  assert.ok(names.length < 15, names.join(", "));
});

Deno.test("P1: one changed folder of many is the only one that is opened", async () => {
  await using pair = openPair({ mailboxes: MANY });
  const { program, server } = pair;
  await settled(pair);
  server.mailbox("folder-7").setFlags(1, ["\\Flagged"]);
  await program.sync();
  const opened = server.log.lines().filter((line) =>
    /SELECT|EXAMINE/.test(line)
  );
  assert.equal(opened.length, 1, opened.join("\n"));
  assert.match(opened[0] ?? "", /folder-7/);
});

Deno.test("P2: many messages are fetched by few commands and recorded by few commits", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(400) }],
  });
  const { program, server } = pair;
  const { steps } = await program.sync();
  const fetches = server.log.names().filter((name) => name === "UID FETCH");
  assert.ok(fetches.length < 20, `${fetches.length} FETCH`);
  const commits = steps.filter((step) => step === "state commit");
  assert.ok(commits.length < 40, `${commits.length} commits`);
  assert.equal(program.tree.files("INBOX").length, 400);
});

Deno.test("P3: a server that falls silent ends the account, not the program", async () => {
  for (const at of ["before", "literal", "after"] as const) {
    await using pair = openPair({
      vices: [{ kind: "stall", at, when: { command: "UID FETCH" } }],
    }, { general: { socktimeout: 1 } });
    const { code, output } = await pair.program.sync();
    assert.equal(code, 1, output);
    pair.server.vices.clear();
    assert.equal((await pair.program.sync()).code, 0);
    assert.equal(pair.program.tree.files("INBOX").length, 3);
  }
});

Deno.test("P3: a run that is told to stop does not wait for a silent server", async () => {
  await using pair = openPair({
    vices: [{ kind: "stall", at: "before", when: { command: "UID FETCH" } }],
  });
  const { program, server } = pair;
  const stop = new AbortController();
  const run = program.sync({ signal: stop.signal });
  const deadline = performance.now() + 20_000;
  while (!server.log.names().includes("UID FETCH")) {
    assert.ok(performance.now() < deadline);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop.abort();
  await run;
  assert.ok(performance.now() < deadline);
});

Deno.test("P4: a folder that breaks every connection is given up after a few", async () => {
  for (const args of [[], ["-q"]]) {
    await using pair = openPair({
      mailboxes: MANY.slice(0, 4),
      vices: [{
        kind: "cutBefore",
        when: { command: /SELECT|EXAMINE/, mailbox: "INBOX" },
      }],
    });
    const { program, server } = pair;
    const { code } = await program.sync({ args });
    assert.equal(code, 1);
    assert.ok(server.connections.length < 20, `${server.connections.length}`);
  }
});

Deno.test("P5: a run with nothing to do waits for nothing", async () => {
  await using pair = openPair();
  await pair.program.sync();
  const started = performance.now();
  await pair.program.sync();
  assert.ok(performance.now() - started < 4_000);
});

Deno.test("P6: a thrown exception ends one account, not the process", async () => {
  await using pair = openPair();
  const { program } = pair;
  const text = Deno.readTextFileSync(program.configFile);
  const second = text.slice(text.indexOf("[Account test]"))
    .replaceAll("test", "other").replaceAll("here", "here2")
    .replaceAll(program.mail, `${program.mail}-2`);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace("accounts = test", "accounts = other, test") + second,
  );
  let thrown = false;
  const { code, output } = await program.sync({
    step: (kind, name) => {
      if (thrown || kind !== "file" || name !== "rename") return;
      thrown = true;
      throw new TypeError("nobody thought of this");
    },
  });
  assert.ok(thrown);
  assert.equal(code, 1);
  assert.match(output, /nobody thought of this/);
  assert.match(output, /Finished account 'other'/);
  assert.match(output, /Finished account 'test'/);
  assert.equal(program.tree.files("INBOX").length, 3);
});

Deno.test("P7: what a limit leaves out is not asked for again, and an unchanged Maildir is not read", async () => {
  await using pair = openPair({
    mailboxes: [{
      name: "INBOX",
      messages: [
        ...mails(2),
        { source: mail("large", "x".repeat(4000)).replaceAll("\n", "\r\n") },
      ],
    }],
  }, { account: { maxsize: 2000 } });
  const { program, server } = pair;
  await settled(pair);
  assert.equal(program.tree.files("INBOX").length, 2);
  const { events } = await program.sync();
  assert.ok(!server.log.names().some((name) => /FETCH|SEARCH/.test(name)));
  assert.deepEqual(
    events.flatMap((event) =>
      event.type === "mailbox.unchanged" ? [event.mailbox] : []
    ),
    ["INBOX"],
  );
});
