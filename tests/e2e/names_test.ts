/** nametrans, folderfilter, folderincludes, foldersort and -f, as people write them. */
import assert from "node:assert/strict";
import {
  errorsOf,
  mail,
  mails,
  openPair,
  startedOf,
  warningsOf,
} from "./support.ts";

const MAILBOXES = ["INBOX", "Sent", "Trash", "Lists/deno", "Lists/mutt"]
  .map((name) => ({ name, messages: mails(1, name.replace("/", "-")) }));

Deno.test("nametrans may write the local separator itself", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    local: { sep: "." },
    remote: { nametrans: "lambda name: name.replace('/', '.')" },
  });
  const { program } = pair;
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.deepEqual(program.tree.folders(), [
    "INBOX",
    "Lists.deno",
    "Lists.mutt",
    "Sent",
    "Trash",
  ]);
  // Back to the server under the name that it has there.
  program.tree.create("Lists.new");
  assert.equal((await program.sync()).code, 0);
  assert.ok(pair.server.mailboxNames().includes("Lists/new"));
  assert.equal((await program.sync()).code, 0);
  assert.equal(pair.server.mailboxNames().length, MAILBOXES.length + 1);
});

Deno.test("nametrans and folderfilter take several lines with comments between them", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    local: { sep: "." },
    remote: {
      nametrans: [
        "lambda name: re.sub('^Lists/',",
        "# a comment in the first column",
        "    # and one that is indented",
        "    'lists-', name)",
      ].join("\n"),
      folderfilter: [
        "lambda name: name not in [",
        "    'Trash',  # behind the value it is Python's",
        "; the other sign",
        "    'Junk',",
        "    ] and \\",
        "    not name.endswith('mutt')",
      ].join("\n"),
    },
  });
  assert.deepEqual(errorsOf(await pair.program.sync()), []);
  assert.deepEqual(pair.program.tree.folders(), [
    "INBOX",
    "Sent",
    "lists-deno",
  ]);
});

Deno.test("an expression's fault is told with its line, comments counted", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    remote: {
      folderfilter: [
        "lambda name: (",
        "# one",
        "    # two",
        "    name.nothing('x'))",
      ].join("\n"),
    },
  });
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  const text = Deno.readTextFileSync(pair.program.configFile);
  const line = text.split("\n").findIndex((l) => l.includes("nothing")) + 1;
  assert.ok(
    output.includes(
      `${pair.program.configFile}:${line}: [Repository there] folderfilter: ` +
        "AttributeError: str has no method 'nothing'",
    ),
    output,
  );
});

Deno.test("folderincludes adds what folderfilter leaves out and what LIST does not show", async () => {
  await using pair = openPair({
    mailboxes: [...MAILBOXES, { name: "Entwürfe", messages: mails(1, "d") }],
    vices: [{ kind: "listOmits", mailboxes: ["Lists/deno"] }],
  }, {
    account: { utf8foldernames: false },
    remote: {
      folderfilter: "lambda name: name == 'INBOX'",
      // Twice, in the wrong case, and in the encoding that is not in use.
      folderincludes: "['Lists/deno', 'inbox', 'Lists/deno', 'Entwürfe']",
    },
  });
  const first = await pair.program.sync();
  assert.deepEqual(errorsOf(first), []);
  assert.deepEqual(startedOf(first).toSorted(), [
    "Entw&APw-rfe",
    "INBOX",
    "Lists/deno",
  ]);
  assert.equal(pair.program.tree.files("Lists/deno").length, 1);
  const second = await pair.program.sync();
  assert.deepEqual(errorsOf(second), []);
  assert.equal(pair.program.tree.files("Lists/deno").length, 1);
});

Deno.test("folderincludes reports a folder that the server does not have, and the rest goes on", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    remote: { folderincludes: "['Lits/deno']" },
  });
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  assert.match(
    output,
    /ERROR: folderincludes of repository there names "Lits\/deno", which the server neither lists nor opens: /,
  );
  assert.match(output, /Correct folderincludes in \[Repository there\]/);
  assert.equal(pair.program.tree.folders().length, MAILBOXES.length);
});

