/** Options that no other test is about, in a whole run. */
import assert from "node:assert/strict";
import { start } from "./started.ts";
import { errorsOf, mails, openPair } from "./support.ts";

// shows: repository.remotehosteval, repository.remoteporteval
Deno.test("remotehosteval, remoteporteval and remoteusereval win over the plain ones", async () => {
  await using pair = openPair();
  const { program, server } = pair;
  program.configure({
    server: { port: 1, user: "nobody" },
    remote: {
      remotehost: "host.invalid",
      remotehosteval: "'.'.join(['127', '0', '0', '1'])",
      remoteporteval: `int('${server.port}')`,
      remoteusereval: "'us' + 'er'",
    },
  });
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(program.tree.files("INBOX").length, 3);
});

Deno.test("socktimeout ends a session whose server has gone silent", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of silent) accepted.push(connection);
  })();
  try {
    await using pair = openPair({}, { general: { socktimeout: 1 } });
    const { program } = pair;
    program.configure({ server: { port: silent.addr.port } });
    const started = performance.now();
    const { code, output } = await program.sync();
    assert.equal(code, 1, output);
    assert.ok(performance.now() - started < 20_000);
  } finally {
    silent.close();
    for (const connection of accepted) connection.close();
    await accepting;
  }
});

Deno.test("dry-run = yes in the file changes nothing, as the flag does", async () => {
  await using pair = openPair({}, { general: { "dry-run": true } });
  const { program, server } = pair;
  const run = await program.sync();
  assert.deepEqual(errorsOf(run), []);
  assert.deepEqual(program.tree.folders(), []);
  assert.ok(
    !server.log.names().some((name) => /APPEND|STORE|CREATE/.test(name)),
  );
});

Deno.test("deletelimit = 5% and deletelimit = no move the guard against mass deletion", async () => {
  for (
    const [deletelimit, code, left] of [["5%", 1, 500], ["no", 0, 100]] as const
  ) {
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: mails(500) }],
    }, { account: { deletelimit } });
    const { program, server } = pair;
    // Read without interpolation: one sign of percent or two.
    const text = Deno.readTextFileSync(program.configFile);
    Deno.writeTextFileSync(program.configFile, text.replace("5%%", "5%"));
    assert.deepEqual(errorsOf(await program.sync()), []);
    for (const file of program.tree.files("INBOX").slice(0, 400)) {
      program.tree.remove(file);
    }
    const run = await program.sync();
    assert.equal(run.code, code, run.output);
    assert.equal(server.mailbox("INBOX").count, left);
  }
});

Deno.test("skipsleep and -P are accepted, and nothing comes of them", async () => {
  await using pair = openPair({}, { account: { skipsleep: true } });
  const run = await pair.program.sync({ args: ["-P", pair.program.home] });
  assert.deepEqual(errorsOf(run), []);
  assert.match(run.output, /WARNING: .*skipsleep/);
  assert.equal(pair.program.tree.files("INBOX").length, 3);
  assert.ok(
    ![...Deno.readDirSync(pair.program.home)]
      .some(({ name }) => name.endsWith(".prof")),
  );
});

Deno.test(
  "keepalive and holdconnectionopen keep a connection alive in the pause",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using pair = openPair({}, {
      account: { autorefresh: 30 },
      remote: { holdconnectionopen: true, keepalive: 1 },
    });
    const { program, server } = pair;
    await using run = start(program);
    await run.until(/\*\*\* Finished account 'test'/);
    const before = server.log.names().length;
    const deadline = performance.now() + 20_000;
    while (server.log.names().length < before + 4) {
      assert.ok(performance.now() < deadline, run.output);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    run.kill("SIGTERM");
    assert.equal(await run.ended(), 0, run.output);
    const said = new Set(server.log.names().slice(before, before + 4));
    assert.ok(said.isSubsetOf(new Set(["NOOP", "IDLE", "DONE", "NOTIFY"])));
  },
);
