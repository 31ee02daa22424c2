/** What the IMAP store sees of a mailbox on a real Dovecot, as others change it. */
import assert from "node:assert/strict";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import type { Mailbox } from "../../src/sync/ports.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { openImapStore, type TestStore } from "../support/imap_session.ts";
import {
  after,
  knows,
  look,
  mail,
  messageOf,
  NOTHING,
  open,
  short,
} from "./imap_store_support.ts";

/** What a server offers, and how a look at the changes costs then. */
interface Server {
  readonly name: string;
  readonly without: readonly string[];
  readonly exact: boolean;
}

const SERVERS: readonly Server[] = [
  { name: "QRESYNC", without: [], exact: true },
  { name: "CONDSTORE alone", without: ["QRESYNC"], exact: true },
  { name: "CONDSTORE without ENABLE", without: ["ENABLE"], exact: true },
  { name: "neither", without: ["CONDSTORE", "QRESYNC"], exact: false },
  {
    name: "neither, no ESEARCH and no UNSELECT",
    without: ["CONDSTORE", "QRESYNC", "ESEARCH", "UNSELECT"],
    exact: false,
  },
];

/** Changes a mailbox as another client. */
class Other implements AsyncDisposable {
  readonly #test: TestStore;
  readonly #mailbox: Mailbox;

  private constructor(test: TestStore, mailbox: Mailbox) {
    this.#test = test;
    this.#mailbox = mailbox;
  }

  static async on(server: Dovecot): Promise<Other> {
    const test = openImapStore(server);
    return new Other(test, await open(test.store));
  }

  async add(id: string, flags: string[] = []): Promise<number> {
    return Number(
      await this.#mailbox.append(messageOf(mail(id), { flags }), ""),
    );
  }

