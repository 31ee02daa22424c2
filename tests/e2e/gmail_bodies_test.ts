/** A message that Gmail shows in several folders is downloaded once. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { Section } from "../support/program_config.ts";

const SIZE = 50_000;
const COUNT = 6;

function mail(number: number): string {
  const line = `${number} `.repeat(30).trim();
  const lines = Array.from({ length: SIZE / (line.length + 2) }, () => line);
  return `Message-ID: <${number}@x>\r\nSubject: Number ${number}\r\n\r\n` +
    lines.join("\r\n") + "\r\n";
}

const MAILS = Array.from({ length: COUNT }, (_, at) => mail(at + 1));
const ALL = MAILS.reduce((sum, { length }) => sum + length, 0);

interface World extends AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
}

function open(
  { remote = {}, account = {}, local = {} }: {
    remote?: Section;
    account?: Section;
    local?: Section;
  } = {},
): World {
  const stack = new AsyncDisposableStack();
  const server = stack.use(startImapServer({
    profile: { base: "gmail", compress: false },
    mailboxes: [
      { name: "INBOX", messages: MAILS },
      { name: "Work", messages: MAILS.slice(0, 4) },
      { name: "Other", messages: MAILS.slice(2) },
    ],
  }));
  const program = stack.use(openProgram({
    server,
    account,
    local,
    remote: { type: "Gmail", ...remote },
  }));
  return {
    server,
    program,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What the server has sent so far. */
function sent({ server }: World): number {
  return server.connections.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
}

async function sync({ program }: World): Promise<void> {
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
}

function bodies({ program }: World, folder: string): string[] {
  return program.tree.files(folder).map(({ path }) =>
    Deno.readTextFileSync(path).replaceAll("\n", "\r\n")
  ).sort();
}

for (const maxconnections of [1, 4]) {
  Deno.test(`A first copy over ${maxconnections} connections fetches each body once`, async () => {
    await using world = open({ remote: { maxconnections } });
    await sync(world);
    assert.ok(sent(world) < ALL + 60_000, `${sent(world)} of ${ALL}`);
    for (const folder of ["INBOX", "[Gmail]/All Mail"]) {
      assert.deepEqual(bodies(world, folder), MAILS.toSorted());
    }
    assert.deepEqual(bodies(world, "Work"), MAILS.slice(0, 4).sort());
    assert.deepEqual(bodies(world, "Other"), MAILS.slice(2).sort());
    const { steps } = await world.program.sync();
    assert.ok(!steps.some((step) => step.startsWith("file")));
  });
}

Deno.test("A new label's folder takes all its bodies from here", async () => {
  await using world = open();
  await sync(world);
  const before = sent(world);
  world.server.mailbox("New").create();
  world.server.mailbox("INBOX").setFlags([1], ["\\Seen"], "add");
  world.server.mailbox("INBOX").copy([1, 2, 3], "New");
  await sync(world);
  assert.ok(sent(world) - before < 20_000);
  assert.deepEqual(bodies(world, "New"), MAILS.slice(0, 3).sort());
  assert.equal(
    world.program.tree.files("New").filter(({ name }) => name.endsWith("2,S"))
      .length,
    1,
  );
});

Deno.test("A body is copied without the labels of the folder that it comes from", async () => {
  await using world = open({
    account: { synclabels: true },
    local: { type: "GmailMaildir" },
  });
  await sync(world);
  assert.ok(sent(world) < ALL + 60_000);
  const [text = ""] = bodies(world, "Work").filter((one) =>
    one.includes("<1@x>")
  );
  assert.match(text, /\r\nX-Keywords: \\Inbox\r\n\r\n/);
  assert.equal(text.replace("X-Keywords: \\Inbox\r\n", ""), MAILS[0]);
});

Deno.test("A file that is gone or was edited is no source", async () => {
  await using world = open({
    remote: { folderfilter: "lambda name: name in ['INBOX', 'New']" },
  });
  await sync(world);
  const [gone, edited] = world.program.tree.files("INBOX");
  assert.ok(gone && edited);
  Deno.writeTextFileSync(edited.path, "Message-ID: <1@x>\n\nEdited\n");
  world.server.mailbox("New").create();
  world.server.mailbox("INBOX").copy([1, 2, 3], "New");
  Deno.removeSync(gone.path);
  await sync(world);
  assert.deepEqual(bodies(world, "New"), MAILS.slice(0, 3).sort());
});
