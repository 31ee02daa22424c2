/** OfflineIMAP's faults with names of folders and accounts (C), on the real program. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { assertBoth, mails, openPair } from "./support.ts";

const TWO = [
  { name: "INBOX", messages: mails(2) },
  { name: "Work", messages: mails(2, "w") },
];

Deno.test("C10: a name with the local separator is refused with a reason, and nothing is made of it", async () => {
  await using pair = openPair({
    mailboxes: [...TWO, { name: "v1.2", messages: mails(1, "v") }],
  }, { local: { sep: "." } });
  const { program, server } = pair;
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /ERROR: .*"v1\.2"/);
  assert.match(output, /nametrans|sep/);
  assert.deepEqual(program.tree.folders(), ["INBOX", "Work"]);
  await program.sync();
  assert.equal(server.log.count("CREATE"), 0);
});

Deno.test("C11: a folder that is missing and may not be made stops only itself", async () => {
  await using pair = openPair({ mailboxes: TWO });
  const { program, server } = pair;
  program.configure({ local: { createfolders: false } });
  program.tree.create("Work");
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(output, /"INBOX" is skipped.*\n.*createfolders/);
  assert.deepEqual(program.tree.folders(), ["Work"]);
  assert.equal(program.tree.files("Work").length, 2);
  assert.equal(server.mailbox("INBOX").count, 2);
});

for (const spelling of ["Gäste", "G&AOQ-ste"]) {
  Deno.test(`C12: folderincludes takes "${spelling}", and a folder that is listed too is synchronised once`, async () => {
    await using pair = openPair({
      mailboxes: [...TWO, { name: "Gäste", messages: mails(2, "g") }],
    }, {
      remote: {
        folderfilter: "lambda name: name == 'INBOX'",
        folderincludes: `['${spelling}', 'INBOX']`,
      },
    });
    const { program } = pair;
    const { code, output } = await program.sync();
    assert.equal(code, 0, output);
    assert.deepEqual(program.tree.folders(), ["Gäste", "INBOX"]);
    assert.equal(output.match(/Syncing INBOX:/g)?.length, 1);
    assert.equal(program.tree.files("INBOX").length, 2);
    assert.equal(program.tree.files("Gäste").length, 2);
  });
}

Deno.test("C32: names of accounts and repositories may have a slash", async () => {
  await using pair = openPair();
  const { program } = pair;
  const text = Deno.readTextFileSync(program.configFile)
    .replaceAll(/\btest\b/g, "a/b").replaceAll(/\bhere\b/g, "x/here")
    .replaceAll(/\bthere\b/g, "x/there");
  Deno.writeTextFileSync(program.configFile, text);
  for (let run = 0; run < 2; run++) {
    const { code, output } = await program.sync();
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /WARNING/);
    assertBoth(pair, ["m-0", "m-1", "m-2"]);
  }
  // All below the metadata, in no folder that a part of the name leads to.
  for (const { name } of Deno.readDirSync(program.metadata)) {
    assert.notEqual(name, "a");
    assert.notEqual(name, "b.lock");
  }
  assert.ok(Deno.statSync(join(program.metadata, "Account-a%2Fb")).isDirectory);
});
