/** subscribedonly, reference, decodefoldernames and odd names, in whole runs. */
import assert from "node:assert/strict";
import {
  errorsOf,
  mails,
  openPair,
  type Pair,
  warningsOf,
  wire,
} from "./support.ts";
import type { Synced } from "../support/program.ts";

const NO_EXTENSIONS = { base: "dovecot", listExtended: false } as const;

function noticesOf({ events }: Synced): string[] {
  return events.flatMap((event) => event.type === "notice" ? [event.text] : []);
}

function creates({ server }: Pair): string[] {
  return server.log.lines().filter((line) => /^(CREATE|SUBSCRIBE) /.test(line));
}

for (
  const { what, profile, commands } of [
    { what: "LIST-EXTENDED", profile: "dovecot", commands: 1 },
    { what: "LSUB", profile: NO_EXTENSIONS, commands: 2 },
    { what: "a server with nothing but IMAP4rev1", profile: "bare" },
  ] as const
) {
  Deno.test(`subscribedonly takes what is subscribed, by ${what}`, async () => {
    const mailboxes = [
      { name: "INBOX", messages: mails(1, "in") },
      { name: "Work", messages: mails(1, "work") },
      { name: "Other", messages: mails(1, "other"), subscribed: false },
    ];
    await using pair = openPair({ mailboxes, profile }, {
      remote: { subscribedonly: true },
    });
    const { program, server } = pair;
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.deepEqual(program.tree.folders(), ["INBOX", "Work"]);
    if (commands !== undefined) {
      const lists = server.log.names().filter((n) => /LIST|LSUB/.test(n));
      assert.equal(lists.length, commands, server.log.lines().join("\n"));
    }
    // Subscribed to, and gone from the server: nothing to synchronise.
    server.mailbox("Gone").create();
    server.mailbox("Gone").delete();
    server.mailbox("Gone").subscribe();
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.deepEqual(program.tree.folders(), ["INBOX", "Work"]);
    // Switched off again, everything is taken.
    program.configure({ remote: { subscribedonly: false } });
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.deepEqual(program.tree.folders(), ["INBOX", "Other", "Work"]);
  });
}

Deno.test("subscribedonly subscribes to the folders that it creates", async () => {
  await using pair = openPair({}, { remote: { subscribedonly: true } });
  const { program, server } = pair;
  await program.sync();
  program.tree.create("New");
  program.tree.deliver("New", "Subject: new\n\nHello\n");
  server.log.clear();
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(creates(pair), ["CREATE New", "SUBSCRIBE New"]);
  assert.equal(server.mailbox("New").count, 1);
  server.log.clear();
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(creates(pair), []);
  server.mailbox("New").append(wire("answer"));
  await program.sync();
  assert.equal(program.tree.files("New").length, 2);
});

Deno.test("subscribedonly leaves a folder alone on both sides when its subscription ends", async () => {
  const mailboxes = ["INBOX", "Work"].map((name) => ({
    name,
    messages: mails(2, name),
  }));
  await using pair = openPair({ mailboxes }, {
    remote: { subscribedonly: true },
  });
  const { program, server } = pair;
  await program.sync();
  server.mailbox("Work").subscribe(false);
  server.mailbox("Work").expunge(1);
  program.tree.deliver("Work", "Subject: mine\n\nHello\n");
  server.log.clear();
  const run = await program.sync();
  assert.equal(run.code, 0);
  assert.deepEqual(noticesOf(run), [
    "Not subscribed in repository there, so left alone on both sides: " +
    '"Work"',
  ]);
  assert.deepEqual(creates(pair), []);
  assert.equal(server.mailbox("Work").count, 1);
  assert.equal(program.tree.files("Work").length, 3);
  // And is in step again when the subscription is back, from where it was.
  server.mailbox("Work").subscribe();
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(server.mailbox("Work").count, 2);
  assert.equal(program.tree.files("Work").length, 2);
});

