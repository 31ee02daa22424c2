/** Labels of Gmail and a header of the local messages are kept in step. */
import assert from "node:assert/strict";
import { startImapServer } from "../support/imap_server/mod.ts";
import type { ImapServer, MailboxSeed } from "../support/imap_server/mod.ts";
import { INFO } from "../support/maildir_tree.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { Section } from "../support/program_config.ts";

function mail(number: number, extra = ""): string {
  return `Message-ID: <${number}@x>\r\nSubject: Number ${number}\r\n${extra}` +
    `\r\nBody of ${number}\r\n`;
}

const seed: readonly MailboxSeed[] = [
  { name: "INBOX", messages: [mail(1), mail(2)] },
  { name: "Work", messages: [mail(1)] },
  { name: "Muy Importante", messages: [mail(1)] },
  { name: "Ärger", messages: [mail(1)] },
];

interface World extends AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
}

function open(
  account: Section = {},
  mailboxes: readonly MailboxSeed[] = seed,
): World {
  const stack = new AsyncDisposableStack();
  const server = stack.use(startImapServer({ profile: "gmail", mailboxes }));
  const program = stack.use(openProgram({
    server,
    account: { synclabels: true, ...account },
    local: { type: "GmailMaildir" },
    remote: {
      type: "Gmail",
      folderfilter: "lambda name: name in ['INBOX', 'Work']",
    },
  }));
  return {
    server,
    program,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The local file of a message, by its UID. */
function fileOf({ program }: World, folder: string, uid: number): string {
  for (const where of ["new", "cur"]) {
    const path = `${program.mail}/${folder}/${where}`;
    for (const { name } of Deno.readDirSync(path)) {
      if (name.includes(`,U=${uid},`)) return `${path}/${name}`;
    }
  }
  throw new Error(`No file of ${uid} in ${folder}`);
}

function textOf(world: World, folder: string, uid: number): string {
  return Deno.readTextFileSync(fileOf(world, folder, uid));
}

/** Rewrites a message as a mail program does that edits labels. */
function editFile(
  world: World,
  uid: number,
  change: (text: string) => string,
): void {
  const path = fileOf(world, "INBOX", uid);
  Deno.writeTextFileSync(path, change(Deno.readTextFileSync(path)));
}

/** Everything of the past must be believed before the next look. */
function age(world: World): void {
  const past = new Date(Date.now() - 60_000);
  for (const folder of ["INBOX", "Work"]) {
    for (const where of ["new", "cur"]) {
      Deno.utimeSync(`${world.program.mail}/${folder}/${where}`, past, past);
    }
  }
}

async function sync(world: World, args: string[] = []): Promise<string> {
  const { code, output } = await world.program.sync({ args });
  assert.equal(code, 0, output);
  return output;
}

function labels(world: World, uid: number): string[] {
  return world.server.mailboxNames().filter((name) =>
    name !== "[Gmail]/All Mail" &&
    world.server.mailbox(name).messages().some((message) =>
      message.emailId === world.server.mailbox("INBOX").message(uid)?.emailId
    )
  );
}

Deno.test("A message from Gmail has its labels in a header", async () => {
  await using world = open();
  await sync(world);
  assert.equal(
    textOf(world, "INBOX", 1),
    "Message-ID: <1@x>\nSubject: Number 1\n" +
      "X-Keywords: Muy Importante,Work,Ärger\n\nBody of 1\n",
  );
  assert.match(textOf(world, "INBOX", 2), /\nX-Keywords:\n\n/);
  assert.match(
    textOf(world, "Work", 1),
    /\nX-Keywords: Muy Importante,\\Inbox,Ärger\n\n/,
  );
  const again = await world.program.sync();
  assert.deepEqual(again.steps.filter((step) => step.startsWith("file")), []);
});

Deno.test("A label that Gmail got or lost is in the local header", async () => {
  await using world = open();
  await sync(world);
  world.server.mailbox("INBOX").copy(2, "Work");
  world.server.mailbox("Ärger").expunge();
  const before = Deno.statSync(fileOf(world, "INBOX", 2)).mtime;
  await sync(world);
  assert.match(textOf(world, "INBOX", 2), /\nX-Keywords: Work\n\nBody/);
  assert.match(
    textOf(world, "INBOX", 1),
    /\nX-Keywords: Muy Importante,Work\n\nBody/,
  );
  assert.deepEqual(Deno.statSync(fileOf(world, "INBOX", 2)).mtime, before);
});

Deno.test("A label that a user wrote or took away is changed on Gmail", async () => {
  await using world = open();
  await sync(world);
  editFile(
    world,
    2,
    (text) => text.replace("X-Keywords:", "X-Keywords: Work,New,\\Starred"),
  );
  editFile(world, 1, (text) => text.replace("Muy Importante,", ""));
  await sync(world);
  assert.deepEqual(labels(world, 2), [
    "INBOX",
    "New",
    "Work",
    "[Gmail]/Starred",
  ]);
  assert.deepEqual(labels(world, 1), ["INBOX", "Work", "Ärger"]);
  await sync(world);
  assert.deepEqual(labels(world, 1), ["INBOX", "Work", "Ärger"]);
});

Deno.test("Labels that both sides changed are merged one by one", async () => {
  await using world = open();
  await sync(world);
  editFile(world, 1, (text) => text.replace("Muy Importante,", "Mine,"));
  world.server.mailbox("Work").expunge();
  world.server.mailbox("INBOX").copy(1, "[Gmail]/Important");
  await sync(world);
  assert.deepEqual(labels(world, 1), [
    "INBOX",
    "Mine",
    "[Gmail]/Important",
    "Ärger",
  ]);
  assert.match(
    textOf(world, "INBOX", 1),
    /\nX-Keywords: Mine,\\Important,Ärger\n\nBody/,
  );
});

Deno.test("Ignored labels are left alone on both sides", async () => {
  await using world = open({ ignorelabels: "Work, Ärger, \\Inbox" });
  await sync(world);
  assert.match(textOf(world, "INBOX", 1), /\nX-Keywords: Muy Importante\n\n/);
  editFile(world, 1, (text) => text.replace("Muy Importante", "Ärger,Mine"));
  editFile(
    world,
    2,
    (text) => text.replace("X-Keywords:", "X-Keywords: Ärger"),
  );
  await sync(world);
  assert.deepEqual(labels(world, 1), ["INBOX", "Mine", "Work", "Ärger"]);
  assert.deepEqual(labels(world, 2), ["INBOX"]);
  world.server.mailbox("INBOX").copy(1, "[Gmail]/Important");
  await sync(world);
  assert.match(
    textOf(world, "INBOX", 1),
    /\nX-Keywords: Mine,\\Important,Ärger\n\n/,
  );
});

Deno.test.each([
  { header: "X-Label", line: "X-Label: Muy&ACA-Importante Work Ärger" },
  { header: "Keywords", line: "Keywords: Muy&ACA-Importante Work Ärger" },
  { header: "X-Gmail", line: "X-Gmail: Muy Importante,Work,Ärger" },
])("Labels are kept in the header $header", async ({ header, line }) => {
  await using world = open({ labelsheader: header });
  await sync(world);
  assert.ok(textOf(world, "INBOX", 1).includes(`\n${line}\n\nBody`));
  editFile(world, 1, (text) => text.replace("Work", "Other"));
  await sync(world);
  assert.deepEqual(labels(world, 1), [
    "INBOX",
    "Muy Importante",
    "Other",
    "Ärger",
  ]);
});

Deno.test("A new local message gets its labels on Gmail and goes without the header", async () => {
  await using world = open({ filterheaders: "X-Private, X-Other" });
  await sync(world);
  Deno.writeTextFileSync(
    `${world.program.mail}/INBOX/cur/1.mine${INFO}S`,
    "Message-ID: <3@x>\nX-Keywords: Work,a b\nx-private: 1\n 2\nTo: a\n\nHi\n",
  );
  await sync(world);
  assert.deepEqual(labels(world, 3), ["INBOX", "Work", "a b"]);
  const { source } = world.server.mailbox("INBOX").message(3) ?? {};
  assert.equal(
    new TextDecoder().decode(source),
    "Message-ID: <3@x>\r\nTo: a\r\n\r\nHi\r\n",
  );
  assert.match(textOf(world, "INBOX", 3), /X-Keywords: Work,a b\nx-private: 1/);
  await sync(world);
  assert.deepEqual(labels(world, 3), ["INBOX", "Work", "a b"]);
});

Deno.test("An edit in place is seen although no directory changed", async () => {
  await using world = open();
  await sync(world);
  age(world);
  await sync(world);
  const times = Deno.statSync(`${world.program.mail}/INBOX/new`).mtime;
  editFile(
    world,
    2,
    (text) => text.replace("X-Keywords:", "X-Keywords: Work"),
  );
  assert.deepEqual(
    Deno.statSync(`${world.program.mail}/INBOX/new`).mtime,
    times,
  );
  await sync(world);
  assert.deepEqual(labels(world, 2), ["INBOX", "Work"]);
});

Deno.test("Labels that are not synchronised are not asked for", async () => {
  await using world = open({ synclabels: false });
  await sync(world);
  assert.doesNotMatch(textOf(world, "INBOX", 1), /X-Keywords/);
  assert.ok(
    !world.server.log.entries.some(({ text }) => text.includes("X-GM-LABELS")),
  );
});

Deno.test("A server without Gmail's labels is told from one that fails", async () => {
  await using server = startImapServer();
  await using program = openProgram({
    server,
    account: { synclabels: true },
    local: { type: "GmailMaildir" },
    remote: { type: "Gmail" },
  });
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /synclabels needs Gmail's labels.*\n.*synclabels = no/);
});

for (const reply of ["NO", "BYE"] as const) {
  Deno.test(`A limit of the day told by ${reply} ends the account and says what it is`, async () => {
    await using world = open();
    const limit = world.server.vices.add({
      kind: "refuse",
      reply,
      code: "OVERQUOTA",
      text: "Account exceeded command or bandwidth limits.",
      when: { command: "UID FETCH", from: 2 },
    });
    const { code, output } = await world.program.sync();
    assert.equal(code, 1);
    assert.match(output, /bandwidth limits/);
    assert.match(output, /so much a day/);
    limit.remove();
    await sync(world);
    assert.equal(world.program.tree.files("INBOX").length, 2);
  });
}
