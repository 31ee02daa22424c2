/** The IMAP store against servers that lie: nothing wrong may come of it. */
import assert from "node:assert/strict";
import { MailError } from "../../src/errors.ts";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import type { Changes } from "../../src/sync/types.ts";
import { openImapStore, type TestStore } from "../support/imap_session.ts";
import type { TestStoreOptions } from "../support/imap_session.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
  type Vice,
} from "../support/imap_server/mod.ts";
import {
  after,
  failureOf,
  fetchTexts,
  knows,
  look,
  mail,
  messageOf,
  NOTHING,
  open,
  short,
} from "./imap_store_support.ts";

const UIDS = [1, 2, 3, 4, 5];
const ALL_NEW = UIDS.map((uid) => `+${uid}`);
/** A status that has them all as they are. */
const KNOWN = knows(new Map(UIDS.map((uid) => [uid, NO_FLAGS])));

type Profile = NonNullable<ImapServerOptions["profile"]>;

interface Scene {
  readonly server: ImapServer;
  readonly test: TestStore;
}

/**
 * A server with five messages in INBOX and one in "other". Afterwards, with the
 * vices gone, the store must still work, and leave no socket behind.
 */
async function on(
  { profile = "dovecot", store = {} }: {
    profile?: Profile;
    store?: TestStoreOptions;
  },
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using server = startImapServer({
    profile,
    mailboxes: [
      { name: "INBOX", messages: UIDS.map((uid) => mail(`${uid}`)) },
      { name: "other", messages: [mail("other")] },
      { name: "target" },
    ],
  });
  const test = openImapStore(server, {
    maxConnections: 1,
    timeoutMs: 2_000,
    ...store,
  });
  {
    await using _ = test;
    await run({ server, test });
    server.vices.clear();
    const other = await look(test.store, NOTHING, undefined, "other");
    assert.deepEqual(short(other), ["+1"]);
  }
  assert.equal(test.openSockets, 0, "a socket was left open");
}

/** What a listing of everything came to, and which absences were confirmed. */
type Seen = { changes: Changes; absent: unknown[] } | { error: MailError };

/** Looks as a run does, up to the point where it would delete. */
async function see(
  { test }: Scene,
  known = KNOWN,
  since?: string,
): Promise<Seen> {
  try {
    const given = since === undefined ? {} : { since };
    await using mailbox = await open(test.store, "INBOX", given);
    const changes = await mailbox.observe(known, since);
    const gone = changes.gone.map(({ remote }) => remote);
    const absent = await mailbox.confirmAbsent(gone);
    return { changes, absent: [...absent] };
  } catch (error) {
    return { error: await failureOf(Promise.reject(error)) };
  }
}

/** What a vice may lead to when a mailbox is listed. */
interface ListingCase {
  readonly name: string;
  readonly vices: readonly Vice[];
  readonly details?: boolean;
  /** The code of the failure, or the changes against nothing known. */
  readonly expected: string | readonly string[];
}