Deno.test("subscribedonly tells when the server refuses the subscription", async () => {
  await using pair = openPair({
    vices: [{ kind: "refuse", reply: "NO", when: { command: "SUBSCRIBE" } }],
  }, { remote: { subscribedonly: true } });
  const { program } = pair;
  await program.sync();
  program.tree.create("New");
  const run = await program.sync();
  assert.equal(run.code, 1);
  assert.match(
    errorsOf(run).join(),
    /Folder "New" is there, but the server does not let us subscribe/,
  );
});

Deno.test("reference takes the folders below a name, and creates none elsewhere", async () => {
  const mailboxes = ["INBOX", "Mail/work", "Mail/Grüße", "News/deno"]
    .map((name) => ({ name, messages: mails(1, name.replace("/", "-")) }));
  for (const reference of ["Mail/", '"Mail/"']) {
    await using pair = openPair({ mailboxes }, { remote: { reference } });
    const { program, server } = pair;
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.deepEqual(program.tree.folders(), ["Mail/Grüße", "Mail/work"]);
    program.tree.create("Mail/fresh");
    program.tree.create("stray");
    const run = await program.sync();
    assert.equal(run.code, 1);
    assert.match(
      errorsOf(run).join(),
      /Folder "stray" of repository here is not created as "stray" .*"Mail\/" are listed/,
    );
    assert.deepEqual(creates(pair), ["CREATE Mail/fresh"]);
    assert.equal(server.mailbox("stray").exists, false);
  }
});

Deno.test("reference works with nametrans that takes it off and puts it on", async () => {
  const mailboxes = ["INBOX", "Mail/work"]
    .map((name) => ({ name, messages: mails(1, name.replace("/", "-")) }));
  await using pair = openPair({ mailboxes }, {
    local: { nametrans: "lambda n: n if n == 'INBOX' else 'Mail/' + n" },
    remote: {
      reference: "Mail/",
      folderincludes: "['INBOX']",
      nametrans: "lambda n: re.sub('^Mail/', '', n)",
    },
  });
  const { program } = pair;
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(program.tree.folders(), ["INBOX", "work"]);
  program.tree.create("fresh");
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(creates(pair), ["CREATE Mail/fresh"]);
  const again = await program.sync();
  assert.deepEqual(errorsOf(again), []);
  assert.deepEqual(program.tree.folders(), ["INBOX", "fresh", "work"]);
});

Deno.test("decodefoldernames decodes after nametrans, and leads back", async () => {
  const mailboxes = ["INBOX", "Entwürfe", "R&D"]
    .map((name) => ({ name, messages: mails(1, "m") }));
  await using pair = openPair({ mailboxes }, {
    account: { utf8foldernames: false },
    remote: {
      decodefoldernames: true,
      // What nametrans and folderfilter see is IMAP's encoding.
      folderfilter: "lambda n: n in ('INBOX', 'Entw&APw-rfe', 'R&-D')",
    },
  });
  const { program, server } = pair;
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(program.tree.folders(), ["Entwürfe", "INBOX", "R&D"]);
  program.configure({
    account: { utf8foldernames: false },
    remote: { decodefoldernames: true },
  });
  program.tree.create("Grüße");
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(server.mailbox("Grüße").exists, true);
  server.log.clear();
  const again = await program.sync();
  assert.deepEqual(errorsOf(again), []);
  assert.deepEqual(creates(pair), []);
  assert.equal(program.tree.folders().length, 4);
});

Deno.test("a name that is no modified UTF-7 is kept as the server writes it", async () => {
  const mailboxes = [
    { name: "INBOX", messages: mails(1, "in") },
    { name: "odd", wireName: "A&B", messages: mails(1, "odd") },
    { name: "R&D", messages: mails(1, "fine") },
  ];
  for (const utf8foldernames of [true, false]) {
    await using pair = openPair({ mailboxes }, {
      account: { utf8foldernames },
    });
    const { program, server } = pair;
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.deepEqual(program.tree.folders(), [
      "A&B",
      "INBOX",
      utf8foldernames ? "R&D" : "R&-D",
    ]);
    program.tree.deliver("A&B", "Subject: mine\n\nHello\n");
    server.log.clear();
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.equal(server.mailbox("odd").count, 2);
    assert.deepEqual(creates(pair), []);
  }
});

