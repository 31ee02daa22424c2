/**
 * Folders that are gone or renamed on one side: made again from the other, as
 * OfflineIMAP does, and never a reason to delete mail.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { assertBoth } from "../faults/support.ts";
import { stateFolder } from "../support/program.ts";
import { errorsOf, mails, openPair, type Pair, wire } from "./support.ts";

const MAILBOXES = [
  { name: "INBOX", messages: mails(2, "in") },
  { name: "Work", messages: mails(30, "work") },
];

/** No message was deleted on either side. */
function assertNothingDeleted({ server, program }: Pair) {
  const deleting = server.log.lines().filter((line) =>
    /EXPUNGE|\\Deleted|^DELETE /.test(line)
  );
  assert.deepEqual(deleting, []);
  // What is deleted locally would be kept there.
  assert.equal(existsSync(join(stateFolder(program), "deleted")), false);
}

async function syncedPair(
  options: Parameters<typeof openPair>[1] = {},
): Promise<Pair> {
  const pair = openPair({ mailboxes: MAILBOXES }, options);
  assert.deepEqual(errorsOf(await pair.program.sync()), []);
  pair.server.log.clear();
  return pair;
}

function subjectsOf({ server }: Pair, name: string): number {
  return server.mailbox(name).count;
}

Deno.test("a folder deleted on the server is made again from the local one", async () => {
  await using pair = await syncedPair();
  const { program, server } = pair;
  server.mailbox("Work").delete();
  assert.equal((await program.sync()).code, 0);
  assertNothingDeleted(pair);
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Work"), 30);
  const again = await program.sync();
  assert.equal(
    again.steps.filter((step) => /APPEND|FETCH/.test(step)).length,
    0,
  );
});

Deno.test("a folder deleted locally is made again from the server", async () => {
  await using pair = await syncedPair();
  const { program } = pair;
  Deno.removeSync(join(program.mail, "Work"), { recursive: true });
  assert.equal((await program.sync()).code, 0);
  assertNothingDeleted(pair);
  assertBoth(pair);
  assert.equal(program.tree.files("Work").length, 30);
});

Deno.test("a folder renamed on the server comes under the new name and stays under the old", async () => {
  await using pair = await syncedPair();
  const { program, server } = pair;
  server.mailbox("Work").rename("Done");
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Work"), 30);
  assert.equal(program.tree.files("Done").length, 30);
});

Deno.test("a folder renamed locally goes under the new name and stays under the old", async () => {
  await using pair = await syncedPair();
  const { program } = pair;
  Deno.renameSync(join(program.mail, "Work"), join(program.mail, "Done"));
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Work"), 30);
  assert.equal(subjectsOf(pair, "Done"), 30);
});

Deno.test("two people rename one folder, each on his side: both names have all mail", async () => {
  await using pair = await syncedPair();
  const { program, server } = pair;
  server.mailbox("Work").rename("Mine");
  server.mailbox("Mine").append(wire("later"));
  Deno.renameSync(join(program.mail, "Work"), join(program.mail, "Yours"));
  program.tree.remove(program.tree.find("work-0", "Yours"));
  assert.equal((await program.sync()).code, 0);
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Mine"), 31);
  assert.equal(subjectsOf(pair, "Yours"), 29);
  assert.equal(server.mailbox("Work").exists, false);
});

Deno.test("one deletes a folder, the other changes mail in it: the changes stay", async () => {
  await using pair = await syncedPair();
  const { program, server } = pair;
  server.mailbox("Work").delete();
  program.tree.deliver("Work", "Subject: mine\n\nHello\n");
  program.tree.setLetters(program.tree.find("work-1"), "FS");
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Work"), 31);
  Deno.removeSync(join(program.mail, "Work"), { recursive: true });
  server.mailbox("Work").append(wire("yours"));
  assert.equal((await program.sync()).code, 0);
  assertBoth(pair);
  assert.equal(program.tree.files("Work").length, 32);
});

for (const side of ["remote", "local"] as const) {
  Deno.test(`createfolders = no on the ${side} side leaves a folder alone that is gone there`, async () => {
    await using pair = await syncedPair();
    const { program, server } = pair;
    program.configure({ [side]: { createfolders: false } });
    if (side === "remote") server.mailbox("Work").delete();
    else Deno.removeSync(join(program.mail, "Work"), { recursive: true });
    await program.sync();
    assertNothingDeleted(pair);
    if (side === "remote") assert.equal(program.tree.files("Work").length, 30);
    else assert.equal(subjectsOf(pair, "Work"), 30);
  });
}

Deno.test("a folder that is only missing in a listing keeps what is known of it", async () => {
  await using pair = await syncedPair();
  const { program, server } = pair;
  server.vices.add({ kind: "listOmits", mailboxes: ["Work"] });
  program.tree.remove(program.tree.find("work-0"));
  server.mailbox("Work").expunge(2);
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.log.count(/APPEND/), 0);
  assert.ok(!server.log.lines().some((line) => /BODY|RFC822/.test(line)));
  // The deletions of both sides are carried over, and nothing comes back.
  assertBoth(pair);
  assert.equal(subjectsOf(pair, "Work"), 28);
});

Deno.test("a folder whose directories are only half there is no emptied folder", async () => {
  await using pair = await syncedPair();
  const { program } = pair;
  Deno.removeSync(join(program.mail, "Work", "cur"), { recursive: true });
  const { code } = await program.sync();
  assert.equal(code, 0);
  assert.equal(subjectsOf(pair, "Work"), 30);
  assertBoth(pair);
});