const LISTINGS: readonly ListingCase[] = [
  {
    name: "a row that is never sent",
    vices: [{ kind: "dropRows", uids: [3] }],
    expected: "imap.listing",
  },
  {
    name: "a row that is left out once",
    vices: [{ kind: "dropRows", uids: [3, 5], when: { times: 1 } }],
    expected: ALL_NEW,
  },
  {
    name: "no rows at all",
    vices: [{ kind: "dropRows" }],
    expected: "imap.listing",
  },
  {
    name: "an empty listing against EXISTS",
    vices: [{ kind: "emptyListing" }],
    expected: "imap.listing",
  },
  {
    name: "an empty listing, once",
    vices: [{ kind: "emptyListing", when: { times: 1 } }],
    expected: ALL_NEW,
  },
  {
    name: "a message that neither FETCH nor SEARCH tells of",
    vices: [{ kind: "dropRows", uids: [3] }, {
      kind: "searchOmits",
      uids: [3],
    }],
    expected: "imap.listing",
  },
  {
    name: "a SEARCH that leaves something out",
    vices: [{ kind: "searchOmits", uids: [3] }],
    expected: ALL_NEW,
  },
  {
    name: "EXISTS too large",
    vices: [{ kind: "existsMore", by: 2 }],
    expected: "imap.listing",
  },
  {
    name: "rows that come twice",
    vices: [{ kind: "duplicateRows" }],
    expected: ALL_NEW,
  },
  {
    name: "rows in no order",
    vices: [{ kind: "shuffleRows" }],
    expected: ALL_NEW,
  },
  {
    name: "rows in pieces",
    vices: [{ kind: "splitRows" }],
    details: true,
    expected: ALL_NEW,
  },
  {
    name: "sizes that lie",
    vices: [{ kind: "lieSize", size: 0 }],
    details: true,
    expected: ALL_NEW,
  },
  {
    name: "rubbish between rows",
    vices: [{ kind: "garbage", at: "middle" }],
    expected: ALL_NEW,
  },
  {
    name: "EXPUNGE of what is still there",
    vices: [{ kind: "unsolicited", lines: ["3 EXPUNGE"], at: "middle" }],
    expected: ALL_NEW,
  },
  {
    name: "VANISHED of everything",
    vices: [{
      kind: "unsolicited",
      lines: ["VANISHED 1:4294967294"],
      when: { command: "UID FETCH" },
    }],
    expected: ALL_NEW,
  },
  {
    name: "VANISHED of everything with the SELECT",
    vices: [{
      kind: "unsolicited",
      lines: ["VANISHED 1:4294967294"],
      at: "after",
      when: { command: "SELECT" },
    }],
    expected: ALL_NEW,
  },
  {
    name: "EXISTS that grows out of nothing",
    vices: [{
      kind: "unsolicited",
      lines: ["9 EXISTS"],
      when: { command: "UID FETCH" },
    }],
    expected: ALL_NEW,
  },
  {
    name: "EXISTS that shrinks to nothing",
    vices: [{
      kind: "unsolicited",
      lines: ["0 EXISTS"],
      at: "after",
      when: { command: "SELECT" },
    }],
    expected: "imap.listing",
  },
  {
    name: "a row of a message that is not there",
    vices: [{
      kind: "unsolicited",
      lines: ["9 FETCH (UID 99 FLAGS (\\Seen))"],
      when: { command: "UID FETCH" },
    }],
    expected: ALL_NEW,
  },
  {
    name: "no mod-sequences, against what was promised",
    vices: [{ kind: "noModSeq" }],
    expected: ALL_NEW,
  },
];

for (const profile of ["dovecot", "bare"] as const) {
  for (const { name, vices, details = false, expected } of LISTINGS) {
    Deno.test(`observe() on ${profile} with ${name} concludes nothing wrong`, () =>
      on({ profile, store: { details } }, async (scene) => {
        for (const vice of vices) scene.server.vices.add(vice);
        const seen = await see(scene);
        if ("error" in seen) {
          assert.equal(seen.error.code, expected);
          assert.equal(seen.error.scope, "mailbox");
          assert.equal(seen.error.retry, "later");
          return;
        }
        assert.deepEqual(seen.absent, []);
        assert.deepEqual(short(seen.changes), []);
        const again = await see(scene, NOTHING);
        assert("changes" in again, `${Deno.inspect(again)}`);
        assert.deepEqual(short(again.changes), expected);
      }));
  }
}

