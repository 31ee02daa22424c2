/** Messages to and from a real Dovecot through the IMAP store. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ConnectionError } from "../../src/imap/connection_error.ts";
import type { Body, Message } from "../../src/sync/ports.ts";
import {
  type Dovecot,
  type DovecotOptions,
  dovecotTest,
  startDovecot,
} from "../support/dovecot.ts";
import { openImapStore, type TestStore } from "../support/imap_session.ts";
import {
  bodyOf,
  bytesOf,
  eventually,
  failureOf,
  fetchTexts,
  look,
  mail,
  messageOf,
  NOTHING,
  open,
} from "./imap_store_support.ts";

const MIB = 1024 * 1024;

async function on(
  options: DovecotOptions,
  run: (test: TestStore, server: Dovecot) => Promise<void>,
): Promise<void> {
  await using server = await startDovecot(options);
  const test = openImapStore(server);
  {
    await using _ = test;
    await run(test, server);
  }
  assert.equal(test.openSockets, 0, "a socket was left open");
}

/** A message of about so many bytes, of lines that all differ. */
function large(id: string, bytes: number): string {
  const lines = [`Message-ID: <${id}>`, ""];
  for (let at = 0; at < bytes / 64; at++) {
    lines.push(`${at}`.padStart(61, "abcdefghijklmnopqrstuvwxyz"));
  }
  return lines.join("\r\n") + "\r\n";
}

