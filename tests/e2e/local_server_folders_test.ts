/** The options about folders on the local side of two servers. */
import assert from "node:assert/strict";
import { startImapServer } from "../support/imap_server/mod.ts";
import { openProgram } from "../support/program.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { errorsOf, mails } from "./support.ts";

async function between(
  config: ConfigOptions,
  run: (
    parts: {
      there: ReturnType<typeof startImapServer>;
      here: ReturnType<typeof startImapServer>;
      program: ReturnType<typeof openProgram>;
    },
  ) => Promise<void>,
): Promise<void> {
  await using there = startImapServer({
    mailboxes: ["INBOX", "Work", "Old"].map((name) => ({
      name,
      messages: mails(2, name),
    })),
  });
  await using here = startImapServer({
    mailboxes: [
      { name: "INBOX" },
      { name: "Old", subscribed: false },
      { name: "Mine", messages: mails(2, "mine") },
    ],
  });
  await using program = openProgram({
    server: there,
    localServer: here,
    ...config,
  });
  await run({ there, here, program });
}

Deno.test("subscribedonly on the local server leaves alone what is not subscribed there", () =>
  between({ local: { subscribedonly: true } }, async (parts) => {
    const { there, here, program } = parts;
    for (let run = 0; run < 2; run++) {
      assert.deepEqual(errorsOf(await program.sync()), []);
      assert.equal(here.mailbox("Old").count, 0);
      assert.equal(there.mailbox("Old").count, 2);
      assert.equal(here.mailbox("Work").count, 2);
      assert.equal(there.mailbox("Mine").count, 2);
    }
    // It was subscribed to when it was made, or it would not be seen again.
    assert.ok(here.log.lines().includes("SUBSCRIBE Work"));
  }));

Deno.test("reference on the local server keeps folders from being made beyond it", () =>
  between({ local: { reference: "Mirror/" } }, async (parts) => {
    const { there, here, program } = parts;
    const run = await program.sync();
    assert.equal(run.code, 1);
    assert.match(
      errorsOf(run).join("\n"),
      /"Work" of repository there is not created as "Work" .*"Mirror\/"/,
    );
    assert.deepEqual(here.mailboxNames(), ["INBOX", "Mine", "Old"]);
    program.configure({
      local: {
        reference: "Mirror/",
        nametrans: "lambda n: re.sub('^Mirror/', '', n)",
      },
      remote: { nametrans: "lambda n: 'Mirror/' + n" },
    });
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(errorsOf(await program.sync()), []);
      assert.equal(here.mailbox("Mirror/Work").count, 2);
      assert.equal(there.mailboxNames().length, 3);
    }
  }));

// shows: repository.copy_ignore_eval
Deno.test("copy_ignore_eval of the local server keeps its messages from being copied", () =>
  between(
    { local: { copy_ignore_eval: "lambda f: {'Mine': [2]}.get(f)" } },
    async ({ there, here, program }) => {
      for (let run = 0; run < 2; run++) {
        assert.deepEqual(errorsOf(await program.sync()), []);
        assert.equal(there.mailbox("Mine").count, 1);
        assert.equal(here.mailbox("Mine").count, 2);
        assert.equal(here.mailbox("Work").count, 2);
      }
    },
  ));

// shows: account.filterheaders
Deno.test("filterheaders keeps fields from going from one server to the other, both ways", () =>
  between(
    { account: { filterheaders: "x-PRIVATE, X-Other" } },
    async ({ there, here, program }) => {
      const body = (name: string, fields: string, text = "Hello\r\n") =>
        `${fields}Subject: ${name}\r\nX-Kept: 1\r\n\r\n${text}`;
      const hidden = "X-Private: 1\r\nX-Other: a\r\n b\r\nx-private: 2\r\n";
      // The large one is streamed, and there its header comes first.
      const large = "0123456789abcde\r\n".repeat(100_000);
      there.mailbox("Work").append(bytes(body("down", hidden)));
      there.mailbox("Work").append(bytes(body("large", hidden, large)));
      here.mailbox("Mine").append(bytes(body("up", hidden)));
      for (let run = 0; run < 2; run++) {
        assert.deepEqual(errorsOf(await program.sync()), []);
        const copied = [...bodiesOf(here, "Work"), ...bodiesOf(there, "Mine")]
          .filter((text) => text.includes("X-Kept"));
        assert.deepEqual(copied, [
          body("down", ""),
          body("large", "", large),
          body("up", ""),
        ]);
        // What was there keeps its own.
        assert.ok(bodiesOf(there, "Work").includes(body("down", hidden)));
      }
    },
  ));

Deno.test("filterheaders doubles nothing where a server does not tell the UID of what it took", async () => {
  await using there = startImapServer({ profile: { uidplus: false } });
  await using here = startImapServer({ profile: { uidplus: false } });
  await using program = openProgram({
    server: there,
    localServer: here,
    account: { filterheaders: "X-Private" },
  });
  // Without a Message-ID only the rest of the header tells what it is.
  there.mailbox("INBOX").append(
    bytes("X-Private: 1\r\nSubject: a\r\n\r\nx\r\n"),
  );
  here.mailbox("INBOX").append(
    bytes("Subject: b\r\nX-Private: 1\r\n\r\ny\r\n"),
  );
  for (let run = 0; run < 3; run++) {
    assert.deepEqual(errorsOf(await program.sync()), []);
    assert.equal(there.mailbox("INBOX").count, 2);
    assert.equal(here.mailbox("INBOX").count, 2);
  }
});

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function bodiesOf(server: ReturnType<typeof startImapServer>, name: string) {
  return server.mailbox(name).messages()
    .map(({ source }) => new TextDecoder().decode(source));
}
