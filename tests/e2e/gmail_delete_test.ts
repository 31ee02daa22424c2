/** What deleting a local file means on Gmail. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { Section } from "../support/program_config.ts";
import { errorsOf, warningsOf } from "./support.ts";

const MAIL = "Message-ID: <1@x>\r\nSubject: One\r\n\r\nHello\r\n";
const THIRD = "Message-ID: <3@x>\r\nSubject: Three\r\n\r\nHello\r\n";
const OTHER = "Message-ID: <2@x>\r\nSubject: Two\r\n\r\nHello\r\n";

interface World extends AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
}

async function open(remote: Section = {}): Promise<World> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(startImapServer({
    profile: "gmail",
    mailboxes: [
      { name: "INBOX", messages: [MAIL, OTHER] },
      { name: "Work", messages: [MAIL] },
    ],
  }));
  const program = stack.use(
    openProgram({ server, remote: { type: "Gmail", ...remote } }),
  );
  assert.equal((await program.sync()).code, 0);
  return {
    server,
    program,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The folders that show a message. */
function foldersOf(server: ImapServer, mail: string): string[] {
  return server.mailboxNames().filter((name) =>
    server.mailbox(name).messages().some(({ source }) =>
      new TextDecoder().decode(source) === mail
    )
  );
}

function removeFrom({ program }: World, folder: string): void {
  const file = program.tree.files(folder).find(({ name }) =>
    name.includes(",U=1,")
  );
  assert.ok(file);
  program.tree.remove(file);
}

Deno.test("A deletion takes one label away and leaves the message in the others", async () => {
  await using world = await open();
  removeFrom(world, "INBOX");
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, MAIL), ["Work", "[Gmail]/All Mail"]);
  assert.equal(world.program.tree.files("Work").length, 1);
});

Deno.test("A deletion with realdelete from the last folder moves the message to the trash", async () => {
  await using world = await open({ realdelete: true });
  // Marks are no folders where it is kept.
  world.server.mailbox("INBOX").copy(1, "[Gmail]/Important");
  world.server.mailbox("INBOX").setFlags(1, ["\\Flagged"], "add");
  removeFrom(world, "INBOX");
  assert.equal((await world.program.sync()).code, 0);
  assert.ok(foldersOf(world.server, MAIL).includes("Work"));
  assert.ok(!foldersOf(world.server, MAIL).includes("[Gmail]/Trash"));
  removeFrom(world, "Work");
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, MAIL), ["[Gmail]/Trash"]);
  // What the trash took out of the other folders goes here, and it comes.
  assert.equal((await world.program.sync()).code, 0);
  assert.equal(world.program.tree.files("[Gmail]/Important").length, 0);
  assert.equal(world.program.tree.files("[Gmail]/Trash").length, 1);
  assert.deepEqual(foldersOf(world.server, OTHER), [
    "INBOX",
    "[Gmail]/All Mail",
  ]);
});

Deno.test("A message that a mail program writes elsewhere and deletes here is in no trash", async () => {
  await using world = await open({ realdelete: true });
  const { tree } = world.program;
  const file = tree.files("INBOX").find(({ name }) => name.includes(",U=2,"));
  assert.ok(file);
  // Under a name of its own, as mutt saves a message.
  tree.deliver("Work", OTHER.replaceAll("\r\n", "\n"));
  tree.remove(file);
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, OTHER), [
    "Work",
    "[Gmail]/All Mail",
  ]);
});

Deno.test("A deletion in the trash or among spam is for good", async () => {
  for (const folder of ["[Gmail]/Trash", "[Gmail]/Spam"]) {
    await using world = await open({ realdelete: true });
    world.server.mailbox("INBOX").move(1, folder);
    assert.equal((await world.program.sync()).code, 0);
    removeFrom(world, folder);
    assert.equal((await world.program.sync()).code, 0);
    assert.deepEqual(foldersOf(world.server, MAIL), []);
  }
});

Deno.test("trashfolder and spamfolder win over what Gmail marks", async () => {
  await using world = await open({
    realdelete: true,
    trashfolder: "[Gmail]/Important",
    spamfolder: "Work",
  });
  world.server.mailbox("Work").copy(1, "[Gmail]/Starred");
  world.server.mailbox("INBOX").append(THIRD);
  world.server.mailbox("INBOX").copy(3, "Work");
  world.server.mailbox("INBOX").expunge([1, 3]);
  assert.equal((await world.program.sync()).code, 0);
  removeFrom(world, "Work");
  assert.equal((await world.program.sync()).code, 0);
  // Not moved, since it is spam.
  assert.ok(!foldersOf(world.server, MAIL).includes("[Gmail]/Important"));
  const [file] = world.program.tree.files("INBOX");
  assert.ok(file);
  world.program.tree.remove(file);
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, OTHER), [
    "[Gmail]/All Mail",
    "[Gmail]/Important",
  ]);
});

Deno.test("A trash that is not there is an error, and nothing is deleted", async () => {
  await using world = await open({
    realdelete: true,
    trashfolder: "Papierkorb",
  });
  world.server.mailbox("Work").expunge();
  removeFrom(world, "INBOX");
  const synced = await world.program.sync();
  assert.equal(synced.code, 1, synced.output);
  assert.match(errorsOf(synced).join("\n"), /"INBOX" cannot go to the trash/);
  assert.deepEqual(foldersOf(world.server, MAIL), [
    "INBOX",
    "[Gmail]/All Mail",
  ]);
});

Deno.test("A deletion in All Mail stays here, with a word about it", async () => {
  await using world = await open();
  removeFrom(world, "[Gmail]/All Mail");
  const synced = await world.program.sync();
  assert.equal(synced.code, 0);
  assert.match(warningsOf(synced).join("\n"), /1 messages .*All Mail/);
  assert.deepEqual(foldersOf(world.server, MAIL), [
    "INBOX",
    "Work",
    "[Gmail]/All Mail",
  ]);
  // Nor does it come back, or vanish elsewhere.
  assert.equal((await world.program.sync()).code, 0);
  assert.equal(world.program.tree.files("[Gmail]/All Mail").length, 1);
  assert.equal(world.program.tree.files("INBOX").length, 2);
});

Deno.test("A deletion in All Mail with realdelete is for what no other folder shows", async () => {
  await using world = await open({ realdelete: true });
  removeFrom(world, "[Gmail]/All Mail");
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, MAIL), [
    "INBOX",
    "Work",
    "[Gmail]/All Mail",
  ]);
  const again = await world.program.sync();
  assert.equal(again.code, 0);
  assert.match(warningsOf(again).join(), /1 messages .* other folders show/);
  world.server.mailbox("INBOX").expunge(1);
  world.server.mailbox("Work").expunge(1);
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, MAIL), ["[Gmail]/Trash"]);
});

Deno.test("A file that is put into another folder is moved there on Gmail", async () => {
  await using world = await open({ realdelete: true });
  const [file] = world.program.tree.files("INBOX").filter(({ name }) =>
    name.includes(",U=2,")
  );
  assert.ok(file);
  world.program.tree.move(file, "Work");
  assert.equal((await world.program.sync()).code, 0);
  assert.deepEqual(foldersOf(world.server, OTHER), [
    "Work",
    "[Gmail]/All Mail",
  ]);
  assert.ok(!world.server.log.names().includes("APPEND"));
});
