/** How often the IMAP store waits for a far server. */
import assert from "node:assert/strict";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import { startDelayProxy } from "../support/delay_proxy.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import {
  openImapStore,
  type TestStore,
  type TestStoreOptions,
} from "../support/imap_session.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
} from "../support/imap_server/mod.ts";
import {
  after,
  fetchTexts,
  look,
  mail,
  messageOf,
  NOTHING,
  open,
  short,
} from "./imap_store_support.ts";

type Profile = NonNullable<ImapServerOptions["profile"]>;

async function on(
  profile: Profile,
  run: (test: TestStore, server: ImapServer) => Promise<void>,
  options: TestStoreOptions = {},
): Promise<void> {
  await using server = startImapServer({
    profile,
    mailboxes: [{
      name: "INBOX",
      messages: [1, 2, 3, 4, 5].map((uid) => mail(`${uid}`)),
    }],
  });
  await using test = openImapStore(server, { maxConnections: 1, ...options });
  await run(test, server);
}

/** Round trips of the only connection of the store so far. */
async function roundTrips({ store }: TestStore): Promise<number> {
  await using mailbox = await open(store);
  const { connection } = mailbox.selected;
  // The SELECT of this very look does not count.
  return connection.stats.roundTrips - 1;
}

for (
  const { what, profile, expected } of [
    { what: "LIST-STATUS", profile: "dovecot", expected: 1 },
    { what: "STATUS", profile: { listStatus: false }, expected: 2 },
    { what: "nothing of the kind", profile: "bare", expected: 2 },
  ] satisfies { what: string; profile: Profile; expected: number }[]
) {
  Deno.test(`list() of 200 mailboxes with ${what} takes ${expected} round trips`, () =>
    on(profile, async (test, server) => {
      for (let at = 1; at < 200; at++) server.mailbox(`box ${at}`).create();
      const listed = await test.store.list();
      assert.equal(listed.length, 200);
      assert(listed.every(({ token }) => token !== undefined));
      assert.equal(await roundTrips(test), expected);
    }));
}

Deno.test("list() after a mailbox was open takes no more", () =>
  on("dovecot", async (test) => {
    await test.store.list();
    await look(test.store);
    const before = await roundTrips(test);
    await test.store.list();
    // One SELECT of roundTrips() itself.
    assert.equal(await roundTrips(test) - before, 2);
  }));

interface Look {
  readonly what: string;
  readonly change: (server: ImapServer) => void;
  readonly seen: readonly string[];
  /** By QRESYNC, by CONDSTORE, without either; the SELECT included. */
  readonly expected: readonly [number, number, number];
}

const LOOKS: readonly Look[] = [
  { what: "nothing", change: () => {}, seen: [], expected: [1, 1, 2] },
  {
    what: "flags",
    change: (server) => server.mailbox("INBOX").setFlags([2, 3], ["\\Seen"]),
    seen: ["*2 \\Seen", "*3 \\Seen"],
    expected: [1, 2, 2],
  },
  {
    what: "arrivals",
    change: (server) =>
      server.mailbox("INBOX").appendAll([mail("6"), mail("7")]),
    seen: ["+6", "+7"],
    expected: [1, 2, 2],
  },
  {
    what: "removals",
    change: (server) => server.mailbox("INBOX").expunge([1, 4]),
    seen: ["-1", "-4"],
    expected: [1, 3, 2],
  },
  {
    what: "flags, arrivals and removals",
    change: (server) => {
      server.mailbox("INBOX").setFlags(2, ["\\Seen"]);
      server.mailbox("INBOX").append(mail("6"));
      server.mailbox("INBOX").expunge([1, 4]);
    },
    seen: ["*2 \\Seen", "+6", "-1", "-4"],
    expected: [1, 3, 2],
  },
];

for (const { what, change, seen, expected } of LOOKS) {
  const servers: readonly (readonly [string, Profile])[] = [
    ["QRESYNC", "dovecot"],
    ["CONDSTORE alone", { qresync: false }],
    ["neither", { condstore: false, qresync: false }],
  ];
  servers.forEach(([how, profile], at) => {
    Deno.test(`open() and observe() with ${how} take ${expected[at]} round trips to see ${what}`, () =>
      on(profile, async (test, server) => {
        const first = await look(test.store);
        change(server);
        const before = await roundTrips(test) + 1;
        const { token = "" } = first;
        const known = after(first);
        const since = { since: token };
        await using mailbox = await open(test.store, "INBOX", since);
        const changes = await mailbox.observe(known, token);
        assert.deepEqual(short(changes), seen);
        const { stats } = mailbox.selected.connection;
        assert.equal(stats.roundTrips - before, expected[at]);
      }));
  });
}