/** What QRESYNC and CONDSTORE can be made to say of a mailbox that changed. */
const RESYNCS: readonly { name: string; vices: readonly Vice[] }[] = [
  { name: "VANISHED of everything", vices: [{ kind: "vanishAll" }] },
  { name: "no VANISHED", vices: [{ kind: "vanishNone" }] },
  { name: "no mod-sequences", vices: [{ kind: "noModSeq" }] },
  {
    // Of a change of flags nothing else tells; of new messages UIDNEXT does.
    name: "a new message left out once",
    vices: [{ kind: "dropRows", uids: [6], when: { times: 1 } }],
  },
  {
    name: "rows twice",
    vices: [{ kind: "duplicateRows" }],
  },
  {
    name: "VANISHED (EARLIER) of what is there",
    vices: [{
      kind: "unsolicited",
      lines: ["VANISHED (EARLIER) 1,3:4"],
      when: { command: "SELECT" },
    }],
  },
  {
    name: "rubbish in the SELECT, once",
    vices: [{ kind: "garbage", when: { command: "SELECT", times: 1 } }],
  },
];

for (const qresync of [true, false]) {
  const how = qresync ? "QRESYNC" : "CONDSTORE alone";
  for (const { name, vices } of RESYNCS) {
    Deno.test(`observe() from a token by ${how} with ${name} misses nothing`, () =>
      on({ profile: { qresync } }, async (scene) => {
        const { server, test } = scene;
        const first = await look(test.store);
        const known = after(first);
        const inbox = server.mailbox("INBOX");
        inbox.expunge(2);
        inbox.append(mail("6"));
        inbox.setFlags(4, ["\\Seen"]);
        inbox.append(mail("7"));
        inbox.expunge(7);
        for (const vice of vices) server.vices.add(vice);
        let seen = await see(scene, known, first.token);
        if ("error" in seen) {
          assert.equal(seen.error.scope, "mailbox");
          seen = await see(scene, known, first.token);
        }
        assert("changes" in seen, Deno.inspect(seen));
        assert.deepEqual(short(seen.changes), ["*4 \\Seen", "+6", "-2"]);
        assert.deepEqual(seen.absent, [2]);
      }));
  }

  Deno.test(`observe() from a token by ${how} does not believe that all has vanished`, () =>
    on({ profile: { qresync } }, async (scene) => {
      const { token } = await look(scene.test.store);
      scene.server.mailbox("INBOX").setFlags(4, ["\\Seen"]);
      scene.server.vices.add({ kind: "vanishAll" });
      const seen = await see(scene, KNOWN, token);
      assert("changes" in seen);
      assert.deepEqual(short(seen.changes), ["*4 \\Seen"]);
    }));

  Deno.test(`observe() from a token by ${how} lists all when a row cannot be read`, () =>
    on({ profile: { qresync } }, async (scene) => {
      const { token } = await look(scene.test.store);
      scene.server.mailbox("INBOX").setFlags(4, ["\\Seen"]);
      // As if the row of 4 were broken: it never comes with CHANGEDSINCE.
      scene.server.vices.add({
        kind: "dropRows",
        when: { command: "UID FETCH", nth: 1 },
      });
      scene.server.vices.add({
        kind: "garbage",
        bytes: "* 4 FETCH (UID 4 FLAGS (\r\n",
        when: { command: /^(SELECT|UID FETCH)$/, nth: qresync ? 1 : 2 },
      });
      let seen = await see(scene, KNOWN, token);
      if ("error" in seen) {
        assert.equal(seen.error.code, "imap.malformed");
        seen = await see(scene, KNOWN, token);
      }
      assert("changes" in seen);
      assert.deepEqual(short(seen.changes), ["*4 \\Seen"]);
    }));
}

Deno.test("confirmAbsent() needs SEARCH and FETCH to agree that a message is gone", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    server.vices.add({ kind: "searchOmits" });
    assert.deepEqual([...await mailbox.confirmAbsent(UIDS)], []);
    server.vices.clear();
    server.vices.add({ kind: "dropRows" });
    assert.deepEqual([...await mailbox.confirmAbsent(UIDS)], []);
  }));

