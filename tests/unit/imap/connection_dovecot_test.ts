import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { append } from "../../../src/imap/command/append.ts";
import { capability } from "../../../src/imap/command/capability.ts";
import { copy } from "../../../src/imap/command/copy.ts";
import { create } from "../../../src/imap/command/create.ts";
import { deleteMailbox } from "../../../src/imap/command/delete_mailbox.ts";
import { enable } from "../../../src/imap/command/enable.ts";
import { uidExpunge } from "../../../src/imap/command/expunge.ts";
import { fetch } from "../../../src/imap/command/fetch.ts";
import { IdleCommand } from "../../../src/imap/command/idle.ts";
import { list, lsub } from "../../../src/imap/command/list.ts";
import { move } from "../../../src/imap/command/move.ts";
import { notify } from "../../../src/imap/command/notify.ts";
import { search } from "../../../src/imap/command/search.ts";
import { select } from "../../../src/imap/command/select.ts";
import { simpleCommand } from "../../../src/imap/command/simple.ts";
import { status } from "../../../src/imap/command/status.ts";
import { store } from "../../../src/imap/command/store.ts";
import { subscribe } from "../../../src/imap/command/subscribe.ts";
import { unselect } from "../../../src/imap/command/unselect.ts";
import {
  type ConnectionOptions,
  ImapConnection,
} from "../../../src/imap/connection.ts";
import type { UntaggedResponse } from "../../../src/imap/wire/response.ts";
import { UidSet } from "../../../src/imap/wire/uid_set.ts";
import {
  type Dovecot,
  dovecotTest,
  startDovecot,
} from "../../support/dovecot.ts";
import { MemorySink } from "./body_sink.ts";
import { until } from "./fake_server.ts";

/** A connection that is logged in. */
async function open(
  server: Dovecot,
  options: ConnectionOptions = {},
): Promise<ImapConnection> {
  const socket = connect(server.port, server.host).setNoDelay(true);
  // The greeting; nothing follows it until we speak.
  await once(socket, "data");
  const connection = new ImapConnection({
    transport: {
      input: socket,
      output: socket,
      destroy: () => void socket.destroy(),
    },
    capabilities: new Set(),
    enabled: new Set(),
  }, options);
  await connection.execute(
    simpleCommand(
      "LOGIN",
      (to) =>
        to.text("LOGIN ").astring(server.user).text(" ").astring(
          server.password,
        ),
    ),
  );
  await connection.execute(capability());
  return connection;
}

function message(n: number, size = 100): Uint8Array {
  return new TextEncoder().encode(
    `Message-ID: <${n}@test>\r\nSubject: ${n}\r\n\r\n${"x".repeat(size)}\r\n`,
  );
}

