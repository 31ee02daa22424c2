/** The scripted server and a client that others wrote. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ImapFlow } from "imapflow";
import {
  type ImapServerOptions,
  startImapServer,
} from "../../support/imap_server/mod.ts";

const SERVERS: readonly ImapServerOptions[] = [
  { profile: "dovecot" },
  { profile: "modern" },
  { profile: "bare" },
  { profile: "exchange" },
];

for (const options of SERVERS) {
  Deno.test(`startImapServer() serves imapflow as ${options.profile}`, async () => {
    await using server = startImapServer({
      ...options,
      mailboxes: [{ name: "T\u00e4st/x" }, {
        name: "INBOX",
        messages: ["Subject: a\r\n\r\nb\r\n", "Subject: c\r\n\r\nd\r\n"],
      }],
    });
    const client = new ImapFlow({
      host: server.hostname,
      port: server.port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: "user", pass: "secret" },
      logger: false,
    });
    await client.connect();
    const names = (await client.list()).map(({ path }) => path);
    assert.ok(names.includes("T\u00e4st/x") && names.includes("INBOX"));
    const lock = await client.getMailboxLock("INBOX");
    const source = Buffer.alloc(5_000_000, "line\r\n");
    await client.append("INBOX", source, ["\\Flagged"]);
    const rows = [];
    for await (
      const row of client.fetch("1:*", { uid: true, flags: true, source: true })
    ) rows.push(row);
    assert.deepEqual(rows.map(({ uid }) => uid), [1, 2, 3]);
    assert.ok(rows[2]?.source?.equals(source));
    await client.messageFlagsAdd({ uid: "1" }, ["\\Seen"], { uid: true });
    assert.deepEqual(server.mailbox("INBOX").message(1)?.flags, ["\\Seen"]);
    await client.messageMove({ uid: "2" }, "T\u00e4st/x");
    assert.equal(server.mailbox("T\u00e4st/x").count, 1);
    assert.equal(server.mailbox("INBOX").count, 2);
    lock.release();
    await client.logout();
    assert.equal(
      server.log.count("COMPRESS"),
      options.profile === "modern" ? 1 : 0,
    );
  });
}
