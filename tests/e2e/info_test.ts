/** `--info`: what is there, and nothing changed. */
import assert from "node:assert/strict";
import { mails, openPair } from "./support.ts";

const MAILBOXES = ["INBOX", "Lists/deno", "Trash"]
  .map((name) => ({ name, messages: mails(1) }));

Deno.test("--info shows both sides with their rules and folders, and changes nothing", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    local: { sep: "." },
    remote: {
      nametrans: "lambda name: re.sub('^Lists/', 'lists-', name)",
      folderfilter: "lambda name: (\n    name != 'Trash')",
    },
  });
  const { program, server } = pair;
  const { code, output } = await program.sync({ args: ["--info"] });
  assert.equal(code, 0);
  const text = output.slice(output.indexOf("Account test\n"))
    .replace(/^ ?Establishing connection .*\n/m, "");
  assert.equal(
    text.replace(/^( +capabilities +)\S.*$/m, "$1…")
      .replace(/^( +greeting +)\S.*$/m, "$1…")
      .replace(/^( +server id +)\S.*$/m, "$1…"),
    `Account test

  Remote repository there
    type          IMAP
    host          127.0.0.1
    port          ${server.port}
    ssl           no
    starttls      no
    greeting      …
    server id     …
    capabilities  …
    folderfilter  lambda name: (
                  name != 'Trash')
    nametrans     lambda name: re.sub('^Lists/', 'lists-', name)
    Folders (3):
      INBOX -> INBOX
      Lists/deno -> lists-deno
      Trash -> Trash (disabled)

  Local repository here
    type          Maildir
    localfolders  ${program.mail}
    Folders (0):

`,
  );
  assert.deepEqual([...Deno.readDirSync(program.home)].map((e) => e.name), [
    "offlineimaprc",
  ]);
});

Deno.test("--info shows the other side when one cannot be read, and ends with 1", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES });
  const { program } = pair;
  await program.sync();
  await pair.server.stop();
  const { code, output } = await program.sync({ args: ["--info"] });
  assert.equal(code, 1);
  assert.match(output, /ERROR: Cannot connect to 127\.0\.0\.1:\d+/);
  assert.match(output, /Folders: not known, see the error/);
  assert.match(output, /Local repository here\n.*\n.*\n +Folders \(3\):\n/);
});

Deno.test("--info tells what folderincludes names in vain", async () => {
  await using pair = openPair({ mailboxes: MAILBOXES }, {
    remote: { folderincludes: "['Nope']" },
  });
  const { code, output } = await pair.program.sync({ args: ["--info"] });
  assert.equal(code, 1);
  assert.match(
    output,
    /ERROR: folderincludes of repository there names "Nope"/,
  );
  assert.match(output, /Folders \(3\):/);
});