  async flag(uids: number[], add: string[], remove: string[] = []) {
    const delta = { add: flagsOf(add), remove: flagsOf(remove) };
    const changes = uids.map((ref) => ({ ref, delta }));
    assert.deepEqual(await this.#mailbox.changeFlags(changes), []);
  }

  async remove(...uids: number[]): Promise<void> {
    const { removed } = await this.#mailbox.remove(uids);
    assert.deepEqual(removed, uids);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mailbox[Symbol.asyncDispose]();
    await this.#test[Symbol.asyncDispose]();
  }
}

async function on(
  { without }: Server,
  run: (test: TestStore, other: Other, server: Dovecot) => Promise<void>,
): Promise<void> {
  await using server = await startDovecot({ withoutCapabilities: without });
  await server.seed("INBOX", ["1", "2", "3", "4", "5"].map((id) => mail(id)));
  await using test = openImapStore(server, { maxConnections: 1 });
  await using other = await Other.on(server);
  await run(test, other, server);
}

for (const kind of SERVERS) {
  const { name } = kind;

  dovecotTest(
    `observe() with ${name}: arrivals, flags, keywords, removals, all at once`,
    () =>
      on(kind, async ({ store }, other) => {
        const first = await look(store);
        assert.deepEqual(short(first), ["+1", "+2", "+3", "+4", "+5"]);
        assert.equal(first.total, 5);
        let known = after(first);
        let token = first.token;
        const expect = async (...expected: string[]) => {
          const changes = await look(store, known, token);
          assert.deepEqual(short(changes), expected.sort());
          known = after(changes, known);
          token = changes.token;
          // The token alone, and a full listing, agree that this is all.
          assert.deepEqual(short(await look(store, known, token)), []);
          assert.deepEqual(short(await look(store, known)), []);
        };
        await expect();
        await other.flag([2, 3], ["\\Seen"]);
        await expect("*2 \\Seen", "*3 \\Seen");
        await other.flag([2], ["Work", "$Junk"], ["\\Seen"]);
        await expect("*2 $Junk Work");
        await other.add("6", ["\\Flagged", "Work"]);
        await expect("+6 Work \\Flagged");
        await other.remove(1, 3);
        await expect("-1", "-3");
        await other.remove(5);
        await other.add("7");
        await other.flag([4], ["\\Answered"]);
        await expect("+7", "-5", "*4 \\Answered");
        // One came and went between two looks.
        await other.remove(await other.add("8"));
        await expect();
        await other.remove(2, 4, 6, 7);
        await expect("-2", "-4", "-6", "-7");
        await other.add("9");
        await expect("+9");
      }),
  );

  dovecotTest(
    `observe() with ${name} gives the token that a listing gives, until something changes`,
    () =>
      on(kind, async ({ store }, other) => {
        const inbox = async () => (await store.list())[0];
        const { token } = await look(store);
        assert(token !== undefined);
        assert.equal((await inbox())?.token, token);
        assert.equal((await inbox())?.exact, kind.exact);
        await other.add("6");
        const added = await inbox();
        assert.notEqual(added?.token, token);
        assert.equal((await look(store)).token, added?.token);
        await other.flag([1], ["\\Seen"]);
        const flagged = await inbox();
        if (kind.exact) assert.notEqual(flagged?.token, added?.token);
        assert.equal((await look(store)).token, flagged?.token);
        await other.remove(1);
        const removed = await inbox();
        assert.notEqual(removed?.token, flagged?.token);
        assert.equal((await look(store)).token, removed?.token);
      }),
  );

  dovecotTest(
    `observe() with ${name} tells size and date of what is new, when asked for`,
    () =>
      on(kind, async (_, other, server) => {
        await using test = openImapStore(server, { details: true });
        const first = await look(test.store);
        for (const { sizeBytes, internalDate } of first.arrived) {
          assert.equal(sizeBytes, mail("1").length);
          assert(Math.abs((internalDate ?? 0) - Date.now()) < 3_600_000);
        }
        await other.add("66");
        await other.flag([3], ["\\Seen"]);
        await other.remove(2);
        const next = await look(test.store, after(first), first.token);
        assert.deepEqual(short(next), ["*3 \\Seen", "+6", "-2"]);
        const [arrival] = next.arrived;
        assert.equal(arrival?.sizeBytes, mail("66").length);
        assert(arrival?.internalDate);
      }),
  );

  dovecotTest(
    `observe() with ${name} sees what happens between opening and looking, now or next time`,
    () =>
      on(kind, async ({ store }, other) => {
        const first = await look(store);
        const known = after(first);
        let changes;
        {
          const since = first.token ?? "";
          await using mailbox = await open(store, "INBOX", { since });
          await other.add("6");
          await other.flag([2], ["\\Seen"]);
          await other.remove(4);
          changes = await mailbox.observe(known, since);
        }
        const seen = new Set(short(changes));
        const later = await look(store, after(changes, known), changes.token);
        for (const change of short(later)) seen.add(change);
        assert.deepEqual([...seen].sort(), ["*2 \\Seen", "+6", "-4"]);
      }),
  );
}

const [BEST, CONDSTORE] = SERVERS;
assert(BEST !== undefined && CONDSTORE !== undefined);

dovecotTest(
  "observe() does not take a token of another UIDVALIDITY, or one that is no token",
  () =>
    on(BEST, async ({ store }) => {
      const { token = "" } = await look(store);
      const known = knows(new Map([[99, NO_FLAGS]]));
      for (
        const since of [token.replace(/^\d+/, "7"), "nonsense", "1:0:0:5", ""]
      ) {
        const changes = await look(store, known, since);
        assert.deepEqual(short(changes), ["+1", "+2", "+3", "+4", "+5", "-99"]);
        assert.equal(changes.token, token);
      }
    }),
);

dovecotTest(
  "observe() lists all when the server's numbers went back",
  () =>
    on(BEST, async ({ store }) => {
      const { token = "" } = await look(store);
      const [validity, next, messages, modSeq] = token.split(":");
      const future = [
        [validity, next, messages, Number(modSeq) + 10],
        [validity, Number(next) + 10, messages, modSeq],
      ];
      for (const numbers of future) {
        const changes = await look(store, NOTHING, numbers.join(":"));
        assert.equal(changes.arrived.length, 5);
      }
    }),
);

dovecotTest(
  "observe() of an empty mailbox finds nothing, and loses nothing",
  () =>
    on(CONDSTORE, async ({ store }, _, server) => {
      await server.seed("empty", []);
      const changes = await look(store, NOTHING, undefined, "empty");
      assert.deepEqual(short(changes), []);
      assert.equal(changes.total, 0);
      const known = knows(new Map([[3, NO_FLAGS]]));
      assert.deepEqual(short(await look(store, known, undefined, "empty")), [
        "-3",
      ]);
    }),
);

dovecotTest(
  "observe() with \\Deleted marks of others sees flags, not removals",
  () =>
    on(BEST, async ({ store }, other) => {
      const first = await look(store);
      await other.flag([2], ["\\Deleted"]);
      const changes = await look(store, after(first), first.token);
      assert.deepEqual(short(changes), ["*2 \\Deleted"]);
    }),
);

for (const kind of SERVERS) {
  dovecotTest(
    `confirmAbsent() with ${kind.name} tells only what is really gone`,
    () =>
      on(kind, async ({ store }, other) => {
        await other.remove(2, 4);
        await using mailbox = await open(store);
        const absent = await mailbox.confirmAbsent([1, 2, 3, 4, 99]);
        assert.deepEqual([...absent], [2, 4, 99]);
        assert.equal((await mailbox.confirmAbsent([])).size, 0);
      }),
  );

  dovecotTest(
    `refsFrom() with ${kind.name} has no use for the last message below it`,
    () =>
      on(kind, async ({ store }, other) => {
        await using mailbox = await open(store);
        assert.deepEqual(await mailbox.refsFrom(6), []);
        assert.deepEqual(await mailbox.refsFrom(4), [4, 5]);
        await other.add("6");
        assert.deepEqual(await mailbox.refsFrom(mailbox.nextRef), [6]);
      }),
  );
}

dovecotTest(
  "identify() tells Message-ID, size and date, or a digest of the header",
  () =>
    on(BEST, async ({ store }, _, server) => {
      const header = "Subject: no id\r\nX: y";
      const bodies = [
        mail("1"),
        "message-id:\r\n   <folded@x>  \r\n\r\nbody\r\n",
        `${header}\r\n\r\nbody\r\n`,
        "Message-ID: \r\nSubject: empty id\r\n\r\n",
        "\r\nno header at all\r\n",
        "X: " + "y".repeat(100_000) + "\r\n\r\nlong header\r\n",
      ];
      const date = new Date("2020-02-29T12:34:56Z");
      await server.seed("ids", bodies.map((body) => ({ body, date })));
      await using mailbox = await open(store, "ids");
      const found = await Array.fromAsync(
        mailbox.identify([1, 2, 3, 4, 5, 6, 77]),
      );
      const byRef = new Map(found.map((identity) => [identity.ref, identity]));
      assert.equal(found.length, 6);
      assert.equal(byRef.get(1)?.key, "<1@example.org>");
      assert.equal(byRef.get(2)?.key, "<folded@x>");
      assert.equal(byRef.get(3)?.key, `sha256:${await digest(header)}`);
      for (const ref of [4, 5, 6]) {
        assert.match(byRef.get(ref)?.key ?? "", /^sha256:[0-9a-f]{64}$/);
      }
      bodies.forEach((body, at) => {
        assert.equal(byRef.get(at + 1)?.sizeBytes, body.length);
        assert.equal(byRef.get(at + 1)?.internalDate, date.getTime());
      });
    }),
);

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}