Deno.test("foldersort decides which folder comes first", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    remote: {
      foldersort: "lambda a, b: (b == 'Sent') - (a == 'Sent') or cmp(b, a)",
    },
  });
  assert.deepEqual(startedOf(await pair.program.sync({ args: ["-1"] })), [
    "Sent",
    "Trash",
    "Lists/mutt",
    "Lists/deno",
    "INBOX",
  ]);
});

Deno.test("-f takes folders by their names on the server and says which there are not", async () => {
  await using pair = openPair({
    mailboxes: [...MAILBOXES, { name: "a,b", messages: mails(1, "ab") }],
  }, { remote: { folderfilter: "lambda name: False" } });
  const args = ["-f", "inbox,Snet,Lists/deno,a\\,b,other:x"];
  const run = await pair.program.sync({ args });
  assert.equal(run.code, 0);
  assert.deepEqual(startedOf(run).toSorted(), ["INBOX", "Lists/deno", "a,b"]);
  assert.deepEqual(warningsOf(run), [
    '-f: repository there has no folder "Snet", "other:x"',
  ]);
});

Deno.test("nametrans that leads two folders to one name is told, and both are left alone", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    remote: { nametrans: "lambda name: re.sub('Lists/.*', 'Lists', name)" },
  });
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  assert.match(
    output,
    /ERROR: Folders "Lists\/deno" and "Lists\/mutt" of repository there have the same name on the other side: neither is synchronised/,
  );
  assert.deepEqual(pair.program.tree.folders(), ["INBOX", "Sent", "Trash"]);
});

Deno.test("createfolders = no leaves a missing folder out, and the rest goes on", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    local: { createfolders: false },
  });
  pair.program.tree.create("INBOX");
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  assert.match(output, /Folder "Sent" is skipped: .*may not create one/);
  assert.deepEqual(pair.program.tree.folders(), ["INBOX"]);
  assert.equal(pair.program.tree.files("INBOX").length, 1);
});

Deno.test("what a run tells bears each side's own name of a folder, as OfflineIMAP's texts do", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX" },
      { name: "Work/Projects", messages: mails(2) },
    ],
  }, {
    local: {
      sep: ".",
      nametrans: "lambda name: re.sub('^job$', 'Work.Projects', name)",
    },
    remote: {
      nametrans: "lambda name: re.sub('^Work/Projects$', 'job', name)",
    },
  });
  const { program, server } = pair;
  const first = (await program.sync()).output;
  assert.match(first, /^Creating folder job\[here\]$/m);
  assert.match(first, /^Creating new Local Status db for here:job$/m);
  assert.match(first, /^Syncing Work\/Projects: IMAP -> Maildir$/m);
  assert.match(
    first,
    /^Copy message UID [12] \(1\/2\) there:Work\/Projects -> here:job$/m,
  );
  server.mailbox("Work/Projects").setFlags(1, ["\\Flagged"], "add");
  program.tree.setLetters(program.tree.find("m-1"), "RS");
  program.tree.deliver("job", mail("new-here"));
  const second = (await program.sync()).output;
  assert.match(second, /^Adding flag F to 1 messages on job$/m);
  assert.match(second, /^Adding flag R to 1 messages on Work\/Projects$/m);
  assert.match(
    second,
    /^Copy message UID -1 \(1\/1\) here:job -> there:Work\/Projects$/m,
  );
  assert.doesNotMatch(second, /Creating/);
  server.mailbox("Work/Projects").expunge(1);
  const third = (await program.sync()).output;
  assert.match(third, /^Deleting 1 messages \(1\) in Maildir\[job\]$/m);
  // Nothing has changed any more.
  await program.sync();
  const last = (await program.sync({ args: ["-u", "ttyui"] })).output;
  assert.match(
    last,
    /^Folder job \[remote name Work\/Projects\] \[acc: test\]:\n (Syncing|Skipping) Work\/Projects/m,
  );
});
