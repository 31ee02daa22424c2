/** `--migrate-fmd5-using-nametrans`: names of files as OfflineIMAP 6.3.4 made them. */
import assert from "node:assert/strict";
import { mailboxMark } from "../../src/maildir/filename.ts";
import { mails, openPair } from "./support.ts";

Deno.test("--migrate-fmd5-using-nametrans renames what bears the old mark, and nothing is transferred", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(2) },
      { name: "Work", messages: mails(3, "w") },
    ],
  }, {
    remote: { nametrans: "lambda f: re.sub('^Work$', 'job', f)" },
    local: { nametrans: "lambda f: re.sub('^job$', 'Work', f)" },
  });
  const { program, server } = pair;
  await program.sync();
  const before = program.tree.snapshot();
  const [old, now] = [mailboxMark("job", "/"), mailboxMark("Work", "/")];
  const [foreign] = program.tree.files("job");
  for (const file of program.tree.files("job")) {
    const mark = file.path === foreign?.path ? "00ff" : old;
    Deno.renameSync(file.path, file.path.replace(now, mark));
  }
  const args = ["--migrate-fmd5-using-nametrans"];
  const marks = () =>
    program.tree.files("job").map(({ name }) => /FMD5=(\w+)/.exec(name)?.[1])
      .sort();
  server.log.clear();
  const dry = await program.sync({ args: [...args, "--dry-run"] });
  assert.equal(dry.output.match(/^Migrating file /gm)?.length, 2, dry.output);
  assert.deepEqual(marks(), ["00ff", old, old].sort());
  const { code, output } = await program.sync({ args });
  assert.equal(code, 0);
  assert.match(dry.output, /^Account test: 2 files would be renamed$/m);
  assert.match(output, /^Account test: 2 files were renamed$/m);
  assert.match(output, /^WARNING: Inconsistent FMD5 for file `.*': Neither /m);
  assert.deepEqual(marks(), ["00ff", now, now].sort());
  assert.equal(server.log.count(/^(LOGIN|AUTHENTICATE|LIST)$/), 0);
  // Back to what it was but for the one that is nobody's.
  for (const file of program.tree.files("job")) {
    Deno.renameSync(file.path, file.path.replace("=00ff", `=${now}`));
  }
  assert.deepEqual(program.tree.snapshot(), before);
  await program.sync();
  assert.equal(server.log.count(/APPEND|EXPUNGE|STORE|COPY|MOVE/), 0);
  assert.equal(server.mailbox("Work").count, 3);
});
