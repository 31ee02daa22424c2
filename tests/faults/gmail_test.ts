/** What OfflineIMAP gets wrong with Gmail. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { Section } from "../support/program_config.ts";

const BODY = "x".repeat(70).concat("\r\n").repeat(500);
const MAIL = `Message-ID: <1@x>\r\nSubject: One\r\n\r\n${BODY}`;

async function gmail(
  { account = {}, remote = {} }: { account?: Section; remote?: Section },
  work: (server: ImapServer, program: Program) => Promise<void>,
): Promise<void> {
  await using server = startImapServer({
    profile: { base: "gmail", compress: false },
    mailboxes: [
      { name: "INBOX", messages: [MAIL] },
      { name: "Ärger, viel", messages: [MAIL] },
    ],
  });
  await using program = openProgram({
    server,
    account,
    local: { type: "GmailMaildir" },
    remote: { type: "Gmail", ...remote },
  });
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
  await work(server, program);
}

Deno.test("C29: a message in All Mail and two labels is downloaded once", () =>
  gmail({}, (server, program) => {
    const sent = server.connections.reduce((sum, one) => sum + one.bytesOut, 0);
    assert.ok(sent < MAIL.length * 2, `${sent}`);
    assert.equal(program.tree.files("[Gmail]/All Mail").length, 1);
    assert.equal(program.tree.files("INBOX").length, 1);
    return Promise.resolve();
  }));

Deno.test("C29: a label beyond ASCII with a comma goes both ways", () =>
  gmail({ account: { synclabels: true } }, async (server, program) => {
    const [file] = program.tree.files("INBOX");
    assert.ok(file);
    const text = Deno.readTextFileSync(file.path);
    assert.match(text, /^X-Keywords: &AMQ-rger&ACw- viel$/m);
    Deno.writeTextFileSync(
      file.path,
      text.replace(/^X-Keywords: .*$/m, "X-Keywords: Grüße,R&D"),
    );
    assert.equal((await program.sync()).code, 0);
    assert.equal(server.mailbox("Grüße").count, 1);
    assert.equal(server.mailbox("R&D").count, 1);
    assert.equal(server.mailbox("Ärger, viel").count, 0);
  }));

Deno.test("C29: a deletion can mean one, and takes nothing out of All Mail unawares", () =>
  gmail({}, async (server, program) => {
    const remove = (folder: string) => {
      const [file] = program.tree.files(folder);
      assert.ok(file);
      program.tree.remove(file);
    };
    remove("[Gmail]/All Mail");
    assert.match((await program.sync()).output, /realdelete = yes/);
    assert.equal(server.mailbox("[Gmail]/All Mail").count, 1);
    program.configure({ remote: { type: "Gmail", realdelete: true } });
    remove("INBOX");
    remove("Ärger, viel");
    for (let run = 0; run < 2; run++) {
      assert.equal((await program.sync()).code, 0);
    }
    assert.equal(server.mailbox("[Gmail]/Trash").count, 1);
    assert.equal(server.mailbox("[Gmail]/All Mail").count, 0);
  }));