Deno.test("observe() of what is new with details takes one round trip more by QRESYNC", () =>
  on("dovecot", async (test, server) => {
    const first = await look(test.store);
    server.mailbox("INBOX").append(mail("6"));
    const before = await roundTrips(test) + 1;
    const { token = "" } = first;
    await using mailbox = await open(test.store, "INBOX", { since: token });
    const { arrived } = await mailbox.observe(after(first), token);
    const [arrival] = arrived;
    assert.equal(arrival?.sizeBytes, mail("6").length);
    assert.equal(mailbox.selected.connection.stats.roundTrips - before, 2);
  }, { details: true }));

Deno.test("confirmAbsent(), changeFlags(), remove(), move() and identify() take one or two", () =>
  on("dovecot", async ({ store }, server) => {
    server.mailbox("target").create();
    await using mailbox = await open(store);
    const { stats } = mailbox.selected.connection;
    const cost = async (work: () => Promise<unknown> | undefined) => {
      const { roundTrips } = stats;
      await work();
      return stats.roundTrips - roundTrips;
    };
    assert.equal(await cost(() => mailbox.confirmAbsent([1, 2, 77])), 1);
    const changes = [1, 2, 3].map((ref) => ({
      ref,
      delta: { add: flagsOf([`Flag${ref}`]), remove: NO_FLAGS },
    }));
    assert.equal(await cost(() => mailbox.changeFlags(changes)), 1);
    assert.equal(
      await cost(() => Array.fromAsync(mailbox.identify([1, 2, 3]))),
      1,
    );
    assert.equal(await cost(() => mailbox.move?.([5], "target")), 1);
    assert.equal(await cost(() => mailbox.remove([1, 2])), 2);
    assert.equal(await cost(() => fetchTexts(mailbox, [3, 4])), 1);
  }));

dovecotTest(
  "append() of 1,000 messages of 5 KB to a server 50 ms away does not wait for each",
  async () => {
    await using server = await startDovecot();
    await using proxy = startDelayProxy({ target: server.port, delayMs: 25 });
    await using test = openImapStore({ port: proxy.port });
    await using mailbox = await open(test.store);
    const { stats } = mailbox.selected.connection;
    const before = stats.roundTrips;
    const refs = await Promise.all(
      Array.from(
        { length: 1_000 },
        (_, at) => mailbox.append(messageOf(mail(`${at}`, "x".repeat(5_000)))),
      ),
    );
    assert.deepEqual(refs, refs.map((_, at) => at + 1));
    assert(stats.roundTrips - before <= 5, `${stats.roundTrips - before}`);
  },
);

Deno.test("append() without LITERAL+ waits once for each, and not twice", () =>
  on("exchange", async ({ store }) => {
    await using mailbox = await open(store);
    const { stats } = mailbox.selected.connection;
    const before = stats.roundTrips;
    await Promise.all(
      [1, 2, 3, 4].map((id) => mailbox.append(messageOf(mail(`${id}`)))),
    );
    assert(stats.roundTrips - before <= 5, `${stats.roundTrips - before}`);
  }));

dovecotTest(
  "fetch() of 2,000 scattered messages from a server 50 ms away takes one round trip",
  async () => {
    await using server = await startDovecot();
    const all = Array.from({ length: 4_000 }, (_, at) => at + 1);
    await server.seed("INBOX", all.map((uid) => mail(`${uid}`)));
    await using proxy = startDelayProxy({ target: server.port, delayMs: 25 });
    await using test = openImapStore({ port: proxy.port });
    await using mailbox = await open(test.store);
    const { stats } = mailbox.selected.connection;
    const before = stats.roundTrips;
    const odd = all.filter((uid) => uid % 2 === 1);
    assert.equal((await fetchTexts(mailbox, odd)).got.size, odd.length);
    assert.equal(stats.roundTrips - before, 1);
    assert.equal((await look(test.store, NOTHING)).total, 4_000);
  },
);