function hash(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function range(first: number, last: number, step = 1): number[] {
  const numbers: number[] = [];
  for (let at = first; at <= last; at += step) numbers.push(at);
  return numbers;
}

dovecotTest(
  "fetch() brings bytes, flags and dates, also of strange messages",
  () =>
    on({}, async ({ store }, server) => {
      const date = new Date("2001-02-03T04:05:06Z");
      const bodies = [
        mail("1"),
        "",
        "no header",
        "Message-ID: <nul>\r\n\r\nNUL \0 inside\r\n",
        "Message-ID: <bare>\r\n\r\nbare \r CR\r\n",
        "Message-ID: <utf8>\r\n\r\nÜmläut 日本\r\n",
        `Message-ID: <long>\r\n\r\n${"x".repeat(20_000)}\r\n`,
        "Message-ID: <end>\r\n\r\nno line end",
        ") A1 OK\r\n* BYE\r\n\r\n{5}\r\n",
      ];
      const uids = bodies.map((_, at) => at + 1);
      await server.seed(
        "INBOX",
        bodies.map((body) => ({ body, date, flags: "SF" })),
      );
      await using mailbox = await open(store);
      const bytes: (Uint8Array | undefined)[] = [];
      const failures = await mailbox.fetch(uids, async (message) => {
        assert.equal(message.flags, "\\Flagged \\Seen");
        assert.equal(message.internalDate, date.getTime());
        assert.deepEqual(message.body.bytes, await bytesOf(message.body));
        // It can be read more than once.
        assert.deepEqual(message.body.bytes, await bytesOf(message.body));
        bytes[Number(message.ref)] = message.body.bytes;
      }, { concurrency: 4 });
      assert.deepEqual(failures, []);
      bodies.forEach((body, at) => {
        const expected = new TextEncoder().encode(body);
        // IMAP has no NUL outside of BINARY: Dovecot sends these for them.
        expected.forEach((byte, i) => {
          if (byte === 0) expected[i] = 0x80;
        });
        assert.deepEqual(bytes[at + 1], expected, `message ${at + 1}`);
      });
    }),
);

dovecotTest(
  "fetch() streams a large message that is read slowly, byte by byte right",
  () =>
    on({}, async ({ store }, server) => {
      const body = large("large", 6 * MIB);
      await server.seed("INBOX", [mail("1"), body, mail("3")]);
      await using mailbox = await open(store);
      const seen: unknown[] = [];
      const failures = await mailbox.fetch([1, 2, 3], async (message) => {
        seen.push(message.ref);
        if (message.ref !== 2) return;
        assert.equal(message.body.bytes, undefined);
        assert.equal(message.body.sizeBytes, body.length);
        assert(message.internalDate !== undefined);
        const digest = createHash("sha256");
        for await (const chunk of message.body.chunks()) {
          digest.update(chunk);
          if (Math.random() < 0.05) {
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        }
        assert.equal(digest.digest("hex"), hash(body));
      }, { concurrency: 2 });
      assert.deepEqual(failures, []);
      assert.deepEqual(seen, [1, 2, 3]);
    }),
);

dovecotTest(
  "fetch() keeps memory bounded with a message of 100 MB",
  () =>
    on({}, async ({ store }, server) => {
      const line = `${"x".repeat(98)}\r\n`;
      const body = new TextEncoder().encode(
        `Message-ID: <huge>\r\n\r\n${line.repeat(1024 * 1024)}`,
      );
      await server.seed("INBOX", [body]);
      await using mailbox = await open(store);
      const { stats } = mailbox.selected.connection;
      const start = stats.bytesIn;
      let ahead = 0;
      let size = 0;
      const failures = await mailbox.fetch([1], async (message) => {
        for await (const chunk of message.body.chunks()) {
          size += chunk.length;
          // Not RSS: that shows when the runtime last looked for garbage.
          ahead = Math.max(ahead, stats.bytesIn - start - size);
          if (size % 50 === 0) await new Promise((go) => setTimeout(go, 1));
        }
      }, { concurrency: 1 });
      assert.deepEqual(failures, []);
      assert.equal(size, body.length);
      assert(ahead < 2 * MIB, `${ahead} bytes were read ahead`);
    }),
);

dovecotTest(
  "fetch() brings thousands, each once, of a set that does not fit a line",
  () =>
    on({}, async ({ store }, server) => {
      const all = range(1, 6_000);
      await server.seed("INBOX", all.map((uid) => mail(`${uid}`)));
      await using mailbox = await open(store);
      const odd = range(1, 6_000, 2);
      const { got, failures } = await fetchTexts(mailbox, odd);
      assert.deepEqual(failures, []);
      assert.equal(got.size, odd.length);
      for (const uid of odd) assert.equal(got.get(uid)?.text, mail(`${uid}`));
    }),
);

dovecotTest(
  "fetch() reports what is not there, and brings the rest",
  () =>
    on({}, async ({ store }, server) => {
      await server.seed("INBOX", range(1, 5).map((uid) => mail(`${uid}`)));
      await server.doveadm(
        "expunge",
        "-u",
        "user",
        "mailbox",
        "INBOX",
        "uid",
        "2",
      );
      await using mailbox = await open(store);
      const { got, failures } = await fetchTexts(mailbox, [1, 2, 3, 99]);
      assert.deepEqual([...got.keys()], [1, 3]);
      assert.deepEqual(failures.map(({ ref }) => ref), [2, 99]);
      for (const { error } of failures) {
        assert.equal(
          (await failureOf(Promise.reject(error))).code,
          "imap.gone",
        );
      }
      assert.deepEqual((await fetchTexts(mailbox, [])).failures, []);
    }),
);

dovecotTest(
  "fetch() goes on when a message cannot be taken, large or small",
  () =>
    on({}, async ({ store }, server) => {
      await server.seed("INBOX", [
        mail("1"),
        large("2", 40 * MIB),
        mail("3"),
        large("4", 2 * MIB),
        mail("5"),
      ]);
      await using mailbox = await open(store);
      const taken: unknown[] = [];
      const problem = new Error("The disk does not like it");
      const failures = await mailbox.fetch([1, 2, 3, 4, 5], async (message) => {
        if (message.ref === 1) throw problem;
        if (message.ref === 2) {
          // Gives up in the middle.
          for await (const _ of message.body.chunks()) throw problem;
        }
        // Does not look at the body at all.
        await Promise.resolve();
        taken.push(message.ref);
      }, { concurrency: 2 });
      assert.deepEqual(taken, [3, 4, 5]);
      assert.deepEqual(
        failures.sort((a, b) => Number(a.ref) - Number(b.ref)),
        [{ ref: 1, error: problem }, { ref: 2, error: problem }],
      );
      assert.equal((await fetchTexts(mailbox, [5])).got.size, 1);
    }),
);

dovecotTest(
  "fetch() has no more under way than it may, and makes the server wait",
  () =>
    on({}, async ({ store }, server) => {
      const count = 60;
      await server.seed(
        "INBOX",
        range(1, count).map((uid) => large(`${uid}`, MIB - 100_000)),
      );
      await using mailbox = await open(store);
      let busy = 0;
      let most = 0;
      let done = 0;
      const { connection } = mailbox.selected;
      let ahead = 0;
      const five = Promise.withResolvers<void>();
      await mailbox.fetch(range(1, count), async (message) => {
        most = Math.max(most, ++busy);
        if (busy === 5) five.resolve();
        await five.promise;
        await new Promise((resolve) => setTimeout(resolve, 3));
        done += message.body.sizeBytes;
        ahead = Math.max(ahead, connection.stats.bytesIn - done);
        busy--;
      }, { concurrency: 5 });
      assert.equal(most, 5);
      assert(ahead < 8 * MIB, `${ahead} bytes were read ahead`);
      // However many may be under way, bytes in memory are bounded.
      ahead = 0;
      done = connection.stats.bytesIn;
      await mailbox.fetch(range(1, count), async (message) => {
        await new Promise((resolve) => setTimeout(resolve, 3));
        done += message.body.sizeBytes;
        ahead = Math.max(ahead, connection.stats.bytesIn - done);
      }, { concurrency: 1_000 });
      assert(ahead < 20 * MIB, `${ahead} bytes were read ahead`);
    }),
);

dovecotTest(
  "fetch() ends soon after an abort, without reading on for long",
  () =>
    on({}, async ({ store }, server) => {
      const body = large("large", 24 * MIB);
      await server.seed("INBOX", [...range(1, 12).map(() => body), mail("13")]);
      const stop = new AbortController();
      {
        await using mailbox = await open(store);
        const { connection } = mailbox.selected;
        const start = performance.now();
        const failures = await mailbox.fetch(range(1, 13), async (message) => {
          for await (const _ of message.body.chunks()) {
            stop.abort();
            // As on a slow line: the rest would take minutes.
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }, { concurrency: 2, signal: stop.signal });
        assert(performance.now() - start < 3_000);
        assert(connection.isClosed);
        assert(connection.stats.bytesIn < 100 * MIB);
        assert.deepEqual(failures.map(({ ref }) => ref), [1]);
      }
      // The next user gets another connection.
      assert.equal((await look(store)).total, 13);
    }),
);

dovecotTest(
  "fetch() that is aborted near its end keeps the connection",
  () =>
    on({}, async ({ store }, server) => {
      await server.seed("INBOX", range(1, 50).map((uid) => mail(`${uid}`)));
      const stop = new AbortController();
      await using mailbox = await open(store);
      const taken: unknown[] = [];
      const failures = await mailbox.fetch(range(1, 50), async ({ ref }) => {
        taken.push(ref);
        if (taken.length === 10) stop.abort();
        await Promise.resolve();
      }, { concurrency: 1, signal: stop.signal });
      assert.deepEqual(failures, []);
      assert.equal(taken.length, 10);
      assert.equal(mailbox.selected.connection.isClosed, false);
      const again = await mailbox.fetch([1, 2], () => Promise.resolve(), {
        concurrency: 1,
        signal: stop.signal,
      });
      assert.deepEqual(again, []);
      assert.equal((await fetchTexts(mailbox, range(1, 50))).got.size, 50);
    }),
);

for (const plus of [true, false]) {
  const withoutCapabilities = plus ? [] : ["UIDPLUS"];
  const how = plus ? "with UIDPLUS" : "without UIDPLUS";

  dovecotTest(
    `append() ${how} keeps bytes, flags, keywords and dates`,
    () =>
      on({ withoutCapabilities }, async ({ store }) => {
        const date = Date.UTC(2010, 6, 4, 12, 30, 15);
        const sources = [
          mail("1"),
          "Message-ID: <utf8>\r\n\r\nÜmläut\r\n",
          "no header, no line end",
          "Message-ID: <nul>\r\n\r\nNUL \0 inside\r\n",
          large("streamed", 3 * MIB),
        ];
        await using mailbox = await open(store);
        const flags = ["\\Seen", "\\Flagged", "$Label1", "Work"];
        const refs = await Promise.all(
          sources.map((source, at) =>
            mailbox.append(messageOf(source, {
              flags,
              internalDate: date,
              streamed: at === 4,
            }))
          ),
        );
        const uids = [1, 2, 3, 4, 5];
        // Dovecot tells them, whatever it says that it can do.
        assert.deepEqual(refs, uids);
        assert.deepEqual(await mailbox.refsFrom(mailbox.nextRef), uids);
        for (const uid of uids) {
          let digest = "";
          const failures = await mailbox.fetch([uid], async (message) => {
            assert.equal(message.flags, "$Label1 Work \\Flagged \\Seen");
            assert.equal(message.internalDate, date);
            digest = hash(await bytesOf(message.body));
          }, { concurrency: 1 });
          assert.deepEqual(failures, []);
          const source = sources[uid - 1] ?? "";
          const bytes = new TextEncoder().encode(source);
          assert.equal(
            digest,
            hash(bytes.map((byte) => byte === 0 ? 0x80 : byte)),
          );
        }
      }),
  );
}

dovecotTest(
  "append() leaves out a date that is none",
  () =>
    on({}, async ({ store }) => {
      await using mailbox = await open(store);
      const dates = [0, Date.UTC(1980, 11, 31), NaN, 8.64e15, -1];
      for (const internalDate of dates) {
        await mailbox.append(messageOf(mail("x"), { internalDate }));
      }
      const { got } = await fetchTexts(mailbox, dates.map((_, at) => at + 1));
      for (const { internalDate } of got.values()) {
        assert(Math.abs((internalDate ?? 0) - Date.now()) < 3_600_000);
      }
    }),
);

dovecotTest(
  "append() refuses a flag that cannot be sent, which canHold() tells",
  () =>
    on({}, async ({ store }) => {
      await using mailbox = await open(store);
      for (const flag of ["two words", "par(en", "Ümlaut", "star*", "\\"]) {
        assert.equal(mailbox.canHold(flag), false, flag);
        const error = await failureOf(
          mailbox.append(
            messageOf(mail("1"), { flags: [`x${flag}`.replace(" ", "\t")] }),
          ),
        );
        assert.equal(error.scope, "message");
      }
      for (const flag of ["Work", "$MDNSent", "\\Seen", "\\DRAFT"]) {
        assert.equal(mailbox.canHold(flag), true, flag);
      }
      assert.equal(mailbox.canHold("\\Unknown"), false);
      assert.equal((await mailbox.refsFrom(1)).length, 0);
    }),
);

/** A body that does not keep what it promised, after so many good readings. */
function broken(how: "short" | "long" | "failing", goodReadings = 0): Body {
  const good = bodyOf(large("x", 200_000), { streamed: true });
  const wrong = { short: 10, long: -10, failing: 0 }[how];
  let readings = 0;
  return {
    sizeBytes: good.sizeBytes + (goodReadings > 0 ? 0 : wrong),
    async *chunks() {
      const isGood = readings++ < goodReadings;
      for await (const chunk of good.chunks()) {
        yield how === "short" && !isGood && goodReadings > 0
          ? chunk.subarray(1)
          : chunk;
        if (how === "long" && !isGood && goodReadings > 0) yield chunk;
        if (how === "failing" && !isGood) throw new Error("Bad disk");
      }
    },
  };
}

for (const how of ["short", "long", "failing"] as const) {
  dovecotTest(
    `append() finds out a ${how} body before it sends any of it`,
    () =>
      on({}, async ({ store }) => {
        await using mailbox = await open(store);
        const bad: Message = { ...messageOf(""), body: broken(how) };
        const [first, second, third] = await Promise.allSettled([
          mailbox.append(messageOf(mail("1"))),
          mailbox.append(bad),
          mailbox.append(messageOf(mail("3"))),
        ]);
        assert(second.status === "rejected");
        const error = await failureOf(Promise.reject(second.reason));
        assert.equal(error.code, "imap.append_source");
        assert.equal(error.scope, "message");
        assert.equal(error.retry, "later");
        assert.equal(first.status, "fulfilled");
        assert.equal(third.status, "fulfilled");
      }),
  );

  dovecotTest(
    `append() of a body that has become ${how} costs the connection, and blames only that`,
    () =>
      on({}, async ({ store }) => {
        {
          await using mailbox = await open(store);
          const bad: Message = { ...messageOf(""), body: broken(how, 1) };
          const slow = bodyOf(large("slow", 300_000), { streamed: true });
          const outcomes = await Promise.allSettled([
            mailbox.append(bad),
            mailbox.append({ ...messageOf(""), body: slow }),
            mailbox.append({ ...messageOf(""), body: slow }),
          ]);
          const [error, ...others] = await Promise.all(
            outcomes.map((one) => {
              assert(one.status === "rejected");
              return failureOf(Promise.reject(one.reason));
            }),
          );
          assert.equal(error?.code, "imap.append_source");
          assert.equal(error?.scope, "message");
          for (const { scope, retry } of others) {
            assert.deepEqual([scope, retry], ["account", "now"]);
          }
        }
        // Everything goes on. What was sent half is not there; what was sent whole
        // may be, though nobody was told.
        await using mailbox = await open(store);
        const uids = (await mailbox.refsFrom(1)).map(Number);
        for (const { text } of (await fetchTexts(mailbox, uids)).got.values()) {
          assert.equal(text, large("slow", 300_000));
        }
      }),
  );
}

dovecotTest(
  "append() takes a body from another server, which can be read only once",
  () =>
    on({}, async ({ store }, server) => {
      const text = large("there", 5 * MIB);
      await server.seed("from", [text]);
      await using from = await open(store, "from");
      await using to = await open(store);
      const failures = await from.fetch([1], async (message) => {
        assert.equal(await to.append(message), 1);
        assert.throws(() => message.body.chunks(), /only once/);
      }, { concurrency: 1 });
      assert.deepEqual(failures, []);
      const digest = createHash("sha256");
      await to.fetch([1], async ({ body }) => {
        for await (const chunk of body.chunks()) digest.update(chunk);
      }, { concurrency: 1 });
      assert.equal(digest.digest("hex"), hash(text));
    }),
);

dovecotTest(
  "append() refuses NUL where the server has no BINARY",
  () =>
    on({ withoutCapabilities: ["BINARY"] }, async ({ store }) => {
      await using mailbox = await open(store);
      for (const streamed of [true, false]) {
        const source = `${mail("1")}NUL \0 inside`;
        const error = await failureOf(
          mailbox.append(messageOf(source, { streamed })),
        );
        assert.equal(error.code, "imap.nul");
        assert.equal(error.scope, "message");
        assert.equal(error.retry, "never");
      }
      assert.deepEqual(await mailbox.refsFrom(1), []);
    }),
);

dovecotTest(
  "append() when the server is gone is a failure of the account, to be tried again",
  () =>
    on({}, async ({ store }, server) => {
      await using mailbox = await open(store);
      await server.stop();
      await eventually(() => mailbox.selected.connection.isClosed, "closed");
      const error = await failureOf(mailbox.append(messageOf(mail("1"))));
      assert(error instanceof ConnectionError);
      assert.equal(error.sent, false);
      assert.equal(error.scope, "account");
      assert.equal(error.retry, "now");
      const refused = await failureOf(look(store, NOTHING, undefined, "other"));
      assert.equal(refused.scope, "account");
    }),
);

dovecotTest("append() tells a full mailbox from a refused message", () =>
  on({
    extra: `
mail_plugins = $mail_plugins quota
protocol imap {
  mail_plugins = quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=20k
  quota_max_mail_size = 15k
}`,
  }, async ({ store }) => {
    await using mailbox = await open(store);
    const small = await mailbox.append(messageOf(large("1", 10_000)));
    assert.equal(small, 1);
    const full = await failureOf(mailbox.append(messageOf(large("2", 14_000))));
    assert.equal(full.code, "imap.quota");
    assert.equal(full.scope, "message");
    assert.equal(full.retry, "later");
    const big = await failureOf(mailbox.append(messageOf(large("3", 40_000))));
    assert.equal(big.scope, "message");
    // The connection is as good as before.
    assert.deepEqual(await mailbox.refsFrom(1), [1]);
  }));
