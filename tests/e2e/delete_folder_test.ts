/** --delete-folder: exactly one folder of one server, and nothing by accident. */
import assert from "node:assert/strict";
import { errorsOf, mails, openPair, type Pair, warningsOf } from "./support.ts";
import type { Synced } from "../support/program.ts";

const MAILBOXES = ["INBOX", "Old", "Lists", "Lists/deno", "Entwürfe"]
  .map((name) => ({ name, messages: mails(2, name.replace("/", "-")) }));

function deletes({ server }: Pair): string[] {
  return server.log.lines().filter((line) => line.startsWith("DELETE "));
}

function told({ events }: Synced): string[] {
  return events.flatMap((event) => event.type === "notice" ? [event.text] : []);
}

Deno.test("--delete-folder deletes one folder on the server, and no local mail", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES });
  const { program, server } = pair;
  await program.sync();
  const before = program.tree.snapshot();
  const run = await program.sync({ args: ["--delete-folder", "Old"] });
  assert.equal(run.code, 0);
  assert.match(
    run.output,
    /Deleting folder "Old" of repository there with 2 messages\nFolder 'Old' deleted\.\n/,
  );
  assert.deepEqual(deletes(pair), ["DELETE Old"]);
  assert.equal(server.mailbox("Old").exists, false);
  assert.deepEqual(program.tree.snapshot(), before);
  assert.match(run.output, /local folder "Old" is still there/);
  // As that says: the next sync makes it again, with all its mail.
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.mailbox("Old").count, 2);
  // And without the local folder it stays away.
  await program.sync({ args: ["--delete-folder=Old", "-a", "test"] });
  Deno.removeSync(`${program.mail}/Old`, { recursive: true });
  const again = await program.sync();
  assert.equal(again.code, 0);
  assert.equal(server.mailbox("Old").exists, false);
});

Deno.test("--delete-folder takes either spelling of a name", async () => {
  for (const name of ["Entwürfe", "Entw&APw-rfe"]) {
    for (const utf8foldernames of [true, false]) {
      await using pair = openPair({ mailboxes: MAILBOXES }, {
        account: { utf8foldernames },
      });
      const run = await pair.program.sync({ args: ["--delete-folder", name] });
      assert.equal(run.code, 0, run.output);
      assert.deepEqual(deletes(pair), ["DELETE Entw&APw-rfe"]);
      assert.deepEqual(warningsOf(run), []);
    }
  }
});

Deno.test("--delete-folder with --dry-run deletes nothing and says what it would", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES });
  const run = await pair.program.sync({
    args: ["--delete-folder", "Old", "--dry-run"],
  });
  assert.equal(run.code, 0);
  assert.match(
    run.output,
    /would try to remove 'Old' on remote of 'test' account: .* 2 messages/,
  );
  assert.deepEqual(deletes(pair), []);
  assert.equal(pair.server.mailbox("Old").count, 2);
});

for (
  const { what, args, remote, account, expected } of [
    {
      what: "a folder with folders below it",
      args: ["--delete-folder", "Lists"],
      expected: /"Lists" is not deleted: .* "Lists\/deno", and some servers/,
    },
    {
      what: "INBOX",
      args: ["--delete-folder", "inbox"],
      expected: /INBOX cannot be deleted/,
    },
    {
      what: "a folder that is not there",
      args: ["--delete-folder", "Odl"],
      expected: /"Odl": repository there has none of that name; .*"Old"\?/,
    },
    {
      what: "a folder of a repository that is not to be changed",
      args: ["--delete-folder", "Old"],
      remote: { readonly: true },
      expected: /repository there has readonly = yes/,
    },
    {
      what: "anything while several accounts are meant",
      args: ["--delete-folder", "Old"],
      account: "test, other",
      expected: /must supply only one account with '-a'/,
    },
  ]
) {
  Deno.test(`--delete-folder refuses ${what}`, async () => {
    await using pair = openPair({ mailboxes: MAILBOXES }, {
      ...(remote === undefined ? {} : { remote }),
      ...(account === undefined ? {} : { general: { accounts: account } }),
    });
    const run = await pair.program.sync({ args });
    // OfflineIMAP ends with 0 here.
    assert.equal(run.code, 1);
    assert.match(run.output, expected);
    assert.deepEqual(deletes(pair), []);
  });
}

Deno.test("--delete-folder with --allow-deletes leaves what is below, as RFC 9051 says", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES });
  const run = await pair.program.sync({
    args: ["--delete-folder", "Lists", "--allow-deletes"],
  });
  assert.equal(run.code, 0, run.output);
  assert.deepEqual(deletes(pair), ["DELETE Lists"]);
  assert.equal(pair.server.mailbox("Lists/deno").count, 2);
});

Deno.test("--delete-folder that the server refuses is an error", async () => {
  await using pair = openPair({
    mailboxes: MAILBOXES,
    vices: [{ kind: "refuse", reply: "NO", when: { command: "DELETE" } }],
  });
  const run = await pair.program.sync({ args: ["--delete-folder", "Old"] });
  assert.equal(run.code, 1);
  assert.match(run.output, /Cannot delete folder "Old" on the server: /);
  assert.doesNotMatch(told(run).join(), /deleted\./);
});

Deno.test("--delete-folder reaches folders beyond reference and subscribedonly", async () => {
  await using pair = openPair({
    mailboxes: [
      ...MAILBOXES,
      { name: "Quiet", subscribed: false, messages: mails(1) },
    ],
  }, { remote: { reference: "Lists/", subscribedonly: true } });
  const run = await pair.program.sync({ args: ["--delete-folder", "Quiet"] });
  assert.equal(run.code, 0, run.output);
  assert.deepEqual(deletes(pair), ["DELETE Quiet"]);
  assert.deepEqual(errorsOf(run), []);
});