Deno.test("confirmAbsent() fails when the server refuses to search", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    for (const reply of ["NO", "BAD"] as const) {
      const command = "UID SEARCH";
      const vice = server.vices.add({
        kind: "refuse",
        reply,
        when: { command },
      });
      const error = await failureOf(mailbox.confirmAbsent([1, 99]));
      assert.equal(error.scope, "mailbox");
      vice.remove();
    }
    // Some refuse to FETCH what is not there: then SEARCH alone must do.
    server.vices.add({
      kind: "refuse",
      reply: "NO",
      when: { command: "UID FETCH" },
    });
    assert.deepEqual([...await mailbox.confirmAbsent([1, 99])], [99]);
  }));

Deno.test("observe() after a new UIDVALIDITY takes nothing from before", () =>
  on({}, async (scene) => {
    const { server, test } = scene;
    const first = await look(test.store);
    server.vices.add({ kind: "newUidValidity" });
    server.cutAll();
    const since = first.token ?? "";
    await using mailbox = await open(test.store, "INBOX", { since });
    assert.notEqual(`${mailbox.validity}`, since.split(":")[0]);
    const changes = await mailbox.observe(NOTHING, since);
    assert.deepEqual(short(changes), ALL_NEW);
    assert.notEqual(changes.token, since);
  }));

Deno.test("A mailbox that gets a new UIDVALIDITY while it is open changes nothing any more", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    server.mailbox("INBOX").setUidValidity();
    const error = await failureOf(mailbox.remove([1, 2]));
    assert.equal(error.scope, "account");
    assert.equal(error.retry, "now");
    assert.equal(server.mailbox("INBOX").count, 5);
    assert((await failureOf(mailbox.confirmAbsent([1]))) instanceof MailError);
  }));

Deno.test("list() throws when the connection breaks between the mailboxes", () =>
  on({ profile: "bare" }, async ({ server, test }) => {
    server.vices.add({
      kind: "cutBefore",
      when: { command: "STATUS", nth: 2 },
    });
    const error = await failureOf(test.store.list());
    assert.equal(error.scope, "account");
    server.vices.clear();
    const listed = await test.store.list();
    assert.equal(listed.length, 3);
    assert(listed.every(({ token }) => token !== undefined));
  }));

for (
  const { name, vice, token } of [
    {
      name: "a mailbox that refuses STATUS",
      vice: { kind: "refuseSelect", mailbox: "other" },
      token: false,
    },
    {
      name: "rows that cannot be read",
      vice: { kind: "listRows", rows: ["LIST (", "LIST () NIL", "STATUS x"] },
      token: true,
    },
    {
      name: "a mailbox listed twice",
      vice: { kind: "listRows", rows: ['LIST () "/" other'] },
      token: true,
    },
    {
      name: "no UIDNEXT",
      vice: { kind: "dropStatusItems", items: ["UIDNEXT"] },
      token: false,
    },
  ] satisfies { name: string; vice: Vice; token: boolean }[]
) {
  for (const profile of ["dovecot", "bare"] as const) {
    Deno.test(`list() on ${profile} with ${name} fails as a whole, or lists all once`, () =>
      on({ profile }, async ({ server, test }) => {
        server.vices.add(vice);
        const listed = await test.store.list().catch((error) => {
          assert(error instanceof MailError);
          return undefined;
        });
        if (listed === undefined) return;
        const names = listed.map((mailbox) => mailbox.name).sort();
        assert.deepEqual(names, ["INBOX", "other", "target"]);
        const other = listed.find((mailbox) => mailbox.name === "other");
        assert.equal(other?.token !== undefined, token);
      }));
  }
}

Deno.test("open() of a refused or throttled mailbox says so, and others go on", () =>
  on({}, async ({ server, test }) => {
    const refused = server.vices.add({
      kind: "refuseSelect",
      mailbox: "INBOX",
    });
    const error = await failureOf(open(test.store));
    assert.equal(error.code, "imap.open");
    assert.equal(error.scope, "mailbox");
    await look(test.store, NOTHING, undefined, "other");
    refused.remove();
    server.vices.add({
      kind: "throttle",
      forMs: 60_000,
      when: { command: "SELECT" },
    });
    const throttled = await failureOf(open(test.store));
    assert.equal(throttled.retry, "later");
    assert.equal(throttled.scope, "account");
  }));