dovecotTest(
  "ImapConnection moves mail on Dovecot with each of its commands",
  async () => {
    await using server = await startDovecot();
    const news: UntaggedResponse[] = [];
    await using connection = await open(server, {
      onUntagged: (response) => news.push(response),
    });
    const enabled = await connection.execute(enable(["QRESYNC"]));
    assert.ok(enabled.has("QRESYNC"));

    const odd = 'x\\"q {5} %*';
    await connection.executeAll([
      create(odd),
      create("b"),
      subscribe(odd),
    ]);
    const listed = await connection.execute(
      list({ return: ["SPECIAL-USE"], status: ["MESSAGES", "UIDVALIDITY"] }),
    );
    assert.deepEqual(
      listed.mailboxes.map(({ name }) => name).sort(),
      ["INBOX", "b", odd].sort(),
    );
    assert.equal(listed.statuses.size, 3);
    const subscribed = await connection.execute(lsub());
    assert.deepEqual(subscribed.mailboxes.map(({ name }) => name), [odd]);

    const before = connection.stats.roundTrips;
    const appended = await connection.executeAll(
      Array.from({ length: 200 }, (_, at) =>
        append("INBOX", {
          flags: ["\\Seen", "$work"],
          internalDate: { epochMs: 1_000_000_000_000, zoneMinutes: -210 },
          data: message(at + 1, 3000),
        })),
    );
    assert.equal(connection.stats.roundTrips, before + 1);
    assert.deepEqual(
      appended.map((result) => result?.uid),
      Array.from({ length: 200 }, (_, at) => at + 1),
    );

    const first = await connection.execute(select("INBOX"));
    assert.equal(first.exists, 200);
    assert.equal(first.readOnly, false);
    const { uidValidity, highestModSeq } = first;
    assert.ok(uidValidity !== undefined && highestModSeq !== undefined);

    const bodies = new Map<number, string>();
    const fetched = await connection.execute(fetch({
      uids: UidSet.range(1, 202),
      items: ["FLAGS", "MODSEQ", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[]"],
      openBody: (_, size) => new MemorySink(size),
      onRow: (row, sink) => {
        assert.equal(row.flags, "$work \\Seen");
        assert.equal(row.internalDate?.epochMs, 1_000_000_000_000);
        assert.equal(row.sizeBytes, sink?.text.length);
        bodies.set(row.uid ?? 0, sink?.text ?? "");
      },
    }));
    assert.equal(String(fetched.received), "1:200");
    assert.equal(String(fetched.missing), "201:202");
    for (const [uid, text] of bodies) {
      assert.equal(text, new TextDecoder().decode(message(uid, 3000)));
    }

    const found = await connection.execute(
      search({ headers: [["Message-ID", "<77@test>"]] }),
    );
    assert.equal(String(found.uids), "77");
    const counted = await connection.execute(
      search({ not: [{ seen: true }] }, { return: ["COUNT"] }),
    );
    assert.equal(counted.count, 0);

    const marked = await connection.execute(store({
      uids: UidSet.range(1, 5),
      action: "add",
      values: ["\\Deleted"],
      unchangedSince: highestModSeq,
    }));
    assert.equal(marked.modified.isEmpty, true);
    const late = await connection.execute(store({
      uids: UidSet.range(1, 5),
      action: "add",
      values: ["\\Flagged"],
      unchangedSince: 1n,
    }));
    assert.equal(String(late.modified), "1:5");

    news.length = 0;
    await connection.execute(uidExpunge(UidSet.range(1, 3)));
    const moved = await connection.execute(move(UidSet.range(10, 12), odd));
    assert.deepEqual([...moved.uids], [[10, 1], [11, 2], [12, 3]]);
    const copied = await connection.execute(copy(UidSet.of(20), odd));
    assert.deepEqual([...copied.uids], [[20, 4]]);
    const target = await connection.execute(status(odd, ["MESSAGES"]));
    assert.equal(target?.messages, 4);
    const gone = news.flatMap((response) =>
      response.kind === "vanished" ? [String(response.uids)] : []
    );
    assert.deepEqual(gone, ["1:3", "10:12"]);

    await connection.execute(unselect());
    const again = await connection.execute(select("INBOX", {
      qresync: { uidValidity, modSeq: highestModSeq },
    }));
    assert.equal(String(again.vanished), "1:3,10:12");
    assert.deepEqual(again.changed.map(({ uid }) => uid), [4, 5]);

    await assert.rejects(
      connection.execute(append("none", { data: message(1) })),
      {
        codeName: "TRYCREATE",
      },
    );
    await connection.execute(deleteMailbox("b"));
    await assert.rejects(connection.execute(select("b")), { code: "imap.no" });
    assert.equal(connection.stats.malformed, 0);
  },
);

dovecotTest(
  "ImapConnection hears of changes by IDLE and NOTIFY on Dovecot",
  async () => {
    await using server = await startDovecot();
    await using writer = await open(server);
    const news: UntaggedResponse[] = [];
    await using watcher = await open(server, {
      onUntagged: (response) => news.push(response),
    });
    await watcher.execute(select("INBOX"));
    const idle = new IdleCommand();
    const idling = watcher.execute(idle);
    await idle.started;
    await writer.execute(append("INBOX", { data: message(1) }));
    await until(() => news.some(({ kind }) => kind === "exists"));
    idle.done();
    await idling;

    await writer.execute(create("other"));
    await watcher.execute(notify([
      { filter: "selected", events: ["MessageNew", "MessageExpunge"] },
      { filter: "personal", events: ["MessageNew", "MessageExpunge"] },
    ]));
    await writer.execute(append("other", { data: message(2) }));
    await until(() =>
      news.some((response) =>
        response.kind === "mailbox-status" && response.name === "other"
      )
    );
  },
);

dovecotTest(
  "ImapConnection streams 30 MB each way on Dovecot, byte for byte",
  async () => {
    await using server = await startDovecot();
    await using connection = await open(server);
    const line = new TextEncoder().encode("0123456789".repeat(7) + "\r\n");
    const chunk = new Uint8Array(line.length * 1000);
    for (let at = 0; at < chunk.length; at += line.length) chunk.set(line, at);
    const size = chunk.length * 420;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 420; n++) yield await Promise.resolve(chunk);
    }
    const result = await connection.execute(
      append("INBOX", { data: { size, chunks: chunks() } }),
    );
    assert.equal(result?.uid, 1);
    await connection.execute(select("INBOX", { readOnly: true }));
    let taken = 0;
    const fetched = await connection.execute(fetch({
      uids: UidSet.of(1),
      items: ["BODY.PEEK[]"],
      openBody: () => ({
        write(bytes) {
          for (const octet of bytes) {
            if (octet !== line[taken++ % line.length]) throw new Error("Wrong");
          }
          // Now and then slow, so that reading has to stop and go on.
          if (taken % 7 === 0) {
            return new Promise((done) => setTimeout(done, 1));
          }
        },
        end() {},
        abort() {},
      }),
      onRow: () => {},
    }));
    assert.deepEqual(fetched.failures, []);
    assert.equal(taken, size);
    assert.equal(fetched.received.size, 1);
  },
);
