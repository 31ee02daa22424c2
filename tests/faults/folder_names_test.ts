/** OfflineIMAP's faults with names of folders and folders that are gone (C). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { exists } from "../../src/maildir/exists.ts";
import { assertBoth, mails, openPair, wire } from "./support.ts";

Deno.test("C14: decodefoldernames works, and leads back", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX" }, { name: "Gäste", messages: mails(2) }],
  }, {
    account: { utf8foldernames: false },
    remote: { decodefoldernames: true },
  });
  const { program, server } = pair;
  assert.equal((await program.sync()).code, 0);
  program.tree.create("Grüße");
  program.tree.deliver("Grüße", "Subject: new\n\nHello\n");
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.mailbox("Grüße").count, 1);
  assertBoth(pair);
});

for (
  const { what, names } of [
    { what: "letter case", names: ["Work", "work"] },
    { what: "letters that fold to several", names: ["Straße", "STRASSE"] },
  ]
) {
  Deno.test(`C15: names that differ in ${what} only are refused where the file system mixes them`, async () => {
    await using pair = openPair({
      mailboxes: [
        { name: "INBOX", messages: mails(1) },
        ...names.map((name) => ({ name, messages: mails(2, name) })),
      ],
    });
    const { program, server } = pair;
    // What a file system that ignores case would find beside the marker.
    Deno.mkdirSync(program.mail);
    Deno.writeTextFileSync(join(program.mail, ".OFFLINEIMAP-MAILDIR"), "");
    const mixes = exists(join(program.mail, ".offlineimap-maildir"));
    for (let run = 0; run < 2; run++) {
      const { code, output } = await program.sync();
      assert.equal(code, 1);
      assert.match(output, /takes their names for the same: neither is/);
      for (const name of names) assert.ok(output.includes(`"${name}"`));
      assert.deepEqual(program.tree.folders(), ["INBOX"]);
      assert.equal(server.mailboxNames().length, 3);
    }
    // This one does, as those of macOS and Windows do.
    if (mixes) return;
    // Where they are told apart, both are there.
    Deno.removeSync(join(program.mail, ".OFFLINEIMAP-MAILDIR"));
    assert.equal((await program.sync()).code, 0);
    assertBoth(pair);
  });
}

Deno.test("C31: a folder that is gone is made again, and one is deleted only when asked for by name", async () => {
  await using pair = openPair({
    mailboxes: ["INBOX", "Work"].map((name) => ({
      name,
      messages: mails(3, name),
    })),
  });
  const { program, server } = pair;
  await program.sync();
  server.mailbox("Work").rename("Done");
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.mailbox("Work").count, 3);
  assert.equal(program.tree.files("Done").length, 3);
  assertBoth(pair);
  const { code, output } = await program.sync({
    args: ["--delete-folder", "Work"],
  });
  assert.equal(code, 0);
  assert.match(output, /Folder 'Work' deleted\./);
  assert.match(output, /local folder "Work" is still there/);
  Deno.removeSync(join(program.mail, "Work"), { recursive: true });
  server.mailbox("Done").append(wire("more"));
  assert.equal((await program.sync()).code, 0);
  assert.deepEqual(server.mailboxNames(), ["Done", "INBOX"]);
  assertBoth(pair);
});