Deno.test("open() tries again on a new connection when the one that idled is dead", () =>
  on({}, async ({ server, test }) => {
    await look(test.store);
    // It dies at the very command, so that nothing could be known before.
    server.vices.add({
      kind: "cutBefore",
      when: { command: "SELECT", times: 1 },
    });
    assert.equal((await look(test.store)).total, 5);
    assert.equal(test.sessions.length, 2);
    // A new connection that breaks is a failure.
    server.vices.add({ kind: "cutBefore", when: { command: "SELECT" } });
    assert.equal((await failureOf(look(test.store))).scope, "account");
    assert.equal(test.sessions.length, 3);
  }));

Deno.test("open() that waits for a connection can be aborted, and loses none", () =>
  on({}, async ({ test }) => {
    const stop = new AbortController();
    {
      await using _held = await open(test.store);
      const waiting = open(test.store, "other", { signal: stop.signal });
      stop.abort(new Error("enough"));
      await assert.rejects(waiting, /enough/);
      const aborted = { signal: AbortSignal.abort() };
      await assert.rejects(open(test.store, "other", aborted));
    }
    assert.equal((await look(test.store)).total, 5);
    assert.equal(test.sessions.length, 1);
  }));

Deno.test("A mailbox that is closed twice gives its connection back once", () =>
  on({}, async ({ test }) => {
    const first = await open(test.store);
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    await using _held = await open(test.store);
    const stop = new AbortController();
    const second = open(test.store, "other", { signal: stop.signal });
    // Time enough for a second user of the one connection, were there one.
    await test.store.options.openSession().then(({ transport }) =>
      transport.destroy()
    );
    stop.abort(new Error("nobody else"));
    await assert.rejects(second, /nobody else/);
  }));

/** Vices of bodies: which message comes how. */
const BODIES: readonly {
  name: string;
  vices: readonly Vice[];
  /** UIDs that come with the bytes that the server has. */
  good: readonly number[];
}[] = [
  {
    name: "NIL for a body",
    vices: [{ kind: "nilBodies", uids: [3] }],
    good: [1, 2, 4, 5],
  },
  {
    name: "rows never sent",
    vices: [{ kind: "dropRows", uids: [2] }],
    good: [1, 3, 4, 5],
  },
  {
    name: "rows left out once",
    vices: [{ kind: "dropRows", uids: [2, 3], when: { times: 1 } }],
    good: UIDS,
  },
  {
    name: "an empty answer, once",
    vices: [{ kind: "emptyListing", when: { times: 1 } }],
    good: UIDS,
  },
  { name: "rows twice", vices: [{ kind: "duplicateRows" }], good: UIDS },
  { name: "rows in no order", vices: [{ kind: "shuffleRows" }], good: UIDS },
  {
    name: "flags and bodies apart",
    vices: [{ kind: "splitRows" }],
    good: UIDS,
  },
  {
    name: "sizes that lie",
    vices: [{ kind: "lieSize", delta: -7 }],
    good: UIDS,
  },
  {
    name: "bodies as quoted strings",
    vices: [{ kind: "quotedBodies" }],
    good: [],
  },
  {
    name: "bodies as quoted strings, once",
    vices: [{ kind: "quotedBodies", when: { times: 1 } }],
    good: UIDS,
  },
  {
    name: "rubbish in the middle",
    vices: [{ kind: "garbage", at: "middle" }],
    good: UIDS,
  },
  {
    name: "news of other messages in the middle",
    vices: [{
      kind: "unsolicited",
      at: "middle",
      lines: [
        "2 FETCH (FLAGS (\\Seen))",
        "4 FETCH (UID 4 FLAGS ())",
        "1 EXPUNGE",
        "9 EXISTS",
      ],
    }],
    good: UIDS,
  },
];