Deno.test("two names that read alike are not mixed, whichever way they are written", async () => {
  const mailboxes = [
    { name: "INBOX", messages: mails(1, "in") },
    { name: "odd", wireName: "A&B", messages: mails(1, "odd") },
    { name: "A&B", messages: mails(1, "right") },
  ];
  await using pair = openPair({ mailboxes });
  const { program, server } = pair;
  const run = await program.sync();
  assert.match(errorsOf(run).join("\n"), /bytes that are no text/);
  assert.deepEqual(program.tree.folders(), ["A&B", "INBOX"]);
  assert.equal(program.tree.find("right-0").folder, "A&B");
  assert.equal(server.mailbox("odd").count, 1);
});

Deno.test("a local name with the server's separator makes no levels there", async () => {
  await using pair = openPair({ profile: { separator: "." } });
  const { program, server } = pair;
  await program.sync();
  program.tree.create("v1.2");
  const run = await program.sync();
  assert.equal(run.code, 1);
  assert.match(
    errorsOf(run).join(),
    /Folder "v1.2" of repository here is not created .* holds "\."/,
  );
  assert.deepEqual(server.mailboxNames(), ["INBOX"]);
});

Deno.test("names with control characters and blanks at their ends are names", async () => {
  const odd = ["\x01bell\x07", " blank ", "tab\there", "line\nbreak", "ends."];
  const mailboxes = ["INBOX", ...odd].map((name) => ({
    name,
    messages: mails(1, "m"),
  }));
  await using pair = openPair({ mailboxes });
  const { program, server } = pair;
  const run = await program.sync();
  assert.deepEqual(errorsOf(run), []);
  assert.deepEqual(warningsOf(run), []);
  assert.deepEqual(program.tree.folders(), ["INBOX", ...odd].sort());
  // No terminal gets them as they are.
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(run.output, /[\x01\x07]|line\nbreak/);
  server.log.clear();
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(creates(pair), []);
});

Deno.test("a name that is too long for a file system stops only its folder", async () => {
  const long = "x".repeat(300);
  const mailboxes = ["INBOX", long].map((name) => ({
    name,
    messages: mails(1, "m"),
  }));
  await using pair = openPair({ mailboxes });
  const { program } = pair;
  const run = await program.sync();
  assert.equal(run.code, 1);
  assert.deepEqual(program.tree.folders(), ["INBOX"]);
  assert.equal(program.tree.files("INBOX").length, 1);
  assert.match(run.output, /too long/i);
  assert.match(run.output, /shorter local name with nametrans/);
});

Deno.test("a server that wants all folders below a prefix is told of with the lines that put them there", async () => {
  await using pair = openPair({
    profile: "courier",
    mailboxes: ["INBOX", "INBOX.Sent"].map((name) => ({
      name,
      messages: mails(1, "m"),
    })),
  }, { local: { sep: "/" } });
  const { program, server } = pair;
  assert.deepEqual(errorsOf(await program.sync()), []);
  program.tree.create("Work");
  const run = await program.sync();
  assert.equal(run.code, 1);
  assert.match(run.output, /Cannot create folder "Work" on the server: /);
  const [, there, back] =
    /Your folders are below "INBOX\."[^(]*\((lambda name: name if .*?)\), and .*?\((lambda name: re\.sub.*\))\)/
      .exec(run.output) ?? [];
  assert.ok(there !== undefined && back !== undefined, run.output);
  // The advice works, for a Maildir that is made by it.
  Deno.removeSync(program.mail, { recursive: true });
  Deno.removeSync(program.metadata, { recursive: true });
  program.configure({
    local: { sep: "/", nametrans: there },
    remote: { nametrans: back },
  });
  assert.deepEqual(errorsOf(await program.sync()), []);
  program.tree.create("Work");
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(program.tree.folders(), ["INBOX", "Sent", "Work"]);
  assert.deepEqual(server.mailboxNames(), [
    "INBOX",
    "INBOX.Sent",
    "INBOX.Work",
  ]);
});