for (const { name, vices, good } of BODIES) {
  Deno.test(`fetch() with ${name} brings what is right and reports the rest`, () =>
    on({}, async ({ server, test }) => {
      await using mailbox = await open(test.store);
      for (const vice of vices) server.vices.add(vice);
      const { got, failures } = await fetchTexts(mailbox, UIDS);
      assert.deepEqual([...got.keys()].sort(), good);
      for (const uid of good) assert.equal(got.get(uid)?.text, mail(`${uid}`));
      const bad = UIDS.filter((uid) => !good.includes(uid));
      assert.deepEqual(failures.map(({ ref }) => ref).sort(), bad);
      for (const { error } of failures) {
        assert(error instanceof MailError);
        assert.equal(error.scope, "message");
        assert.equal(error.retry, "later");
      }
    }));
}

Deno.test("fetch() tells what was expunged meanwhile from what is kept back", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    const done = server.onCommand(({ name }) => {
      if (name === "UID FETCH") server.mailbox("INBOX").expunge([3, 4]);
    });
    const { got, failures } = await fetchTexts(mailbox, UIDS);
    done();
    assert.deepEqual([...got.keys()], [1, 2, 5]);
    assert.deepEqual(
      failures.map(({ ref, error }) => [ref, (error as MailError).code]),
      [[3, "imap.gone"], [4, "imap.gone"]],
    );
  }));

for (const delta of [-3, 7]) {
  Deno.test(`fetch() of a literal ${delta} bytes off ends the connection, or the message, not the truth`, () =>
    on({ store: { timeoutMs: 300 } }, async ({ server, test }) => {
      server.vices.add({ kind: "lieLiteral", uids: [3], delta });
      await using mailbox = await open(test.store);
      const got = new Map<unknown, string>();
      await mailbox.fetch(UIDS, async ({ ref, body }) => {
        const [bytes] = await Array.fromAsync(body.chunks());
        got.set(ref, new TextDecoder().decode(bytes));
      }, { concurrency: 2 }).catch((error) => {
        assert(error instanceof MailError);
        assert.equal(error.scope, "account");
      });
      // The announced length is all there is to go by: 3 itself may be wrong.
      for (const [ref, text] of got) {
        if (ref !== 3) assert.equal(text, mail(`${ref}`));
      }
    }));
}

Deno.test("fetch() of a large message whose UID comes after it fetches it again, alone", () =>
  on({}, async ({ server, test }) => {
    const text = mail("large", "x".repeat(3_000_000));
    const uid = server.mailbox("INBOX").append(text);
    // Then flags, date and body are in rows of their own.
    server.vices.add({ kind: "splitRows" });
    await using mailbox = await open(test.store);
    server.log.clear();
    const { got, failures } = await fetchTexts(mailbox, [1, uid, 5]);
    assert.deepEqual(failures, []);
    assert.deepEqual([...got.keys()].sort(), [1, 5, uid]);
    assert.equal(got.get(uid)?.text, text);
    assert(got.get(uid)?.internalDate);
    assert.equal(server.log.count("UID FETCH"), 3);
  }));

Deno.test("append() does not believe an APPENDUID that cannot be", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    const { uidValidity } = server.mailbox("INBOX");
    for (
      const code of [
        "APPENDUID 999 6",
        `APPENDUID ${uidValidity} 3`,
        `APPENDUID ${uidValidity} 6:7`,
        `APPENDUID ${uidValidity} 0`,
        "APPENDUID",
        "APPENDUID x y",
      ]
    ) {
      const done = server.onCommand(({ name }) =>
        name === "APPEND" ? { status: "OK", code, text: "Done" } : undefined
      );
      assert.equal(await mailbox.append(messageOf(mail("x"))), undefined, code);
      done();
    }
    assert.equal(await mailbox.append(messageOf(mail("6"))), 6);
    const code = `APPENDUID ${uidValidity} 6`;
    const done = server.onCommand(({ name }) =>
      name === "APPEND" ? { status: "OK", code, text: "Done" } : undefined
    );
    assert.equal(await mailbox.append(messageOf(mail("7"))), undefined);
    done();
  }));

Deno.test("identify() asks again for what did not come, and leaves out what is gone", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    const keys = async () =>
      (await Array.fromAsync(mailbox.identify([...UIDS, 77])))
        .map(({ ref }) => ref).sort();
    const when = { command: "UID FETCH", times: 1 };
    for (
      const vice of [
        { kind: "dropRows", uids: [2, 4], when },
        { kind: "nilBodies", uids: [2], when },
        { kind: "emptyListing", when },
        { kind: "refuse", reply: "NO", when },
      ] satisfies Vice[]
    ) {
      server.vices.add(vice);
      assert.deepEqual(await keys(), UIDS);
    }
    server.vices.add({ kind: "dropRows", uids: [3] });
    assert.deepEqual(await keys(), [1, 2, 4, 5]);
    server.vices.clear();
    server.mailbox("INBOX").expunge([1, 5]);
    assert.deepEqual(await keys(), [2, 3, 4]);
    server.vices.add({ kind: "refuse", reply: "NO" });
    assert.equal((await failureOf(keys())).scope, "mailbox");
  }));

Deno.test("fetch() of messages that are all gone, to a server that says NO to it", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    server.mailbox("INBOX").expunge([2, 3]);
    const { got, failures } = await fetchTexts(mailbox, [2, 3]);
    assert.equal(got.size, 0);
    assert.deepEqual(
      failures.map(({ error }) => (error as MailError).code),
      ["imap.gone", "imap.gone"],
    );
    server.vices.add({
      kind: "refuse",
      reply: "NO",
      when: { command: "UID FETCH" },
    });
    // A server that does not let its messages be read: one failure, not a thousand.
    const error = await failureOf(fetchTexts(mailbox, [1, 4]));
    assert.deepEqual([error.code, error.scope], ["imap.no", "mailbox"]);
  }));

for (const how of ["missing", "late"] as const) {
  Deno.test(`append() with APPENDUID ${how} leaves the message to be found`, () =>
    on({}, async ({ server, test }) => {
      server.vices.add({ kind: "appendUid", how });
      await using mailbox = await open(test.store);
      assert.equal(await mailbox.append(messageOf(mail("6"))), undefined);
      assert.equal(await mailbox.append(messageOf(mail("7"))), undefined);
      const refs = await mailbox.refsFrom(mailbox.nextRef);
      assert.deepEqual(refs, [6, 7]);
      const found = await Array.fromAsync(mailbox.identify(refs));
      assert.deepEqual(
        found.map(({ key }) => key),
        ["<6@example.org>", "<7@example.org>"],
      );
    }));
}

Deno.test("append() tells refusals for good from passing ones", () =>
  on({ profile: { appendLimit: 1_000 } }, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    const large = await failureOf(
      mailbox.append(messageOf(mail("x", "y".repeat(2_000)))),
    );
    assert.deepEqual([large.code, large.retry], ["imap.too-big", "never"]);
    assert.equal(server.log.count("APPEND"), 0);
    const cases = [
      ["OVERQUOTA", "imap.quota", "message", "later"],
      ["TRYCREATE", "imap.refused", "message", "later"],
      ["TOOBIG", "imap.refused", "message", "never"],
      ["NOPERM", "imap.refused", "mailbox", "never"],
      ["LIMIT", "imap.refused", "message", "later"],
    ] as const;
    for (const [code, expected, scope, retry] of cases) {
      const vice = server.vices.add({ kind: "refuseAppend", code });
      const error = await failureOf(mailbox.append(messageOf(mail("x"))));
      assert.deepEqual(
        [error.code, error.scope, error.retry],
        [expected, scope, retry],
      );
      vice.remove();
    }
    // Refused at its literal, before it was sent.
    assert.equal(server.mailbox("INBOX").count, 5);
    assert.equal(await mailbox.append(messageOf(mail("6"))), 6);
  }));

Deno.test("remove() does not count as removed what is still there", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    const done = server.onCommand(({ name }) =>
      name === "UID EXPUNGE" ? { status: "OK", text: "Of course" } : undefined
    );
    const outcome = await mailbox.remove([1, 2]);
    assert.deepEqual(outcome, { removed: [], marked: [1, 2] });
    done();
    server.vices.add({
      kind: "refuse",
      reply: "NO",
      when: { command: "UID STORE" },
    });
    const error = await failureOf(mailbox.remove([3]));
    assert.deepEqual([error.code, error.scope], ["imap.remove", "mailbox"]);
    assert.equal(server.mailbox("INBOX").count, 5);
  }));

Deno.test("remove() without UIDPLUS sends no EXPUNGE when it cannot see what is marked", () =>
  on({ profile: { uidplus: false } }, async ({ server, test }) => {
    server.mailbox("INBOX").setFlags(5, ["\\Deleted"]);
    await using mailbox = await open(test.store);
    // It does not tell of the mark of 5; nor of anything.
    server.vices.add({
      kind: "refuse",
      reply: "NO",
      when: { command: "UID SEARCH" },
    });
    await failureOf(mailbox.remove([1]));
    assert.equal(server.log.count("EXPUNGE"), 0);
    assert.equal(server.mailbox("INBOX").count, 5);
  }));

Deno.test("changeFlags() of a refused STORE fails for its messages alone", () =>
  on({}, async ({ server, test }) => {
    await using mailbox = await open(test.store);
    server.vices.add({
      kind: "refuse",
      reply: "NO",
      code: "LIMIT",
      when: { command: "UID STORE", nth: 1 },
    });
    const failures = await mailbox.changeFlags([
      { ref: 1, delta: { add: flagsOf(["One"]), remove: NO_FLAGS } },
      { ref: 2, delta: { add: flagsOf(["Two"]), remove: NO_FLAGS } },
    ]);
    assert.deepEqual(failures.map(({ ref }) => ref), [1]);
    const [failure] = failures;
    assert(failure?.error instanceof MailError);
    assert.equal(failure.error.scope, "message");
    assert.deepEqual(server.mailbox("INBOX").message(2)?.flags, ["Two"]);
  }));

Deno.test("The store ends soon although the server does not say goodbye", async () => {
  await using server = startImapServer({
    vices: [{ kind: "stall", at: "before", when: { command: "LOGOUT" } }],
    mailboxes: [{ name: "INBOX" }],
  });
  const test = openImapStore(server);
  const { store } = test;
  await look(store);
  // One is on loan, one idles, one is waited for.
  const held = await open(store);
  await look(store);
  const second = await open(store);
  const waiting = open(store).catch((error) => error);
  await second[Symbol.asyncDispose]();
  const third = await waiting;
  const start = performance.now();
  await store[Symbol.asyncDispose]();
  assert(performance.now() - start < 4_000);
  assert.equal(test.openSockets, 0);
  assert.equal((await failureOf(look(store))).code, "imap.store-closed");
  assert.equal((await failureOf(held.confirmAbsent([1]))).code, "imap.closed");
  await held[Symbol.asyncDispose]();
  await third[Symbol.asyncDispose]();
});

Deno.test("canHold() tells keywords that the server has not, where it takes no new ones", () =>
  on({ profile: "exchange" }, async ({ test }) => {
    await using mailbox = await open(test.store);
    for (const flag of ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted"]) {
      assert.equal(mailbox.canHold(flag), true, flag);
    }
    for (const flag of ["Work", "$Label1", "\\Recent"]) {
      assert.equal(mailbox.canHold(flag), false, flag);
    }
  }));
